"""The homes that this process holds. One that is kept in a depot is open to nobody else, whatever command is typed.

A home that stays on its machine is not held by anybody: its run lock guards it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from schemas.problems import ConfigurationError

if TYPE_CHECKING:
    from pipelines.audit.chain import Link
    from pipelines.warehouse import Warehouse


class Keeper(Protocol):
    """What keeps a home safe outside of this machine while this process works on it."""

    def refuse_lost(self) -> None:
        """Stop before anything is done outside, where the home is no longer this process's."""

    def follow(self, warehouse: Warehouse, links: Sequence[Link]) -> None:
        """Keep what a commit added to the audit log and what its entries tell of, before anything is done on it."""

    def make_ready(self, warehouse: Warehouse) -> None:
        """Keep the whole home as it is, before anything of this night goes out."""

    def note_named(self, local: Path, sha256: str) -> None:
        """Keep that a file of the outbox got its name in its recipient's folder; any thread may say so."""


class Stays:
    """Of a home that stays where it is: its own disk keeps it."""

    def __init__(self, refuse_lost: Callable[[], None] | None = None) -> None:
        self._refuse_lost = refuse_lost

    def refuse_lost(self) -> None:
        """Stop where machines that share its disk take turns, and it is another's turn."""
        if self._refuse_lost is not None:
            self._refuse_lost()

    def follow(self, warehouse: Warehouse, links: Sequence[Link]) -> None:
        """The audit log beside the store is enough."""

    def make_ready(self, warehouse: Warehouse) -> None:
        """The store itself is enough."""

    def note_named(self, local: Path, sha256: str) -> None:
        """The receipt beside the file is enough."""


STAYS: Keeper = Stays()


@dataclass(frozen=True)
class _Held:
    home: Path
    keeper: Keeper
    is_whole: bool = True
    is_at_work: bool = False


_HELD: dict[str, _Held] = {}
"""By the id of the plan."""


@contextmanager
def holding(plan: str, home: Path, keeper: Keeper) -> Iterator[None]:
    """Let this process work on a plan's home while the block runs."""
    with _registered(plan, _Held(home, keeper)):
        yield


@contextmanager
def reading(plan: str, home: Path, *, is_at_work: bool) -> Iterator[None]:
    """Let this process read what a plan published last, in a folder that holds nothing else, while the block runs.

    `is_at_work` says whether another process works on the home meanwhile.
    """
    with _registered(plan, _Held(home, STAYS, is_whole=False, is_at_work=is_at_work)):
        yield


def home_of(plan: str) -> Path:
    """Return the folder of a home that is kept in a depot, as this process has it.

    Raises
    ------
    ConfigurationError
        S20 when it has none.
    """
    held = _HELD.get(plan)
    if held is None:
        raise ConfigurationError(
            "S20",
            "the home of this plan is kept in its depot, and this process does not hold it",
            where=plan,
            remedy=f"Put the command behind `ecm-exchange fleet do {plan}`, such as "
            f"`ecm-exchange fleet do {plan} status`: it takes the home, and brings it back.",
        )
    return held.home


def keeper_at(home: Path) -> Keeper:
    """Return what keeps the home in a folder safe."""
    return next((held.keeper for held in _HELD.values() if held.home == home), STAYS)


def is_at_work_elsewhere(home: Path) -> bool:
    """Tell of the copy of a home, for reading, whether another process works on the home itself."""
    return any(held.is_at_work for held in _HELD.values() if held.home == home)


def refuse_reading(home: Path) -> None:
    """Stop where the whole home is wanted and only what it published is here.

    Raises
    ------
    ConfigurationError
        S21.
    """
    if any(held.home == home and not held.is_whole for held in _HELD.values()):
        raise ConfigurationError(
            "S21",
            "only what the plan published last is here, and the command needs its whole home",
            remedy="Type it without --reading: `ecm-exchange fleet do PLAN COMMAND`.",
        )


@contextmanager
def _registered(plan: str, held: _Held) -> Iterator[None]:
    _HELD[plan] = held
    try:
        yield
    finally:
        del _HELD[plan]
