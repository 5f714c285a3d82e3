"""What is done for one plan between its nights, in a process that is this plan's: a look, a watch, a word to people.

It answers with counts, codes and sentences of this project. Nothing of Dagster's is needed here, and none is loaded.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from dagster_project.look import look, recorded_files
from pipelines import alerts
from pipelines.config import Addressees, read_addressees
from pipelines.containment import as_problem, contain
from pipelines.fleet import Fleet, read_fleet
from pipelines.fleet.at_hand import at_hand
from pipelines.fleet.own import as_plan, in_environment, own_config, own_environment
from pipelines.fleet.read import FleetPlan
from pipelines.homes.confine import confine, confine_word, is_told, place_of
from pipelines.homes.reach import Place
from schemas.problems import ExchangeError

Asked = Mapping[str, Any]


@dataclass(frozen=True)
class Errand:
    """For which plan something is done."""

    file: Path
    """The fleet file."""
    named: str

    @cached_property
    def fleet(self) -> Fleet:
        """The fleet."""
        return read_fleet(self.file)

    @property
    def plan(self) -> FleetPlan:
        """The plan."""
        return self.fleet.plan(self.named)

    @property
    def place(self) -> Place:
        """What this process has in common with those of other plans."""
        return place_of(self.file, os.environ)


def answer(pipe: Connection, fleet: str, named: str, errand: str, asked: Asked) -> None:
    """Do an errand for a plan and send what came of it: `answer`, or `problem` with code, sentence and remedy."""
    os.setsid()  # whoever ends this process ends with it what it has started
    contain()
    try:
        told: Asked = {"answer": _ERRANDS[errand](Errand(Path(fleet), named), asked)}
    except Exception as failure:  # noqa: BLE001 - whatever it is, its message may hold data and must not go on
        problem = as_problem(failure)
        told = {"problem": [problem.code, problem.what, problem.remedy]}
    pipe.send_bytes(json.dumps(told).encode())


def _look(errand: Errand, _: Asked) -> Asked:
    """Look for new files at the plan's partners."""
    with as_plan(errand.plan) as config:
        if is_told(os.environ):
            confine(errand.plan, config, fleet=errand.fleet, place=errand.place, environment=os.environ)
        with at_hand(config, os.environ):
            seen = look(config, recorded_files(config), time.time())
    refused = [(source, problem.code, problem.what, problem.remedy) for source, problem in seen.refused]
    return {**asdict(seen), "refused": refused}


def _watch(errand: Errand, _: Asked) -> Asked:
    """Tell people of a night that is missing by their hour."""
    with _home_of(errand) as addressees:
        seen = alerts.check(addressees, datetime.now(UTC), os.environ)
    return {"says": " ".join((f"{seen.sentence()}.", *seen.untold))}


def _tell(errand: Errand, asked: Asked) -> Asked:
    """Tell people of a run that was lost."""
    on, why = date.fromisoformat(asked["on"]), asked["why"]
    with _home_of(errand) as addressees:
        return {"untold": alerts.tell_of_lost_run(addressees, on, os.environ, tuple(why) if why else None)}


@contextmanager
def _home_of(errand: Errand) -> Iterator[Addressees]:
    """Give who is told of the plan, with its home where it can be read; what cannot be had is without nights."""
    plan, config = errand.plan, None
    with in_environment(own_environment(plan)), ExitStack() as stack:
        addressees = _addressees(plan)
        with suppress(ExchangeError):  # the configuration, or the depot, may be what is wrong
            config = own_config(plan)
        if is_told(os.environ):
            known = config or addressees
            confine_word(plan, known, fleet=errand.fleet, place=errand.place, environment=os.environ)
        with suppress(ExchangeError):
            if config is not None:
                stack.enter_context(at_hand(config, os.environ))
                addressees = replace(addressees, home=config.home)
        yield addressees


def _addressees(plan: FleetPlan) -> Addressees:
    """Who is told of this plan, also where the rest of its configuration is what is wrong."""
    found = read_addressees(plan.config)
    return found if found is not None and found.plan == plan.id else own_config(plan).addressees


_ERRANDS: Mapping[str, Callable[[Errand, Asked], Asked]] = {"look": _look, "watch": _watch, "tell": _tell}
