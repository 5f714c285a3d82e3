"""What is done for one plan between its nights, in a process that is this plan's: a look, a watch, a word to people.

It answers with counts, codes and sentences of this project. Nothing of Dagster's is needed here, and none is loaded.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from dagster_project.look import look, recorded_files
from pipelines import alerts
from pipelines.config import Addressees, read_addressees
from pipelines.containment import as_problem, contain
from pipelines.fleet import read_fleet
from pipelines.fleet.own import as_plan, in_environment, own_config, own_environment
from pipelines.fleet.read import FleetPlan

Asked = Mapping[str, Any]


def answer(pipe: Connection, fleet: str, named: str, errand: str, asked: Asked) -> None:
    """Do an errand for a plan and send what came of it: `answer`, or `problem` with code, sentence and remedy."""
    os.setsid()  # whoever ends this process ends with it what it has started
    contain()
    try:
        told: Asked = {"answer": _ERRANDS[errand](read_fleet(Path(fleet)).plan(named), asked)}
    except Exception as failure:  # noqa: BLE001 - whatever it is, its message may hold data and must not go on
        problem = as_problem(failure)
        told = {"problem": [problem.code, problem.what, problem.remedy]}
    pipe.send_bytes(json.dumps(told).encode())


def _look(plan: FleetPlan, _: Asked) -> Asked:
    """Look for new files at the plan's partners."""
    with as_plan(plan) as config:
        seen = look(config, recorded_files(config), time.time())
    refused = [(source, problem.code, problem.what, problem.remedy) for source, problem in seen.refused]
    return {**asdict(seen), "refused": refused}


def _watch(plan: FleetPlan, _: Asked) -> Asked:
    """Tell people of a night that is missing by their hour."""
    with in_environment(own_environment(plan)):
        seen = alerts.check(_addressees(plan), datetime.now(UTC), os.environ)
    return {"says": " ".join((f"{seen.sentence()}.", *seen.untold))}


def _tell(plan: FleetPlan, asked: Asked) -> Asked:
    """Tell people of a run that was lost."""
    on, why = date.fromisoformat(asked["on"]), asked["why"]
    with in_environment(own_environment(plan)):
        return {"untold": alerts.tell_of_lost_run(_addressees(plan), on, os.environ, tuple(why) if why else None)}


def _addressees(plan: FleetPlan) -> Addressees:
    """Who is told of this plan, also where the rest of its configuration is what is wrong."""
    found = read_addressees(plan.config)
    return found if found is not None and found.plan == plan.id else own_config(plan).addressees


_ERRANDS: Mapping[str, Callable[[FleetPlan, Asked], Asked]] = {"look": _look, "watch": _watch, "tell": _tell}
