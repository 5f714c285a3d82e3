"""Recompute the files of a past night and compare them, byte for byte, with those that were sent.

What is compared: every file that a run of the night wrote and that arrived, one run after the other, each from the
files, decisions, records and deliveries that this run knew (`ledger.marks`). Assignments are read from the decisions
made then, not decided anew. What is not kept of then is taken from today, and named where something differs: the
configuration, of which the store keeps hashes; of the providers table, formats and day of the full file; this software.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.assignment import read_assignments
from pipelines.config import ExchangeConfig, Roster
from pipelines.config.providers import Provider
from pipelines.delivery.prepare import Composed, compose, due_rows
from pipelines.derivation import AsOf, authorize, find_episodes, match, start_clocks, update_members
from pipelines.enrollment import apply_enrollment
from pipelines.replay.marks import go_back
from pipelines.warehouse import Warehouse
from schemas.problems import ExchangeError

Verdict = Literal["IDENTICAL", "DIFFERS", "NOT_RECOMPUTED"]


@dataclass(frozen=True)
class ReplayedFile:
    """One file that was sent, and what became of it when it was made again."""

    npi: str
    name: str
    attempt: int
    """Which run of the night wrote it."""
    verdict: Verdict
    rows_then: int
    rows_now: int
    rows_alike: int
    """Rows that tell the same of the same assignment in both."""


@dataclass(frozen=True)
class Replayed:
    """What a replay found."""

    business_date: date
    files: tuple[ReplayedFile, ...]
    known_causes: tuple[str, ...]
    """What is known to be another now than then, and is not kept: where files differ, it may be why."""

    @property
    def differs(self) -> bool:
        """Whether any file came out otherwise."""
        return any(file.verdict != "IDENTICAL" for file in self.files)


def replay(warehouse: Warehouse, config: ExchangeConfig, roster: Roster, on: date) -> Replayed:
    """Make the files of the night of `on` again; all of it is undone, and nothing is sent.

    Raises
    ------
    ExchangeError
        When nothing was sent on that night, or it ran before what a run knew was written down.
    """
    runs = warehouse.rows(
        """SELECT r.run_id, r.attempt FROM ledger.runs AS r
           SEMI JOIN delivery.outbox AS o
             ON o.run_id = r.run_id AND o.recipient_kind = 'PROVIDER' AND o.status = 'DELIVERED'
           SEMI JOIN ledger.marks AS m ON m.run_id = r.run_id
           WHERE r.business_date = $on ORDER BY r.attempt""",
        {"on": on},
    )
    if not runs:
        raise ExchangeError(
            "P01",
            f"no file of the night of {on} is known to have arrived that could be made again",
            remedy="See `ecm-exchange status --date`.",
        )
    files: list[ReplayedFile] = []
    read_otherwise: dict[str, str] = {}
    read_before = _readings(warehouse)
    for run_id, attempt in runs:
        sent = _sent(warehouse, run_id)
        with warehouse.rehearsal():
            go_back(warehouse, run_id, on, attempt)
            then = _roster_of_then(warehouse, roster.as_of(on))
            made = _make(AsOf(warehouse, config, then, on))
            read_now = _readings(warehouse)
        files += _compared(sent, made, attempt)
        read_otherwise = {name: reading for name, reading in read_now.items() if read_before.get(name) != reading}
    return Replayed(on, tuple(files), tuple(_known_causes(warehouse, on, runs[-1][0], sorted(read_otherwise))))


def _readings(warehouse: Warehouse) -> dict[str, str]:
    return dict(warehouse.rows("SELECT policy, reading FROM ledger.readings"))


@dataclass(frozen=True)
class _Sent:
    npi: str
    name: str
    sha256: str
    rows: int
    told: frozenset[tuple[str, str, str]]


def _sent(warehouse: Warehouse, run_id: str) -> list[_Sent]:
    """What a run wrote and is known to have arrived; the rows are told by the first part of a file."""
    return [
        _Sent(npi, name, sha256, rows, frozenset(tuple(row.values()) for row in told))
        for npi, name, sha256, rows, told in warehouse.rows(
            """SELECT o.recipient, o.name, o.sha256, o.rows,
                      coalesce(list({'a': r.assignment_id, 'b': r.record_action, 'c': r.row_hash})
                               FILTER (r.outbox_id IS NOT NULL), [])
               FROM delivery.outbox AS o
               LEFT JOIN delivery.outbox AS data
                 ON data.recipient = o.recipient AND data.business_date = o.business_date
                AND data.sequence = o.sequence AND data.part = 1 AND data.status = 'DELIVERED'
               LEFT JOIN delivery.outbox_rows AS r ON r.outbox_id = data.outbox_id
               WHERE o.run_id = $run AND o.recipient_kind = 'PROVIDER' AND o.status = 'DELIVERED'
               GROUP BY ALL ORDER BY o.recipient, o.name""",
            {"run": run_id},
        )
    ]


def _make(night: AsOf) -> dict[str, tuple[Composed, frozenset[tuple[str, str, str]]]]:
    """Derive everything from the facts that are there, and render what each provider is due; by file name."""
    apply_enrollment(night.warehouse, night.config, everyone=True)
    update_members(night)
    match(night)
    find_episodes(night)
    authorize(night)
    read_assignments(night.warehouse)
    start_clocks(night)
    made = {}
    for due in due_rows(night.warehouse, night.config, night.roster, night.business_date):
        told: frozenset[tuple[str, str, str]] = frozenset()
        for each in compose(night.warehouse, night.roster, due, night.business_date)[0]:
            if each.file.part == 1:
                told = frozenset(
                    (str(row["assignment_id"]), str(row["record_action"]), str(row["row_hash"])) for row in each.rows
                )
            made[each.file.name] = (each, told)
    return made


def _compared(
    sent: Sequence[_Sent], made: Mapping[str, tuple[Composed, frozenset[tuple[str, str, str]]]], attempt: int
) -> Iterator[ReplayedFile]:
    for file in sent:
        again, told = made.get(file.name, (None, frozenset()))
        if again is None:
            yield ReplayedFile(file.npi, file.name, attempt, "NOT_RECOMPUTED", file.rows, 0, 0)
            continue
        same = hashlib.sha256(again.file.content).hexdigest() == file.sha256
        yield ReplayedFile(
            file.npi, file.name, attempt, "IDENTICAL" if same else "DIFFERS", file.rows, again.file.rows,
            len(file.told & told),
        )  # fmt: skip


def _roster_of_then(warehouse: Warehouse, roster: Roster) -> Roster:
    """Give each provider of the table what nights up to then had noted of it."""
    noted = {
        npi: json.loads(attributes)
        for npi, attributes in warehouse.rows(
            "SELECT npi, arg_max(attributes, sequence) FROM facts.roster_entries WHERE listed GROUP BY npi"
        )
    }
    return Roster(tuple(_as_noted(provider, noted.get(provider.npi, {})) for provider in roster.providers))


def _as_noted(provider: Provider, attributes: Mapping[str, object]) -> Provider:
    kept = ("name", "active", "ji_provider", "folder")
    return provider.model_copy(update={name: attributes[name] for name in kept if name in attributes})


def _known_causes(warehouse: Warehouse, on: date, run_id: str, read_otherwise: Sequence[str]) -> Iterator[str]:
    for policy in read_otherwise:
        yield f"the configuration says another thing in `{policy}` than in the last night"
    for policy, day in warehouse.rows(
        "SELECT policy, changed_on FROM ledger.readings WHERE changed_on > $on ORDER BY policy", {"on": on}
    ):
        if policy not in read_otherwise:
            yield f"the configuration says another thing in `{policy}` since {day}"
    changed = warehouse.value(
        """SELECT count(DISTINCT npi) FROM facts.roster_entries
           WHERE sequence > (SELECT mark FROM ledger.marks WHERE run_id = $run AND name = 'facts.roster_entries')""",
        {"run": run_id},
    )
    if changed:
        yield f"{changed} providers stand otherwise in the providers table"
