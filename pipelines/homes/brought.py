"""A home that is kept in a depot, here for as long as somebody works on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.config import ExchangeConfig
from pipelines.durable import make_folders
from pipelines.homes.check_in import Held, Moving
from pipelines.homes.check_out import check_out
from pipelines.homes.depot import Depot, DepotFault
from pipelines.homes.held import holding
from pipelines.homes.kept import checkpoints_in
from pipelines.homes.lease import LeaseLost
from pipelines.homes.variables import WORK_VARIABLE
from schemas.problems import ExchangeError


def copy_of(config: ExchangeConfig, environment: Mapping[str, str]) -> Path:
    """Return where this machine has its copy of a home: in the worker's folder, or in the one that the plan names.

    The copy is a folder within that one, so that a new copy can take its place.
    """
    work = environment.get(WORK_VARIABLE)
    return (Path(work) / config.plan.id if work else config.paths.home) / "home"


def depot_of(config: ExchangeConfig, secrets: Mapping[str, str]) -> Depot:
    """Open the depot of a plan, with the plan's own secrets."""
    assert config.paths.depot is not None  # noqa: S101 - asked for plans that have one
    return Depot(config.paths.depot, secrets, config.delivery.known_hosts)


@contextmanager
def brought(config: ExchangeConfig, lease: Held, home: Path, secrets: Mapping[str, str]) -> Iterator[None]:
    """Have a plan's home here while the block works on it, and bring it back after it, however the block ends.

    Raises
    ------
    DepotFault
        S24 when nothing was ever brought in, S25 when the depot holds a home of which the leases know nothing; S22 and
        S23 when the depot does not do what it has to.
    LeaseLost
        S11, when the home became another's meanwhile.
    """
    with depot_of(config, secrets) as depot:
        if not lease.high_water.checkpoint:
            raise _unknown(config.plan.id, depot)
        make_folders(home.parent)
        check_out(depot, lease.high_water, home)
        keeper = Moving(depot, lease, home)
        with holding(config.plan.id, home, keeper):
            keeper.catch_up()
            try:
                yield
            except (DepotFault, LeaseLost):
                raise
            except BaseException:
                with suppress(ExchangeError):  # what ended the block weighs more; the audit log is there already
                    keeper.check_in()
                raise
            keeper.check_in()


def _unknown(plan: str, depot: Depot) -> DepotFault:
    if checkpoints_in(depot):
        return DepotFault(
            "S25", "the depot holds a home of which the database of leases knows nothing", where=depot.where,
            remedy=f"Where that database was lost: `ecm-exchange fleet begin {plan} --from-depot`. "
            "Else correct `depot`, or ECM_EXCHANGE_DATABASE.",
        )  # fmt: skip
    return DepotFault(
        "S24", "no home was ever brought into the depot of this plan", where=depot.where,
        remedy=f"`ecm-exchange fleet begin {plan} HOME` brings the plan's home in, `ecm-exchange fleet begin {plan} "
        "--new` an empty one: begun anew, every provider is told everything again.",
    )  # fmt: skip
