"""The outbox: rendered bytes under home and a row for each, so that a killed night finds what it meant to send."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.checkpoints import Checkpoint, reached
from pipelines.config import Roster
from pipelines.delivery.render import Row
from pipelines.homes.held import keeper_at
from pipelines.transfer.push import Outcome, Parcel, PushResult
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note, note_all

_ROW_COLUMNS = ("npi", "assignment_id", "cin", "record_action", "change_reason", "row_hash", "content")

_WAITS = "status IN ('PREPARED', 'FAILED')"
"""Of files that are not known to have arrived: the few at the end of an outbox that keeps all of them."""


@dataclass(frozen=True)
class OutboxFile:
    """One rendered file for one recipient: a provider (by NPI) or a source (by name)."""

    recipient_kind: str
    recipient: str
    business_date: date
    sequence: int
    scope: str
    part: int
    """Order in which the files of one sequence go: data first, manifest last."""
    name: str
    folder: str
    content: bytes
    rows: int
    sheets: tuple[int, int] | None = None
    """Of a workbook: rows on the sheet of news, and members on the sheet of all."""
    sealed: bytes | None = None
    """What is in the content, where that is encrypted."""
    pgp_key: str | None = None
    """Fingerprint of the key that opens it."""

    @property
    def content_sha256(self) -> str | None:
        """Hash of what is in an encrypted file."""
        return None if self.sealed is None else hashlib.sha256(self.sealed).hexdigest()


def store(warehouse: Warehouse, file: OutboxFile, rows: Sequence[Row] = (), *, held: str = "") -> None:
    """Write the bytes below `outbox/` and enter the file as PREPARED, or as HELD with the gate's code."""
    store_all(warehouse, [(file, rows, held)])


def store_all(warehouse: Warehouse, files: Iterable[tuple[OutboxFile, Sequence[Row], str]]) -> None:
    """Store many files, each with its rows and the code of the gate that holds it: the outbox is gone through once."""
    entries, told, books = [], [], []
    for file, rows, held in files:
        entry = _entry(file, held)
        _write_privately(warehouse.home, warehouse.home / "outbox" / entry["path"], file.content)
        reached(Checkpoint.OUTBOX_WRITTEN)
        entries.append(entry)
        told += [(entry["outbox_id"], *_told(row)) for row in rows]
        if file.sheets is not None:
            books.append((entry["outbox_id"], *file.sheets))
    if not entries:
        return
    ids = {"ids": [entry["outbox_id"] for entry in entries]}
    for table in ("delivery.outbox", "delivery.outbox_rows", "delivery.workbooks"):
        warehouse.run(f"DELETE FROM {table} WHERE outbox_id IN (SELECT unnest($ids))", ids)  # noqa: S608 - from above
    warehouse.insert("delivery.outbox", pd.DataFrame(entries))
    warehouse.insert("delivery.outbox_rows", pd.DataFrame(told, columns=["outbox_id", *_ROW_COLUMNS], dtype="str"))
    warehouse.insert("delivery.workbooks", pd.DataFrame(books, columns=["outbox_id", "news", "members"]))
    for on in sorted({entry["business_date"] for entry in entries}):
        these = [entry["outbox_id"] for entry in entries if entry["business_date"] == on]
        note_all(warehouse, on, "PREPARED", _in_words(warehouse, these), once=True)
    reached(Checkpoint.OUTBOX_ENTERED)


def outbox_id(file: OutboxFile) -> str:
    """Return the id under which a file stands in the outbox: of whom it is for, its name and its bytes."""
    sha256 = hashlib.sha256(file.content).hexdigest()
    return hashlib.sha256(f"{file.recipient}|{file.name}|{sha256}".encode()).hexdigest()[:32]


