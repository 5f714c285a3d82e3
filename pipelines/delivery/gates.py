"""What is doubted of a provider's rows before they leave. What a gate doubts is held; everything else goes.

Somebody may be walking out of a prison while an unrelated row is looked into: so a gate names the rows it doubts, and
only G01 and G07, which doubt where the file would go and who could read it, hold all of it. What a gate measures
by is in `bounds.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from pipelines.config.policy import Safety
from pipelines.config.providers import Provider
from pipelines.delivery.bounds import Bounds
from pipelines.delivery.render import Row
from schemas.outbound import ENDS


@dataclass(frozen=True)
class Gate:
    """One gate, as people read of it."""

    meaning: str
    remedy: str
    releasable: bool = True


GATES = {
    "G01": Gate(
        "the file might reach another than its provider",
        "This is never released. Correct the providers table, or report a defect.",
        releasable=False,
    ),
    "G02": Gate(
        "more of the provider's members would leave in one night than the threshold allows",
        "Look whether they really left (`ecm-exchange quarantine show ID`), then release it.",
    ),
    "G03": Gate(
        "the provider is not active or not JI-capable and would be told of members",
        "This is never released: whether the provider may serve is said in the providers table.",
        releasable=False,
    ),
    "G04": Gate(
        "more new members for the provider in one night than its history allows",
        "Look where they come from (`ecm-exchange quarantine show ID`), then release it.",
    ),
    "G05": Gate(
        "the rows rest on an 834 of which too many rows were rejected",
        "Look at the rejected rows (`ecm-exchange quarantine list`), then release it, or load a corrected 834.",
    ),
    "G06": Gate(
        "members would be ended on the word of an 834 that is too old",
        "Find out why no newer 834 came and run again when it has; release it if they did leave.",
    ),
    "G07": Gate(
        "the provider's files leave encrypted, and its key cannot be used",
        "This is never released. Put the provider's present public key where the providers table says, and run again.",
        releasable=False,
    ),
}
"""The gates by code. G01 is asked of the finished bytes (`recipient.py`), G07 of the key, the others of the rows."""

_FEW = 10
"""A provider with fewer members than this may lose any share of them in a night without a hold."""


@dataclass(frozen=True)
class Doubt:
    """Rows that a gate does not let pass."""

    npi: str
    code: str
    rows: Sequence[Row]
    detail: str
    """Counts and thresholds, never a value of a row."""

    @property
    def content_hash(self) -> str:
        """Hash of exactly these rows, whatever their order."""
        lines = sorted(f"{row['record_action']}|{row['assignment_id']}|{row['row_hash']}" for row in self.rows)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def hold_id(self) -> str:
        """What a person releases: this gate for these rows of this provider. Other rows have another id."""
        return hashlib.sha256(f"{self.npi}|{self.code}|{self.content_hash}".encode()).hexdigest()[:32]


def doubts(provider: Provider, delta: Sequence[Row], bounds: Bounds, safety: Safety) -> tuple[Doubt, ...]:
    """Put the rows of a provider's delta through the gates that judge rows."""
    found = []
    for code, gate in _ROW_GATES.items():
        rows, detail = gate(provider, delta, bounds, safety)
        if rows:
            found.append(Doubt(provider.npi, code, rows, detail))
    return tuple(found)


Judged = tuple[list[Row], str]


def _too_many_leave(provider: Provider, delta: Sequence[Row], bounds: Bounds, safety: Safety) -> Judged:
    """Judge the ends (G02). Of a closed provider the roster itself takes all members away."""
    before, ends = bounds.open_before, [row for row in delta if row["record_action"] in ENDS]
    ended = len(ends) + bounds.ended_tonight
    if not _serves(provider) or before < _FEW or ended <= safety.max_roster_shrink * before:
        return [], ""
    return ends, f"{ended} of {before} members"


def _brings_members_to_a_closed_provider(provider: Provider, delta: Sequence[Row], *_: object) -> Judged:
    """Judge all but the ends (G03)."""
    if _serves(provider):
        return [], ""
    return [row for row in delta if row["record_action"] not in ENDS], "the providers table says so"


def _too_many_come(_: Provider, delta: Sequence[Row], bounds: Bounds, safety: Safety) -> Judged:
    """Judge new members by the day on which they were assigned (G04)."""
    surges = [surge for surge in bounds.surges if surge.members > max(safety.growth_floor, surge.allowed)]
    doubted = {assignment for surge in surges for assignment in surge.assignments}
    told = (f"{surge.members} assigned on {surge.day}, {surge.busiest} at most before" for surge in surges)
    return _of(delta, doubted), "; ".join(told)


def _rests_on_rejects(_: Provider, delta: Sequence[Row], bounds: Bounds, __: Safety) -> Judged:
    """Judge the rows of members whose newest 834 had too many rejects (G05)."""
    return _of(delta, bounds.on_rejects), ", ".join(bounds.rejects)


def _ends_on_old_word(_: Provider, delta: Sequence[Row], bounds: Bounds, __: Safety) -> Judged:
    """Judge what is lost with the enrolment (G06).

    That a release, a referral or the liaison brings someone a provider, or moves someone to another, does not rest on
    the 834 being new. That coverage ran out may only mean that nobody has told of the next month.
    """
    lost = {row["assignment_id"] for row in delta if row["change_reason"] == "ELIG_LOST"}
    return _of(delta, lost & bounds.on_old_word), ", ".join(bounds.old_word)


_ROW_GATES: dict[str, Callable[[Provider, Sequence[Row], Bounds, Safety], Judged]] = {
    "G02": _too_many_leave,
    "G03": _brings_members_to_a_closed_provider,
    "G04": _too_many_come,
    "G05": _rests_on_rejects,
    "G06": _ends_on_old_word,
}


def _serves(provider: Provider) -> bool:
    return provider.active and provider.ji_provider


def _of(delta: Sequence[Row], assignments: Collection[str | None]) -> list[Row]:
    return [row for row in delta if row["assignment_id"] in assignments]


def doubted(found: Sequence[Doubt]) -> Iterator[str | None]:
    """Name the assignments whose rows are held."""
    return (row["assignment_id"] for doubt in found for row in doubt.rows)
