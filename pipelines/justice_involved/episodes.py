"""Derive steps, episodes and contradictions of the justice-involved from the facts, as of the business date."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.config import ExchangeConfig
from pipelines.enrollment.apply import lend_policy
from pipelines.identity import lend_standing_rows
from pipelines.justice_involved.machine import Machine, load_machine
from pipelines.justice_involved.walk import walk
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent


def derive_episodes(warehouse: Warehouse, config: ExchangeConfig, business_date: date) -> dict[str, int]:
    """Fill `exchange.ji_statements`, `ji_steps`, `ji_episodes` and `ji_contradictions` anew.

    Scripts turn the facts into events (`statements.sql`, `statement_events.sql`, `enrollment_words.sql`,
    `enrollment_events.sql`, `signals.sql`); the events of all members are walked through the table of states; scripts
    read episodes from the steps and compare what the sources say. Returns the number of episodes by state.
    """
    machine = load_machine()
    lend_policy(warehouse, config)
    with warehouse.transaction():
        _lend_machine(warehouse, machine)
        lend_standing_rows(warehouse)
        for script in ("statements", "statement_events", "enrollment_words", "enrollment_events", "signals"):
            warehouse.run_file(_HERE / f"{script}.sql", business_date=business_date)
        _walk_signals(warehouse, machine)
        warehouse.run_file(_HERE / "steps.sql")
        for script in ("episodes", "contradictions"):
            warehouse.run_file(_HERE / f"{script}.sql", business_date=business_date)
    return dict(warehouse.rows("SELECT state, count(*) FROM exchange.ji_episodes GROUP BY state ORDER BY state"))


def _lend_machine(warehouse: Warehouse, machine: Machine) -> None:
    for name, rows in (("states", machine.states), ("events", machine.events), ("transitions", machine.transitions)):
        table = pd.DataFrame([asdict(row) for row in rows], dtype="str")
        warehouse.lend(f"machine_{name}", table.assign(number=range(len(table))))


def _walk_signals(warehouse: Warehouse, machine: Machine) -> None:
    signals = warehouse.table("SELECT number, member, event_number FROM signals ORDER BY number")
    steps = walk(machine, signals["member"].to_numpy(), signals["event_number"].to_numpy())
    warehouse.lend("walked", pd.DataFrame({"number": signals["number"]} | steps))
