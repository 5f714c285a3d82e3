"""Confines the process that runs a plan's night to what is that plan's: the kernel refuses it everything else.

That no code path leads from one plan to another is then no question of code. It holds for the thread that calls this
and for every thread and process that is started from it afterwards, so it is called by the main thread, before the
first of the plan's files is opened for work. Not held back are a look at size and time of a file whose name is known,
and a change of its mode: only an account of its own for each plan does that.
"""

from __future__ import annotations

import sys
from collections.abc import Container, Mapping
from pathlib import Path

from pipelines.config import Addressees, ExchangeConfig, read_roster
from pipelines.durable import make_folders
from pipelines.fleet.own import own_environment
from pipelines.fleet.read import Fleet, FleetPlan
from pipelines.homes import landlock
from pipelines.homes.landlock import Right
from pipelines.homes.reach import Place, Reach, reach_of, shared, territory
from pipelines.homes.variables import CONFINE_VARIABLE, WORK_VARIABLE
from schemas.problems import ConfigurationError, ExchangeError

_LEAST = 2
"""Before this version no file could be renamed into another folder, and a night does that."""


def confine(
    plan: FleetPlan, config: ExchangeConfig, *, fleet: Fleet, place: Place, environment: Mapping[str, str]
) -> None:
    """Let this thread, and all that it starts, open what a night of the plan needs and nothing else, for good.

    Folders that the night writes into are made. A fleet that is `unconfined` is left as it is.

    Raises
    ------
    ConfigurationError
        S41 when something of the plan lies where every plan's nights can read, S42 when it lies where another plan's
        can, or something of another plan where this one's can; and when providers or secrets cannot be read.
    ExchangeError
        S40 when this machine cannot confine a process.
    """
    if fleet.unconfined:
        return
    known = confining(landlock.version())
    roster, secrets = read_roster(config.delivery.providers), own_environment(plan)
    reach = reach_of(plan, config, roster, fleet=fleet, place=place, secrets=secrets, environment=environment)
    refuse_mixed(plan, fleet, reach)
    _restrict(reach, known)


def confine_word(
    plan: FleetPlan, known: ExchangeConfig | Addressees, *, fleet: Fleet, place: Place, environment: Mapping[str, str]
) -> None:
    """Confine who only tells people how a plan's nights went: also of a plan, or on a machine, that `confine` refuses.

    `known` is what can be known of the plan's configuration.

    Raises
    ------
    ConfigurationError
        When the plan's secrets cannot be read.
    ExchangeError
        S40 when the kernel refuses what it says it can.
    """
    version = landlock.version()
    if fleet.unconfined or version < _LEAST:
        return
    secrets = own_environment(plan)
    _restrict(reach_of(plan, known, None, fleet=fleet, place=place, secrets=secrets, environment=environment), version)


def is_told(environment: Mapping[str, str]) -> bool:
    """Tell whether a process is to confine itself."""
    return environment.get(CONFINE_VARIABLE) == "1"


def place_of(fleet_file: Path, environment: Mapping[str, str]) -> Place:
    """Tell what a process has in common with those of other plans."""
    records, work = (environment.get(name) for name in ("DAGSTER_HOME", WORK_VARIABLE))
    return Place(fleet_file, Path(records) if records else None, Path(work) if work else None)


def confining(version: int) -> int:
    """Return a version of Landlock by which a process can be confined.

    Raises
    ------
    ExchangeError
        S40 when it is too old, or 0: there is none.
    """
    if version < _LEAST:
        why = "needs Linux" if sys.platform != "linux" else "needs Linux 5.19 or later, booted with Landlock"
        raise _not_here(why)
    return version


def refuse_mixed(plan: FleetPlan, fleet: Fleet, reach: Reach) -> None:
    """Refuse a plan whose files are not apart from what others' nights can read; no other's configuration is read.

    Raises
    ------
    ConfigurationError
        S41 or S42, with the place.
    """
    folders = {path.resolve() for path, right in reach.common.items() if right & Right.READ and path.is_dir()}
    own = {path.resolve() for path in (*reach.read, *reach.written)}
    for path in sorted(own):
        if (common := _first_around(path, folders)) is not None:
            raise ConfigurationError(
                "S41",
                "it belongs to a plan, and lies in a folder that every plan's nights can read",
                where=str(path),
                remedy=f"Move it out of {common}.",
            )
    others = {territory(other): other for other in fleet.plans if other.id != plan.id}
    for path in sorted(own | {path.resolve() for path in reach.given}):
        theirs = _first_around(path, others)
        if theirs is not None and not shared(theirs, others[theirs], fleet):
            raise _within(path)
    for path in reach.written:
        if shared(path.resolve(), plan, fleet):
            raise _within(path)


def _first_around(path: Path, folders: Container[Path]) -> Path | None:
    return next((each for each in (path, *path.parents) if each in folders), None)


def _within(path: Path) -> ConfigurationError:
    return ConfigurationError(
        "S42",
        "files of two plans lie within one another here",
        where=str(path),
        remedy="Let each plan keep its files in a folder of its own, beside those of the others.",
    )


def _restrict(reach: Reach, known: int) -> None:
    try:
        for folder in reach.made:
            make_folders(folder)
        landlock.restrict(reach.rights(), known)
    except OSError as refusal:
        raise _not_here(f"the kernel refuses it ({refusal.strerror})") from None


def _not_here(why: str) -> ExchangeError:
    return ExchangeError(
        "S40",
        f"a night cannot be confined to its plan on this machine: {why}",
        remedy="Run it where it can, or say `unconfined = true` in the fleet file, and `fleet status` tells of it.",
    )
