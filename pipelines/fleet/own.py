"""What is one plan's own: its configuration and its secrets. Nothing here reads another plan's."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dotenv import dotenv_values

from pipelines.config import ExchangeConfig, read_config
from pipelines.fleet.read import FleetPlan
from schemas.problems import ConfigurationError


def own_config(plan: FleetPlan) -> ExchangeConfig:
    """Read a plan's configuration.

    Raises
    ------
    ConfigurationError
        When it is missing or wrong, S01 when it is another plan's, S04 when it keeps another time than the fleet says.
    """
    config = read_config(plan.config)
    if config.plan.id != plan.id:
        raise ConfigurationError(
            "S01",
            "the configuration is that of another plan",
            remedy="Correct `id` or `config` of the plan in the fleet file.",
        )
    if config.plan.timezone != plan.timezone:
        raise ConfigurationError(
            "S04",
            "the fleet file names another time zone for it than its configuration does",
            remedy="Correct `timezone` of the plan in the fleet file or `[plan] timezone` of its configuration.",
        )
    return config


def own_environment(plan: FleetPlan) -> Mapping[str, str]:
    """Read a plan's secrets; none where the fleet file names no file of them.

    Raises
    ------
    ConfigurationError
        S05 when the file cannot be read, or when others than its owner may.
    """
    if plan.environment is None:
        return {}
    try:
        is_private = plan.environment.stat().st_mode & 0o077 == 0
        told = dotenv_values(plan.environment, interpolate=False)
    except (OSError, UnicodeDecodeError) as failure:
        raise _unfit(plan.environment, f"cannot be read ({type(failure).__name__})") from None
    if not is_private:
        raise _unfit(plan.environment, "can be read by others than its owner")
    return {name: value for name, value in told.items() if value is not None}


@contextmanager
def as_plan(plan: FleetPlan) -> Iterator[ExchangeConfig]:
    """Let this process be the plan's for a while: give it the plan's configuration and surround it by its secrets.

    Raises
    ------
    ConfigurationError
        As `own_config` and `own_environment` do.
    """
    config = own_config(plan)
    with in_environment(own_environment(plan)):
        yield config


@contextmanager
def in_environment(own: Mapping[str, str]) -> Iterator[None]:
    """Let whatever asks this process for a variable find the plan's own first, for a while."""
    before = dict(os.environ)
    os.environ.update(own)
    try:
        yield
    finally:
        for name in own:
            if name in before:
                os.environ[name] = before[name]
            else:
                os.environ.pop(name, None)


def _unfit(file: Path, why: str) -> ConfigurationError:
    return ConfigurationError(
        "S05",
        f"the file of its secrets {why}",
        where=str(file),
        remedy="Let it belong to the account that runs its nights, with mode 0600.",
    )
