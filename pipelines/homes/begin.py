"""Bring a home into its depot for the first time, or again when depot or leases were lost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.audit.chain import beginning_of
from pipelines.audit.log import hash_at
from pipelines.audit.record import audit_of
from pipelines.config import ExchangeConfig
from pipelines.homes.brought import copy_of, depot_of
from pipelines.homes.check_in import STORE, Held, Moving, set_checkpoint
from pipelines.homes.depot import Depot
from pipelines.homes.held import holding
from pipelines.homes.kept import TAILS, checkpoints_in, read_checkpoint, read_tail
from pipelines.homes.leases import HighWater
from pipelines.warehouse import open_warehouse
from schemas.problems import ConfigurationError


def begin_with(
    config: ExchangeConfig, lease: Held, home: Path | None, environment: Mapping[str, str], secrets: Mapping[str, str]
) -> None:
    """Let a home, or a new one, be what the depot holds from now on.

    Where the leases know of a home already, it must be that one, with all that was ever made known of it.

    Raises
    ------
    ConfigurationError
        S27 when the plan has another home.
    StoreUnfit
        When the home is not as it was left.
    """
    with depot_of(config, secrets) as depot:
        _refuse_another(config, depot, lease.high_water, home)
        target = home if home is not None else copy_of(config, environment)
        keeper = Moving(depot, lease, target)
        with holding(config.plan.id, target, keeper):
            with open_warehouse(target):
                pass
            set_checkpoint(target, "")  # nothing that the depot had once is taken for being there
            keeper.check_in()


def begin_from_depot(config: ExchangeConfig, lease: Held, secrets: Mapping[str, str]) -> None:
    """Let the leases know of the newest state that the depot holds.

    Raises
    ------
    ConfigurationError
        S27 when they know of one.
    """
    with depot_of(config, secrets) as depot:
        names = checkpoints_in(depot)
        if lease.high_water.checkpoint or not names:
            raise _has_another(config.plan.id)
        checkpoint = read_checkpoint(depot, names[-1])
        entries, head = checkpoint.entries, checkpoint.head
        if tail := depot.names(f"{TAILS}/{checkpoint.name}"):
            number, _, head = tail[-1].removesuffix(".json").partition("_")
            entries = int(number)
        read_tail(depot, checkpoint, entries, head)
        lease.raise_high_water(HighWater(checkpoint.name, checkpoint.store, entries, head))


def _refuse_another(config: ExchangeConfig, depot: Depot, mark: HighWater, home: Path | None) -> None:
    if mark.checkpoint:
        is_it = home is not None and (home / STORE).is_file() and _head_at(home, mark) == mark.head
    else:
        is_new = home is None and not (config.paths.home / STORE).exists()
        is_it = not checkpoints_in(depot) and (is_new or (home is not None and (home / STORE).is_file()))
    if not is_it:
        raise _has_another(config.plan.id)


def _head_at(home: Path, mark: HighWater) -> str:
    return hash_at(audit_of(home), mark.entries) if mark.entries else beginning_of(mark.store)


def _has_another(plan: str) -> ConfigurationError:
    return ConfigurationError(
        "S27", "the home that was named, or a new one, is not the one that the plan has", where=plan,
        remedy=f"`ecm-exchange fleet do {plan} status` looks for the one it has; docs/homes.md says what to do where "
        "depot or database were lost.",
    )  # fmt: skip
