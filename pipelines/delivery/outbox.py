"""The outbox: rendered bytes under home and a row for each, so that a killed night finds what it meant to send."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.checkpoints import Checkpoint, reached
from pipelines.config import Roster
from pipelines.delivery.render import Row
from pipelines.transfer.push import Outcome, Parcel, PushResult
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note

_ROW_COLUMNS = ("npi", "assignment_id", "cin", "record_action", "change_reason", "row_hash", "content")


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


def store(warehouse: Warehouse, file: OutboxFile, rows: Sequence[Row] = (), *, held: str = "") -> None:
    """Write the bytes below `outbox/` and enter the file as PREPARED, or as HELD with the gate's code."""
    sha256 = hashlib.sha256(file.content).hexdigest()
    path = Path(f"{file.business_date:%Y-%m-%d}") / file.recipient / file.name
    outbox_id = hashlib.sha256(f"{file.recipient}|{file.name}|{sha256}".encode()).hexdigest()[:32]
    target = warehouse.home / "outbox" / path
    _write_privately(warehouse.home, target, file.content)
    reached(Checkpoint.OUTBOX_WRITTEN)
    warehouse.run("DELETE FROM delivery.outbox WHERE outbox_id = $id", {"id": outbox_id})
    warehouse.run("DELETE FROM delivery.outbox_rows WHERE outbox_id = $id", {"id": outbox_id})
    entry = {
        "outbox_id": outbox_id, "recipient_kind": file.recipient_kind, "recipient": file.recipient,
        "business_date": file.business_date, "sequence": file.sequence, "scope": file.scope, "part": file.part,
        "name": file.name, "folder": file.folder, "path": str(path), "sha256": sha256, "size": len(file.content),
        "rows": file.rows, "status": "HELD" if held else "PREPARED", "reason": held,
    }  # fmt: skip
    warehouse.run(
        f"INSERT INTO delivery.outbox BY NAME SELECT {', '.join(f'${name} AS {name}' for name in entry)}",
        entry,
    )
    if rows:
        told = pd.DataFrame(
            [[row.get("ecm_provider_npi") if c == "npi" else row[c] for c in _ROW_COLUMNS] for row in rows],
            columns=list(_ROW_COLUMNS),
            dtype="str",
        )
        told["change_reason"] = told["change_reason"].fillna("")
        warehouse.insert("delivery.outbox_rows", told, outbox_id=outbox_id)
    reached(Checkpoint.OUTBOX_ENTERED)


