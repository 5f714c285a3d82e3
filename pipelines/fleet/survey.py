"""All plans of a fleet at a glance: each is looked at by itself, so that none hides or delays another."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from datetime import date, datetime
from itertools import combinations
from pathlib import Path

from pipelines.config import ExchangeConfig
from pipelines.containment import kind_and_place
from pipelines.fleet.at_hand import at_hand
from pipelines.fleet.own import own_config, own_environment
from pipelines.fleet.read import Fleet, FleetPlan
from pipelines.fleet.standing import PlanStanding, night_due, standing_of, unreadable
from schemas.problems import ConfigurationError, ExchangeError, refused_by_system

PATIENCE = 30.0
"""Seconds for all plans together: a disk that does not answer is told, and holds up nobody but its own plan."""

_Looked = tuple[PlanStanding, ExchangeConfig | None]


def survey(fleet: Fleet, now: datetime, as_of: date | None = None, patience: float = PATIENCE) -> list[PlanStanding]:
    """Tell how each plan stands at `now`, or when the night of `as_of` is the one that is due, in the fleet's order."""
    futures = [_begin(plan, now, as_of) for plan in fleet.plans]
    until = time.monotonic() + patience
    looked = [_ended(plan, future, until) for plan, future in zip(fleet.plans, futures, strict=True)]
    mixed = _mixed((standing.plan, config) for standing, config in looked if config is not None)
    return [
        unreadable(plan, mixed[plan.id], standing.name) if plan.id in mixed else standing
        for plan, (standing, _) in zip(fleet.plans, looked, strict=True)
    ]


def _begin(plan: FleetPlan, now: datetime, as_of: date | None) -> Future[_Looked]:
    """Look at a plan in a thread of its own; a daemon, since nobody waits for one that never comes back."""
    future: Future[_Looked] = Future()

    def work() -> None:
        future.set_result(_look(plan, now, as_of))

    threading.Thread(target=work, name=f"plan {plan.id}", daemon=True).start()
    return future


def _ended(plan: FleetPlan, future: Future[_Looked], until: float) -> _Looked:
    try:
        return future.result(timeout=max(0.0, until - time.monotonic()))
    except TimeoutError:
        silent = ExchangeError("S03", "its home did not answer in time", remedy="See whether its disk is there.")
        return unreadable(plan, silent), None


def _look(plan: FleetPlan, now: datetime, as_of: date | None) -> _Looked:
    config = None
    try:
        config = own_config(plan)
        due = as_of or night_due(now, config.plan.timezone, plan.done_by)
        secrets = own_environment(plan) if config.paths.depot is not None else {}  # who looks may be let read none
        with at_hand(config, secrets):
            return standing_of(plan, config, due), config
    except ExchangeError as problem:
        found = problem
    except OSError as refusal:
        found = refused_by_system(refusal)
    except Exception as defect:  # noqa: BLE001 - whatever is wrong with one plan, the others are told of
        kind, place = kind_and_place(type(defect), defect.__traceback__)
        found = ExchangeError("X01", f"a defect in this software ({kind} in {place})", remedy="Report it.")
    return unreadable(plan, found), config


def _mixed(read: Iterable[tuple[str, ExchangeConfig]]) -> dict[str, ConfigurationError]:
    """Find the plans of which one writes where another one does: neither is shown until they are apart."""
    problem = ConfigurationError(
        "S02",
        "it has a folder in common with another plan of the fleet",
        remedy="Give each plan a home, a folder of backups and one of pages of its own, none within another's.",
    )
    return {
        plan: problem
        for one, other in combinations(list(read), 2)
        if any(_one_in_other(mine, others) for mine in _folders(one[1]) for others in _folders(other[1]))
        for plan in (one[0], other[0])
    }


def _folders(config: ExchangeConfig) -> list[Path]:
    elsewhere = [Path(config.paths.depot)] if config.paths.depot is not None else []
    return [folder.resolve() for folder in (*config.paths.folders, *elsewhere)]


def _one_in_other(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)
