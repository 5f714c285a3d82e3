"""Dagster's own folder for a fleet, beside the fleet file: what it keeps of every plan's runs, and nobody's data."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from dagster_project.home import prepare_dagster_home
from dagster_project.resources import FLEET_VARIABLE
from pipelines.fleet import read_fleet

_SETTINGS = files("dagster_project.fleet").joinpath("dagster.yaml")

_AT_ONCE = "128"
"""What Dagster may ask of the graph at the same time: looks at many plans wait for partners, and nothing for them."""


def environment_of_fleet(fleet: Path) -> dict[str, str]:
    """Prepare `fleet/dagster` beside the fleet file, or what DAGSTER_HOME names; return the environment on top of it.

    Raises
    ------
    ConfigurationError
        When the fleet file is missing or wrong.
    """
    read_fleet(fleet)
    home = Path(os.environ.get("DAGSTER_HOME") or fleet.absolute().parent / "fleet" / "dagster")
    return prepare_dagster_home(home, _SETTINGS) | {
        FLEET_VARIABLE: str(fleet.absolute()),
        "DAGSTER_GRPC_MAX_WORKERS": _AT_ONCE,
    }
