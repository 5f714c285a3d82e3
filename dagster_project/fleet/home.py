"""Dagster's own folder for a fleet, beside the fleet file: what it keeps of every plan's runs, and nobody's data."""

from __future__ import annotations

import os
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from dagster_project.home import prepare_dagster_home
from dagster_project.resources import FLEET_VARIABLE
from pipelines.fleet import read_fleet
from pipelines.homes.database import of_driver
from pipelines.homes.variables import BROKER_VARIABLE, CONFINE_VARIABLE, DATABASE_VARIABLE
from schemas.problems import ConfigurationError

_ALONE = files("dagster_project.fleet").joinpath("dagster.yaml")
_WITH_WORKERS = files("dagster_project.fleet").joinpath("workers.yaml")

_AT_ONCE = "128"
"""What Dagster may ask of the graph at the same time: looks at many plans wait for partners, and nothing for them."""


def environment_of_fleet(fleet: Path) -> dict[str, str]:
    """Prepare Dagster's folder beside the fleet file, or what DAGSTER_HOME names; return the environment on top of it.

    Where ECM_EXCHANGE_DATABASE is set, nights are run by workers; elsewhere by this machine.

    Raises
    ------
    ConfigurationError
        When the fleet file is missing or wrong, or as `environment_of_workers` does.
    """
    if os.environ.get(DATABASE_VARIABLE):
        return environment_of_workers(fleet)
    return _prepared(fleet, "dagster", _ALONE)


def environment_of_workers(fleet: Path) -> dict[str, str]:
    """Do the same for a fleet whose nights are run by workers.

    Raises
    ------
    ConfigurationError
        S15, when the environment does not say where database and broker are.
    """
    missing = [name for name in (DATABASE_VARIABLE, BROKER_VARIABLE) if not os.environ.get(name)]
    if missing:
        raise ConfigurationError(
            "S15",
            f"nights are to be run by workers, and the environment does not say {' and '.join(missing)}",
            remedy="Set both: the addresses of the PostgreSQL and the Redis that all machines of the fleet share.",
        )
    database = of_driver(os.environ[DATABASE_VARIABLE])
    return _prepared(fleet, "workers", _WITH_WORKERS) | {DATABASE_VARIABLE: database}


def _prepared(fleet: Path, name: str, settings: Traversable) -> dict[str, str]:
    read_fleet(fleet)
    home = Path(os.environ.get("DAGSTER_HOME") or fleet.absolute().parent / "fleet" / name)
    return prepare_dagster_home(home, settings) | {
        FLEET_VARIABLE: str(fleet.absolute()),
        CONFINE_VARIABLE: "1",
        "DAGSTER_GRPC_MAX_WORKERS": _AT_ONCE,
    }