def _entry(file: OutboxFile, held: str) -> dict[str, Any]:
    """What the outbox says of a file."""
    sha256 = hashlib.sha256(file.content).hexdigest()
    return {
        "outbox_id": outbox_id(file),
        "recipient_kind": file.recipient_kind, "recipient": file.recipient,
        "business_date": file.business_date, "sequence": file.sequence, "scope": file.scope, "part": file.part,
        "name": file.name, "folder": file.folder,
        "path": str(Path(f"{file.business_date:%Y-%m-%d}") / file.recipient / file.name),
        "sha256": sha256, "size": len(file.content), "rows": file.rows,
        "status": "HELD" if held else "PREPARED", "reason": held,
        "content_sha256": file.content_sha256, "pgp_key": file.pgp_key,
    }  # fmt: skip


def _told(row: Row) -> list[str | None]:
    """Of a row of a file, what is kept until it is known whether it arrived."""
    kept = {**row, "npi": row.get("ecm_provider_npi"), "change_reason": row["change_reason"] or ""}
    return [kept[column] for column in _ROW_COLUMNS]


def _in_words(warehouse: Warehouse, outbox_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Say of files that have not gone yet, by their ids, which goes to whom, and what holds it.

    A response's name is its sender's own and may say anything: it is left out.
    """
    words = dict(
        warehouse.rows(
            """SELECT outbox_id,
                      concat_ws(', ', CASE WHEN status = 'HELD' THEN reason END, 'to ' || recipient,
                                CASE WHEN recipient_kind = 'PROVIDER' THEN name END, rows || ' rows',
                                'sha256 ' || sha256, 'of content ' || content_sha256)
               FROM delivery.outbox
               WHERE status IN ('PREPARED', 'FAILED', 'HELD') AND outbox_id IN (SELECT unnest($ids))""",
            {"ids": list(outbox_ids)},
        )
    )
    return [(outbox_id, words[outbox_id]) for outbox_id in outbox_ids]


def _write_privately(home: Path, target: Path, content: bytes) -> None:
    """Write a file that nobody else may read, not even for a moment, nor the folders above it."""
    for folder in reversed(target.relative_to(home).parents[:-1]):
        (home / folder).mkdir(mode=0o700, exist_ok=True)
    target.unlink(missing_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def waiting(warehouse: Warehouse, recipient: str) -> list[tuple[str, Parcel]]:
    """List what waits for one recipient (`all_waiting`)."""
    return all_waiting(warehouse).get(recipient, [])


def all_waiting(warehouse: Warehouse) -> dict[str, list[tuple[str, Parcel]]]:
    """List by recipient what was prepared and is not known to have arrived: outbox id and parcel, in their order.

    A provider's files of one night are one group, the delta before the full: a full that arrived without its delta
    would pass for news that was told. The responses to a sender's files have nothing to do with each other.
    """
    found = warehouse.rows(
        f"""SELECT recipient, outbox_id, path, folder, name, sha256, size,
                   CASE WHEN recipient_kind = 'PROVIDER' THEN strftime(business_date, '%Y-%m-%d')
                        ELSE CAST(sequence AS VARCHAR) END
            FROM delivery.outbox
            WHERE {_WAITS}
            ORDER BY recipient, business_date, sequence, part"""  # noqa: S608 - a constant
    )
    by_recipient: dict[str, list[tuple[str, Parcel]]] = {}
    keeper = keeper_at(warehouse.home)
    for recipient, outbox_id, path, folder, name, sha256, size, group in found:
        parcel = Parcel(
            local=warehouse.home / "outbox" / path, folder=folder, name=name, sha256=sha256, size=size,
            group=f"{recipient} {group}", keeper=keeper,
        )  # fmt: skip
        by_recipient.setdefault(recipient, []).append((outbox_id, parcel))
    return by_recipient


def is_partly_delivered(warehouse: Warehouse, outbox_ids: Sequence[str]) -> bool:
    """Tell whether another part of the files that these belong to (a table, a manifest) is known to have arrived."""
    return bool(
        warehouse.value(
            """SELECT count(*) > 0 FROM delivery.outbox AS waits
               JOIN delivery.outbox AS there
                 ON there.recipient = waits.recipient AND there.business_date = waits.business_date
                AND there.sequence = waits.sequence AND there.status = 'DELIVERED'
               WHERE list_contains($ids, waits.outbox_id)""",
            {"ids": list(outbox_ids)},
        )
    )


def out_of_reach(warehouse: Warehouse, roster: Roster) -> list[tuple[str, int]]:
    """List providers that left the roster though they were told of members and not of their end: NPI and members."""
    return [
        (npi, members)
        for npi, members in warehouse.rows(
            """SELECT npi, count(*) FROM (
                   SELECT npi, arg_max(record_action, delivery) AS last_told FROM delivery.delivered_rows
                   GROUP BY npi, assignment_id
               )
               WHERE last_told IN ('ADD', 'CHANGE') AND NOT list_contains($npis, npi)
               GROUP BY npi ORDER BY npi""",
            {"npis": [provider.npi for provider in roster.providers]},
        )
    ]


def confirm(warehouse: Warehouse, results: Sequence[tuple[str, PushResult]], delivered_on: date) -> None:
    """Record in one transaction what arrived, with its rows, and what did not, with its code."""
    arrived = [(outbox_id, result) for outbox_id, result in results if result.outcome is not Outcome.FAILED]
    with warehouse.transaction():
        for outbox_id, result in results:
            if result.outcome is Outcome.FAILED:
                warehouse.run(
                    f"UPDATE delivery.outbox SET status = 'FAILED', reason = $code WHERE {_WAITS} AND outbox_id = $id",  # noqa: S608
                    {"code": result.code, "id": outbox_id},
                )
                note(warehouse, delivered_on, "NOT_DELIVERED", outbox_id, result.code)
        if arrived:
            words = _in_words(warehouse, [outbox_id for outbox_id, _ in arrived])
            _enter(warehouse, arrived, delivered_on)
            note_all(warehouse, delivered_on, "DELIVERED", [(i, f"{told}, read back and equal") for i, told in words])
        for _ in arrived:
            reached(Checkpoint.DELIVERY_ENTERED)


def _enter(warehouse: Warehouse, arrived: Sequence[tuple[str, PushResult]], delivered_on: date) -> None:
    """Record files that arrived, with their rows. Only what waits is looked through, not all that ever went."""
    before: int = warehouse.value("SELECT coalesce(max(delivery), 0) FROM delivery.deliveries")
    ids = {"ids": [outbox_id for outbox_id, _ in arrived]}
    given = {**ids, "outcomes": [result.outcome.value for _, result in arrived], "before": before}
    these = """(SELECT unnest($ids) AS outbox_id, unnest($outcomes) AS outcome,
                       $before + unnest(range(1, len($ids) + 1)) AS delivery)"""
    warehouse.run(
        f"""INSERT INTO delivery.deliveries BY NAME
            SELECT outbox_id, recipient, name, business_date, $on AS delivered_on, sha256, size, rows, outcome, delivery
            FROM delivery.outbox JOIN {these} USING (outbox_id) WHERE {_WAITS}""",  # noqa: S608 - constants
        {**given, "on": delivered_on},
    )
    warehouse.run(
        f"""INSERT INTO delivery.delivered_rows BY NAME
            SELECT delivery, r.* FROM delivery.outbox_rows AS r JOIN {these} USING (outbox_id)""",  # noqa: S608
        given,
    )
    warehouse.run(
        f"""UPDATE delivery.outbox SET status = 'DELIVERED', reason = ''
            WHERE {_WAITS} AND outbox_id IN (SELECT unnest($ids))""",  # noqa: S608 - a constant
        ids,
    )


def supersede(warehouse: Warehouse, outbox_ids: Sequence[str]) -> None:
    """Drop prepared files of which nothing arrived: the next delta carries their rows."""
    with warehouse.transaction():
        warehouse.run(
            "UPDATE delivery.outbox SET status = 'SUPERSEDED' WHERE list_contains($ids, outbox_id)",
            {"ids": list(outbox_ids)},
        )
