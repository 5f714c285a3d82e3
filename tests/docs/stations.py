"""What each station of the night reads and fills, for the page on the architecture; as the program says if it does."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.derivation import FILLS
from pipelines.load.returns import RETURNS
from pipelines.load.tabular import FACTS
from pipelines.nightly import STATIONS
from tests.docs.uses import uses

FOLDERS: dict[str, tuple[str, ...]] = {
    "receive files": ("transfer", "intake"),
    "load enrollment": ("load",),
    "update members": ("enrollment",),
    "load referrals": ("load",),
    "match identities": ("identity",),
    "load returns": ("load",),
    "find episodes": ("justice_involved",),
    "authorize": ("authorization",),
    "assign": ("assignment",),
    "gather reports": ("returns",),
    "start clocks": ("clocks",),
    "find needs": ("needs",),
    "update the directory": ("directory",),
    "list work": ("work_lists",),
    "fill the outbox": ("delivery", "responses"),
    "deliver": ("delivery", "transfer"),
    "publish": ("reporting", "warehouse"),
}
"""Folders of `pipelines/` in which a station's work is done."""

_BESIDE = {
    "receive files": "partners' folders",
    "load enrollment": "landed 834s",
    "load referrals": "landed lists",
    "load returns": "landed returns",
    "update the directory": "the providers table, other plans' networks",
    "deliver": "the outbox's files",
    "publish": "all of it",
}
"""What a station reads beside the store."""

_LEAVES = {
    "receive files": "`home/landing/`",
    "list work": "a workbook for the liaison",
    "fill the outbox": "`home/outbox/`",
    "deliver": "providers' and senders' folders",
    "publish": "the page of the night, the readers' copy",
}
"""What it leaves beside the store."""

_ASIDE = ("quarantine.rows", "ledger.files", "ledger.corrections")
FILLED = {
    "receive files": ("ledger.files", "ledger.runs", "ledger.visits", "quarantine.rows"),
    "load enrollment": (
        "facts.enrollment_members", "facts.enrollment_coverage", "facts.enrollment_reporting", "ledger.files",
        "ledger.interchanges", "ledger.transaction_sets", "quarantine.rows", "quarantine.deviations",
    ),
    "load referrals": (*FACTS.values(), *_ASIDE),
    "load returns": (*RETURNS.values(), *_ASIDE),
    "fill the outbox": (
        "delivery.outbox", "delivery.outbox_rows", "delivery.workbooks", "delivery.holds", "delivery.referral_rows",
        "ledger.acknowledgements", "ledger.control_numbers", "ledger.marks",
    ),
    "deliver": ("delivery.deliveries", "delivery.delivered_rows", "delivery.outbox"),
    "publish": ("ledger.runs", "ledger.problems"),
}  # fmt: skip
"""Tables that the stations fill which derive nothing; of the others `pipelines.derivation` says it."""

DECIDED = {
    "assign": ("facts.assignment_decisions", "facts.assignment_candidates"),
    "update the directory": ("facts.roster_entries",),
}
"""Facts that a deriving station makes itself."""


def stations() -> list[tuple[str, str, str, str]]:
    """List the stations in their order: name, folders, what they read, what they fill."""
    derived = {name: FILLS[station.__name__] for name, station in STATIONS if station.__name__ in FILLS}
    told = []
    for name, _ in STATIONS:
        fills = {*FILLED.get(name, ()), *derived.get(name, ()), *DECIDED.get(name, ())}
        reads = () if name in _BESIDE and name != "update the directory" else _read_in(FOLDERS[name]) - fills
        told.append((name, _folders(FOLDERS[name]), _told(reads, _BESIDE.get(name)), _told(fills, _LEAVES.get(name))))
    return told


def _read_in(folders: Iterable[str]) -> set[str]:
    """Return the tables that the code of folders names."""
    return {table for folder in folders for table in (*uses()[folder].reads, *uses()[folder].fills)}


def _folders(folders: tuple[str, ...]) -> str:
    return ", ".join(f"[`{folder}/`](../pipelines/{folder}/)" for folder in folders)


def _told(named: Iterable[str], beside: str | None) -> str:
    """Name tables by their schema, and what stands beside them."""
    by_schema: dict[str, list[str]] = {}
    for table in sorted(named):
        schema, _, name = table.partition(".")
        by_schema.setdefault(schema, []).append(name)
    words = [f"**{schema}** {', '.join(names)}" for schema, names in by_schema.items()]
    return "; ".join(([beside] if beside else []) + words)
