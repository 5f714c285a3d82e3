"""Recompute the files of a past night and compare them, byte for byte, with those that were sent.

What is compared: every file that the night wrote and that arrived, batch by batch as its runs wrote them, each from the
files, decisions, records and deliveries that were known then (`ledger.marks`). Assignments are read from the decisions
made then, not decided anew. What is not kept of then is taken from today, and named where something differs: the
configuration and this program, of which the store keeps hashes; of the providers table, layout, formats, encryption and
day of the full file. Of an encrypted file what is in it is compared, since encryption never is twice alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.config import ExchangeConfig, Roster
from pipelines.delivery.documents import ENCRYPTED, layout_for
from pipelines.delivery.prepare import Composed, compose, due_rows
from pipelines.delivery.vault import Vault, open_vault
from pipelines.derivation import AsOf
from pipelines.program import PROGRAM
from pipelines.replay.known import derive_known, roster_of_then
from pipelines.replay.marks import go_back
from pipelines.warehouse import Warehouse
from schemas.problems import ExchangeError

Verdict = Literal["IDENTICAL", "DIFFERS", "NOT_RECOMPUTED"]


@dataclass(frozen=True)
class ReplayedFile:
    """One file that was sent, and what became of it when it was made again."""

    npi: str
    name: str
    batch: int
    """With which of the night's batches it was written: a night that runs again may have another."""
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
        When nothing was sent on that night, or it ran before what was known was written down.
    """
    batches = warehouse.rows(
        """SELECT DISTINCT m.batch FROM ledger.marks AS m
           SEMI JOIN delivery.outbox AS o
             ON o.business_date = m.business_date AND o.batch = m.batch AND o.status = 'DELIVERED'
           WHERE m.business_date = $on ORDER BY m.batch""",
        {"on": on},
    )
    if not batches:
        raise ExchangeError(
            "H11",
            f"no file of the night of {on} is known to have arrived that could be made again",
            remedy=f"See `ecm-exchange status --date {on}` for what went out.",
        )
    files: list[ReplayedFile] = []
    read_otherwise: dict[str, str] = {}
    read_before = _readings(warehouse)
    vault = open_vault(warehouse, on, any_key=True)
    for (batch,) in batches:
        sent = _sent(warehouse, on, batch)
        with warehouse.rehearsal():
            go_back(warehouse, on, batch)
            then = roster_of_then(warehouse, roster.as_of(on))
            made = _make(AsOf(warehouse, config, then, on), vault)
            read_now = _readings(warehouse)
        files += _compared(sent, made, batch)
        read_otherwise = {name: reading for name, reading in read_now.items() if read_before.get(name) != reading}
    causes = [
        *_known_causes(warehouse, on, sorted(read_otherwise)),
        *_written_otherwise(files, config, roster.as_of(on)),
    ]
    return Replayed(on, tuple(files), tuple(causes))


def _readings(warehouse: Warehouse) -> dict[str, str]:
    return dict(warehouse.rows("SELECT policy, reading FROM ledger.readings"))


@dataclass(frozen=True)
class _Sent:
    npi: str
    name: str
    sha256: str
    """Of an encrypted file: of what is in it."""
    rows: int
    told: frozenset[tuple[str, str, str]]


def _sent(warehouse: Warehouse, on: date, batch: int) -> list[_Sent]:
    """What of a batch is known to have arrived; the rows are told by the first part of a file."""
    return [
        _Sent(npi, name, sha256, rows, frozenset(tuple(row.values()) for row in told))
        for npi, name, sha256, rows, told in warehouse.rows(
            """SELECT o.recipient, o.name, coalesce(o.content_sha256, o.sha256), o.rows,
                      coalesce(list({'a': r.assignment_id, 'b': r.record_action, 'c': r.row_hash})
                               FILTER (r.outbox_id IS NOT NULL), [])
               FROM delivery.outbox AS o
               LEFT JOIN delivery.outbox AS data
                 ON data.recipient = o.recipient AND data.business_date = o.business_date
                AND data.sequence = o.sequence AND data.part = 1 AND data.status = 'DELIVERED'
               LEFT JOIN delivery.outbox_rows AS r ON r.outbox_id = data.outbox_id
               WHERE o.business_date = $on AND o.batch = $batch AND o.status = 'DELIVERED'
               GROUP BY ALL ORDER BY o.recipient, o.name""",
            {"on": on, "batch": batch},
        )
    ]


def _make(night: AsOf, vault: Vault) -> dict[str, tuple[Composed, frozenset[tuple[str, str, str]]]]:
    """Derive everything from the facts that are there, and render what each provider is due; by file name."""
    derive_known(night)
    made = {}
    for due in due_rows(night.warehouse, night.config, night.roster, night.business_date):
        told: frozenset[tuple[str, str, str]] = frozenset()
        for each in compose(night.warehouse, night.config, night.roster, due, vault)[0]:
            if each.file.part == 1:
                told = frozenset(
                    (str(row["assignment_id"]), str(row["record_action"]), str(row["row_hash"])) for row in each.rows
                )
            made[each.file.name] = (each, told)
    return made


def _compared(
    sent: Sequence[_Sent], made: Mapping[str, tuple[Composed, frozenset[tuple[str, str, str]]]], batch: int
) -> Iterator[ReplayedFile]:
    for file in sent:
        again, told = made.get(file.name, (None, frozenset()))
        if again is None:
            yield ReplayedFile(file.npi, file.name, batch, "NOT_RECOMPUTED", file.rows, 0, 0)
            continue
        now = again.file.content if again.file.sealed is None else again.file.sealed
        same = hashlib.sha256(now).hexdigest() == file.sha256
        yield ReplayedFile(
            file.npi, file.name, batch, "IDENTICAL" if same else "DIFFERS", file.rows, again.file.rows,
            len(file.told & told),
        )  # fmt: skip


def _written_otherwise(files: Sequence[ReplayedFile], config: ExchangeConfig, roster: Roster) -> Iterator[str]:
    """Tell of providers whose files are called and encrypted in another way today."""
    others, today = 0, roster.by_npi()
    for npi in sorted({file.npi for file in files if file.verdict != "IDENTICAL"} & today.keys()):
        names = [file.name for file in files if file.npi == npi]
        layout, is_encrypted = layout_for(today[npi], config), today[npi].pgp_key_file is not None
        as_then = any(map(layout.provider_and_night, names)) and names[0].endswith(ENCRYPTED) is is_encrypted
        others += not as_then
    if others:
        yield f"{others} providers get their files in another layout, or otherwise encrypted, than then"


def _another(policy: str) -> str:
    if policy == PROGRAM:
        return "this is another version of the program"
    return f"the configuration says another thing in `{policy}`"


def _known_causes(warehouse: Warehouse, on: date, read_otherwise: Sequence[str]) -> Iterator[str]:
    for policy in read_otherwise:
        yield f"{_another(policy)} than in the last night"
    for policy, day in warehouse.rows(
        "SELECT policy, changed_on FROM ledger.readings WHERE changed_on > $on ORDER BY policy", {"on": on}
    ):
        if policy not in read_otherwise:
            yield f"{_another(policy)} since {day}"
    changed = warehouse.value(
        """SELECT count(DISTINCT npi) FROM facts.roster_entries
           WHERE sequence > (SELECT min(mark) FROM ledger.marks
                             WHERE business_date = $on AND name = 'facts.roster_entries')""",
        {"on": on},
    )
    if changed:
        yield f"{changed} providers stand otherwise in the providers table"
