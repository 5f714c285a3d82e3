"""`fleet status` where workers run the nights: a queue that nobody serves is told before a night is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dagster_project.fleet.rehearsal.parts import Part
from pipelines.fleet import Stands, read_fleet
from pipelines.fleet.queues import with_seats
from pipelines.fleet.standing import PlanStanding
from pipelines.homes.seats import seated
from schemas.problems import ExitCode
from tests.pipelines.cli.conftest import Command


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Two plans, each with a queue of its own, whose configurations cannot be read here."""
    plans = [
        f'[[plans]]\nid = "{each}"\nconfig = "{each}.toml"\nqueue = "of-{each.lower()}"\n' for each in ("ONE", "TWO")
    ]
    (tmp_path / "fleet.toml").write_text("\n".join(['name = "A bureau"', *plans]), encoding="utf-8")
    return tmp_path / "fleet.toml"


def test_a_plan_that_no_worker_is_there_for_is_told_whatever_else_it_needs(
    fleet: Path, database: Part, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECM_EXCHANGE_DATABASE", database.url)
    with seated(database.url, "worker", ["of-one"], 1):
        told = command("fleet", "status", "--fleet", fleet, "--json")
    one, two = json.loads(told.out)
    assert told.code == ExitCode.PROBLEMS_FOUND
    assert (one["stands"], "S19" in one["says"]) == ("unreadable", False)
    assert (two["stands"], two["says"]) == ("unreadable", f"no worker serves its queue of-two (S19); {one['says']}")
    assert "ecm-exchange fleet worker --queue of-two" in two["do"]


def test_a_database_that_is_away_is_told_of_each_plan_and_hides_none(
    fleet: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECM_EXCHANGE_DATABASE", "postgresql://ecm@127.0.0.1:1/none")
    told = json.loads(command("fleet", "status", "--fleet", fleet, "--json").out)
    assert [("S12" in each["says"], "C01" in each["says"]) for each in told] == [(True, True)] * 2


def test_a_plan_that_stands_right_does_so_no_more_without_a_worker(fleet: Path) -> None:
    plans = read_fleet(fleet)
    right = [PlanStanding(plan.id, plan.config, "A plan", Stands.RIGHT, "Right.") for plan in plans.plans]
    one, two = with_seats(plans, right, {"of-one": 1})
    assert (one.stands, one.do) == (Stands.RIGHT, "")
    assert (two.stands, two.says) == (Stands.UNSERVED, "no worker serves its queue of-two (S19)")
