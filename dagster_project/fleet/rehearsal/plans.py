"""The plans of a rehearsal: invented exchanges of their own sizes, clocks, keys, secrets, partners and homes."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

import sample_data
from dagster_project.fleet.rehearsal.arrivals import Arrivals
from pipelines.cli.partners import leave_files, serving_partners
from pipelines.config import read_config, read_roster
from pipelines.fleet import read_fleet
from pipelines.fleet.own import own_environment
from pipelines.fleet.read import FleetPlan
from pipelines.homes import landlock
from pipelines.homes.confine import confining
from schemas.problems import ExchangeError

LOGIN = "DHCS_LOGIN"
"""The variable in which every plan has its own password at the state: with another plan's, nothing can be fetched."""

_WEST, _DESERT = "America/Los_Angeles", "America/Phoenix"


@dataclass(frozen=True)
class Cast:
    """What is invented for one plan."""

    id: str
    name: str
    members: int
    timezone: str = _WEST
    moves: bool = False
    """Whether its home is kept in a depot, and moves to the worker that has its night; else all workers reach it."""
    queue: str = "nights"
    """Which workers serve; those of a rehearsal serve `nights`."""


SIX = (
    Cast("VALLEY", "Valley Oak Health Plan", 600),
    Cast("DELTA", "Delta Tule Health Plan", 300, moves=True),
    Cast("COAST", "Coast Cypress Health Plan", 240),
    Cast("FOOTHILL", "Foothill Manzanita Health Plan", 150, moves=True),
    Cast("DESERT", "Desert Ironwood Health Plan", 90, _DESERT, moves=True),
    Cast("LAKE", "Lake Sedge Health Plan", 60, _DESERT),
)
"""Of different sizes and two clocks; three of them have homes that move."""


@dataclass(frozen=True)
class InventedPlan:
    """One plan in a folder of its own: configuration, keys, secrets, and its partners' folders."""

    cast: Cast
    exchange: sample_data.SampleExchange
    arrivals: Arrivals = field(default_factory=Arrivals)

    @property
    def folder(self) -> Path:
        """All of it."""
        return self.exchange.out

    @property
    def partners(self) -> Path:
        """The folders of its partners' accounts."""
        return self.folder / "sftp"

    @property
    def config(self) -> Path:
        """Its configuration."""
        return self.folder / "exchange.toml"


@dataclass(frozen=True)
class Bureau:
    """A fleet file and the plans that it names."""

    folder: Path
    plans: tuple[InventedPlan, ...]

    @property
    def fleet_file(self) -> Path:
        """The file that names the plans."""
        return self.folder / "fleet.toml"

    @property
    def night(self) -> date:
        """The night that is rehearsed."""
        return self.plans[0].exchange.dates[0]

    def named(self, plan: str) -> InventedPlan:
        """Return a plan by its id."""
        return next(each for each in self.plans if each.cast.id == plan)

    def environment(self, plan: str) -> dict[str, str]:
        """Read a plan's secrets."""
        return dict(own_environment(self._told()[plan]))

    @contextmanager
    def serving_partners(self) -> Iterator[None]:
        """Serve the partners of every plan, who have left their files of the night; each plan has its own server."""
        with ExitStack() as stack:
            for plan in self.plans:
                stack.enter_context(_serving(plan, self.environment(plan.cast.id)))
                leave_files(plan.exchange, self.night)
            yield

    def _told(self) -> dict[str, FleetPlan]:
        return {plan.id: plan for plan in read_fleet(self.fleet_file).plans}


def invent(
    folder: Path,
    casts: Sequence[Cast],
    host: str,
    *,
    lease: float = 30.0,
    silent: Mapping[str, int] = MappingProxyType({}),
) -> Bureau:
    """Invent the plans, each in a folder of its own below `plans`, and the fleet file that names them.

    Their partners are at `host`. Those of a plan that `silent` names fall silent after as many files as it says. A
    worker is to hold a plan's home for `lease` seconds at a time.
    The same arguments invent the same people and files; ports apart, the same bytes.
    """
    plans = tuple(
        _invent(folder, cast, seed, host, port, silent.get(cast.id, 0))
        for seed, (cast, port) in enumerate(zip(casts, free_ports(host, len(casts)), strict=True), start=1)
    )
    bureau = Bureau(folder, plans)
    bureau.fleet_file.write_text(_fleet_file(casts, lease), encoding="utf-8")
    return bureau


def _invent(folder: Path, cast: Cast, seed: int, host: str, port: int, silent_after: int) -> InventedPlan:
    place = folder / "plans" / cast.id
    depot = (folder / "depot" / cast.id).absolute().as_uri() if cast.moves else ""
    plan = sample_data.SamplePlan(cast.id, cast.name, cast.timezone, depot, LOGIN)
    exchange = sample_data.generate(place, members=cast.members, days=1, seed=seed, plan=plan, host=host, port=port)
    secrets = place / "secrets.env"
    secrets.touch(mode=0o600)
    secrets.write_text(f"{LOGIN}=only-{cast.id.lower()}-knows\n", encoding="ascii")
    return InventedPlan(cast, exchange, Arrivals(silent_after))


def can_confine() -> bool:
    """Whether this machine's kernel can keep a night to what is its plan's."""
    try:
        confining(landlock.version())
    except ExchangeError:
        return False
    return True


@contextmanager
def _serving(plan: InventedPlan, environment: dict[str, str]) -> Iterator[None]:
    config = read_config(plan.config)
    roster = read_roster(config.delivery.providers)
    with serving_partners(plan.folder, config, roster, environment=environment, jail=plan.arrivals.jail):
        try:
            yield
        finally:
            plan.arrivals.speak()


def _fleet_file(casts: Sequence[Cast], lease: float) -> str:
    tables = [
        f'[[plans]]\nid = "{cast.id}"\nconfig = "plans/{cast.id}/exchange.toml"\n'
        f'environment = "plans/{cast.id}/secrets.env"\n'
        f'timezone = "{cast.timezone}"\nqueue = "{cast.queue}"\n'
        for cast in casts
    ]
    head = f'name = "A rehearsed bureau"\nlease_seconds = {lease:g}\n'
    return "\n".join([head if can_confine() else f"{head}unconfined = true\n", *tables])


def free_ports(host: str, many: int) -> list[int]:
    """Find ports for servers that begin later; all are held until the last is found, so that none comes twice."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server((host, 0))) for _ in range(many)]
        return [int(probe.getsockname()[1]) for probe in probes]
