"""Dagster's own folder inside a plan's home: its settings and event store, readable by the plan's user alone."""

from __future__ import annotations

import fcntl
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import dagster as dg

from dagster_project.resources import CONFIG_VARIABLE
from pipelines.config import read_config

SETTINGS = files("dagster_project").joinpath("dagster.yaml")
"""Of the Dagster of one plan."""


def prepare_dagster_home(home: Path, shipped: Traversable = SETTINGS) -> dict[str, str]:
    """Make `home` with the shipped settings, where it has none, and return the environment Dagster needs."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = home / "dagster.yaml"
    if not settings.exists():
        settings.write_text(shipped.read_text("utf-8"), encoding="utf-8")
        settings.chmod(0o600)
    return {
        "DAGSTER_HOME": str(home.absolute()),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        # An exception's message may quote data; ours arrive as failures whose metadata says what a person needs.
        "DAGSTER_REDACT_USER_CODE_ERRORS": "1",
    }


def make_databases(home: Path) -> None:
    """Let Dagster make the databases of its folder, one process at a time; where they are it changes nothing.

    Webserver and daemon that begin together on a new folder would both make them, and leave them unusable.
    """
    with (home / "making.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with dg.DagsterInstance.from_config(str(home)):
            pass


def environment_of(config: Path) -> dict[str, str]:
    """Prepare `<home>/dagster` of the configured plan; return the environment of a process that works on it.

    Raises
    ------
    ConfigurationError
        When the configuration is missing or wrong.
    """
    home = read_config(config).home
    return prepare_dagster_home(home / "dagster") | {CONFIG_VARIABLE: str(config.absolute())}