def _write_privately(home: Path, target: Path, content: bytes) -> None:
    """Write a file that nobody else may read, not even for a moment, nor the folders above it."""
    for folder in reversed(target.relative_to(home).parents[:-1]):
        (home / folder).mkdir(mode=0o700, exist_ok=True)
    target.unlink(missing_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def told_today(warehouse: Warehouse, npi: str, on: date) -> list[str]:
    """List the scopes of the files that this provider got, or that wait for it, on this business date."""
    return [
        scope
        for (scope,) in warehouse.rows(
            """SELECT scope FROM delivery.outbox
               WHERE recipient = $npi AND business_date = $on AND part = 1 AND status <> 'SUPERSEDED'
               ORDER BY sequence""",
            {"npi": npi, "on": on},
        )
    ]


def last_sequence(warehouse: Warehouse, npi: str, on: date) -> int:
    """Highest number among the files that this provider got, or that wait for it, on this business date; else 0."""
    number: int = warehouse.value(
        """SELECT coalesce(max(sequence), 0) FROM delivery.outbox
           WHERE recipient = $npi AND business_date = $on AND status <> 'SUPERSEDED'""",
        {"npi": npi, "on": on},
    )
    return number


def may_have_been_seen(warehouse: Warehouse, npi: str, name: str, content: bytes) -> bool:
    """Tell whether a file of this name and other content was on its way once, though it was not found there later.

    A provider that took it away would ignore, or mistake, another one of the same name. Held files never left.
    """
    return bool(
        warehouse.value(
            """SELECT count(*) > 0 FROM delivery.outbox
               WHERE recipient = $npi AND name = $name AND sha256 <> $sha256
                 AND status = 'SUPERSEDED' AND NOT starts_with(reason, 'G')""",
            {"npi": npi, "name": name, "sha256": hashlib.sha256(content).hexdigest()},
        )
    )


def previous_name(warehouse: Warehouse, npi: str) -> str | None:
    """Name of the data file delivered to this provider before, for the manifest's chain."""
    name: str | None = warehouse.value(
        """SELECT arg_max(d.name, (o.business_date, o.sequence)) FROM delivery.deliveries AS d
           JOIN delivery.outbox AS o ON o.outbox_id = d.outbox_id
           WHERE d.recipient = $npi AND o.part = 1""",
        {"npi": npi},
    )
    return name


def waiting(warehouse: Warehouse, recipient: str) -> list[tuple[str, Parcel]]:
    """List what was prepared for a recipient and is not known to have arrived: outbox id and parcel, in their order.

    A provider's files of one night are one group, the delta before the full: a full that arrived without its delta
    would pass for news that was told. The responses to a sender's files have nothing to do with each other.
    """
    found = warehouse.rows(
        """SELECT outbox_id, path, folder, name, sha256, size,
                  CASE WHEN recipient_kind = 'PROVIDER' THEN strftime(business_date, '%Y-%m-%d')
                       ELSE CAST(sequence AS VARCHAR) END
           FROM delivery.outbox
           WHERE recipient = $recipient AND status IN ('PREPARED', 'FAILED')
           ORDER BY business_date, sequence, part""",
        {"recipient": recipient},
    )
    return [
        (
            outbox_id,
            Parcel(
                local=warehouse.home / "outbox" / path, folder=folder, name=name, sha256=sha256, size=size,
                group=f"{recipient} {group}",
            ),
        )
        for outbox_id, path, folder, name, sha256, size, group in found
    ]  # fmt: skip


def owes_full(warehouse: Warehouse, npi: str) -> bool:
    """Tell whether a full file of an earlier night was dropped or held, and none arrived since."""
    return bool(
        warehouse.value(
            """SELECT coalesce(
                   max(business_date) FILTER (status = 'SUPERSEDED')
                   > coalesce(max(business_date) FILTER (status = 'DELIVERED'), DATE '1900-01-01'), false)
               FROM delivery.outbox WHERE recipient = $npi AND scope = 'FULL' AND part = 1""",
            {"npi": npi},
        )
    )


def is_in_doubt(warehouse: Warehouse, recipient: str) -> bool:
    """Tell whether rows wait for a recipient, so that nobody knows yet what it was told."""
    return bool(
        warehouse.value(
            """SELECT count(*) > 0 FROM delivery.outbox
               WHERE recipient = $recipient AND part = 1 AND status IN ('PREPARED', 'FAILED')""",
            {"recipient": recipient},
        )
    )


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
    with warehouse.transaction():
        for outbox_id, result in results:
            if result.outcome is Outcome.FAILED:
                warehouse.run(
                    "UPDATE delivery.outbox SET status = 'FAILED', reason = $code WHERE outbox_id = $id",
                    {"code": result.code, "id": outbox_id},
                )
                note(warehouse, delivered_on, "NOT_DELIVERED", outbox_id, result.code)
                continue
            key = {"id": outbox_id, "on": delivered_on, "outcome": result.outcome.value}
            warehouse.run(
                """INSERT INTO delivery.deliveries BY NAME
                   SELECT outbox_id, recipient, name, business_date, $on AS delivered_on, sha256, size, rows,
                          $outcome AS outcome,
                          (SELECT coalesce(max(delivery), 0) + 1 FROM delivery.deliveries) AS delivery
                   FROM delivery.outbox WHERE outbox_id = $id""",
                key,
            )
            warehouse.run(
                """INSERT INTO delivery.delivered_rows BY NAME
                   SELECT d.delivery, r.* FROM delivery.outbox_rows AS r
                   JOIN delivery.deliveries AS d ON d.outbox_id = r.outbox_id WHERE r.outbox_id = $id""",
                {"id": outbox_id},
            )
            warehouse.run(
                "UPDATE delivery.outbox SET status = 'DELIVERED', reason = '' WHERE outbox_id = $id", {"id": outbox_id}
            )
            note(warehouse, delivered_on, "DELIVERED", outbox_id, f"sha256 {result.parcel.sha256}")
            reached(Checkpoint.DELIVERY_ENTERED)


def supersede(warehouse: Warehouse, outbox_ids: Sequence[str]) -> None:
    """Drop prepared files of which nothing arrived: the next delta carries their rows."""
    with warehouse.transaction():
        warehouse.run(
            "UPDATE delivery.outbox SET status = 'SUPERSEDED' WHERE list_contains($ids, outbox_id)",
            {"ids": list(outbox_ids)},
        )
