"""The ledger of files: what came, whether it came before, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from pipelines.checkpoints import Checkpoint, reached
from pipelines.config import ExchangeConfig, Source
from pipelines.intake.came_back import place_of
from pipelines.intake.file_names import FileOrder, order_of
from pipelines.transfer.pull import LandedFile
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note
from schemas.findings import CATALOGUE, file_fault
from schemas.problems import FileFault

COUNTS = ("rows_in", "rows_loaded", "rows_rejected", "rows_duplicate", "rows_warned")


@dataclass(frozen=True)
class LedgerFile:
    """A file of the ledger that waits to be loaded."""

    file_id: str
    source: str
    name: str
    kind: str
    layout: str
    sha256: str
    file_date: date
    file_order: int
    scope: str
    business_date: date
    """The night that received it."""
    reporting_npi: str | None = None
    """The provider in whose account a return lay."""
    waived: Sequence[str] = ()
    """Codes of checks that a person released this very file from."""

    def refuse(self, fault: FileFault) -> None:
        """Hold the file for a fault, unless a person released it from that check.

        Raises
        ------
        FileFault
            The fault.
        """
        if fault.code not in self.waived:
            raise fault

    def landed(self, home: Path) -> Path:
        """Where the bytes lie.

        Raises
        ------
        FileFault
            F01 when they do not: one lost file must not keep the others waiting.
        """
        path = home / "landing" / self.sha256[:2] / self.sha256
        if not path.is_file():
            raise file_fault("F01", "its bytes are gone from the landing folder")
        return path


def recorded(warehouse: Warehouse, source: str) -> frozenset[tuple[str, int, int]]:
    """Return name, size and time of change of every file of a source that was received in an earlier look."""
    return frozenset(
        warehouse.rows("SELECT name, size, modified FROM ledger.files WHERE source = $source", {"source": source})
    )


def accepted(warehouse: Warehouse, source: str) -> frozenset[tuple[str, int, int]]:
    """Return name, size and time of change of every file of a source that was loaded, or repeats one that was."""
    return frozenset(
        warehouse.rows(
            """SELECT name, size, modified FROM ledger.files
               WHERE source = $source AND sha256 IN (
                   SELECT sha256 FROM ledger.files WHERE source = $source AND status LIKE 'ACCEPTED%')""",
            {"source": source},
        )
    )


def record(warehouse: Warehouse, config: ExchangeConfig, source: Source, file: LandedFile, on: date) -> str:
    """Enter a landed file into the ledger and return its status: LANDED, DUPLICATE (F07) or HELD (F06, F08)."""
    place = place_of(warehouse, source.name, file.name)
    order = place.order if place else order_of(file.name, full_marker=source.full_marker, otherwise=on)
    in_time = (place is not None and place.in_time) or _is_in_time(config, order, on)
    status, reason = _first_judgement(warehouse, source, file, is_in_time=in_time)
    row = {
        "file_id": _new_id(warehouse, source, file), "source": source.name, "name": file.name,
        "kind": source.kind, "layout": source.layout, "reporting_npi": source.provider,
        "size": file.size, "modified": file.modified, "sha256": file.sha256, "business_date": on,
        "file_date": order.file_date, "sequence": order.sequence, "scope": order.scope, "file_order": order.rank,
        "status": status, "reason": reason, "detail": CATALOGUE[reason].meaning if reason else "",
    }  # fmt: skip
    warehouse.run(
        f"""INSERT INTO ledger.files BY NAME
            SELECT {", ".join(f"${name} AS {name}" for name in row)},
                   (SELECT coalesce(max(arrival), 0) + 1 FROM ledger.files) AS arrival,
                   {", ".join(f"0 AS {name}" for name in COUNTS)}, false AS applied""",  # noqa: S608 - names from code
        row,
    )
    note(warehouse, on, "RECEIVED", str(row["file_id"]), f"{status} {reason}".strip() + f", sha256 {file.sha256}")
    if status == "HELD":
        _say_why(warehouse, str(row["file_id"]), reason)
    reached(Checkpoint.FILE_ENTERED)
    return status


def _new_id(warehouse: Warehouse, source: Source, file: LandedFile) -> str:
    """Hash what tells a file from all others. One that comes again unchanged (newly dated, say) is counted too."""
    parts = {"source": source.name, "name": file.name, "sha256": file.sha256}
    before = warehouse.value(
        "SELECT count(*) FROM ledger.files WHERE source = $source AND name = $name AND sha256 = $sha256", parts
    )
    counted = (str(before),) if before else ()
    return hashlib.sha256("\0".join((*parts.values(), *counted)).encode()).hexdigest()[:32]


def _first_judgement(warehouse: Warehouse, source: Source, file: LandedFile, *, is_in_time: bool) -> tuple[str, str]:
    key = {"source": source.name, "name": file.name, "sha256": file.sha256}
    # A held file was not loaded: the same content under the name its sender was asked for is no repetition.
    seen = warehouse.value(
        """SELECT count(*) > 0 FROM ledger.files
           WHERE source = $source AND sha256 = $sha256 AND status NOT IN ('HELD', 'DUPLICATE')""",
        {"source": source.name, "sha256": file.sha256},
    )
    if seen:
        return "DUPLICATE", "F07"
    if source.kind == "834" and warehouse.value(
        """SELECT count(*) > 0 FROM ledger.files
           WHERE source = $source AND name = $name AND sha256 <> $sha256 AND status LIKE 'ACCEPTED%'""",
        key,
    ):
        return "HELD", "F06"
    return ("LANDED", "") if is_in_time else ("HELD", "F08")


def _is_in_time(config: ExchangeConfig, order: FileOrder, on: date) -> bool:
    oldest = on - timedelta(days=config.safety.stale_after_days)
    return oldest <= order.file_date <= on + timedelta(days=1)


_WAIVED = """(SELECT coalesce(list(code ORDER BY code), []) FROM facts.releases
              WHERE kind = 'FILE' AND subject = file_id AND content_hash = sha256)"""


def waiting(warehouse: Warehouse, *kinds: str) -> list[LedgerFile]:
    """List landed files of these kinds in the order they came."""
    columns = (
        "file_id, source, name, kind, layout, sha256, file_date, file_order, scope, business_date, reporting_npi, "
        + _WAIVED
    )
    found = warehouse.rows(
        f"""SELECT {columns} FROM ledger.files
            WHERE status = 'LANDED' AND list_contains($kinds, kind) ORDER BY arrival""",  # noqa: S608 - a constant
        {"kinds": list(kinds)},
    )
    return [LedgerFile(*row) for row in found]


def settle(warehouse: Warehouse, file: LedgerFile, status: str, counts: dict[str, int], *, reason: str = "") -> None:
    """Write what became of a loaded file: status and counts of rows, which must balance."""
    if counts["rows_in"] != counts["rows_loaded"] + counts["rows_rejected"] + counts["rows_duplicate"]:
        raise AssertionError(f"rows of file {file.file_id} do not balance")
    warehouse.run(
        f"""UPDATE ledger.files SET status = $status, reason = $reason, {", ".join(f"{c} = ${c}" for c in COUNTS)}
            WHERE file_id = $file_id""",  # noqa: S608 - column names from code
        {"status": status, "reason": reason, "file_id": file.file_id, **{c: counts[c] for c in COUNTS}},
    )


def hold(warehouse: Warehouse, file: LedgerFile, fault: FileFault, rows_seen: int, found: pd.DataFrame) -> None:
    """Hold a file: nothing of it is loaded, every row that was seen counts as rejected.

    `found` is what is kept of the findings about its rows, in the columns of `quarantine.rows`.
    """
    with warehouse.transaction():
        warehouse.run(
            """UPDATE ledger.files SET status = 'HELD', reason = $code, detail = $detail,
                   rows_in = $seen, rows_rejected = $seen, rows_loaded = 0, rows_duplicate = 0, rows_warned = 0
               WHERE file_id = $file_id""",
            {
                "code": fault.code,
                "detail": " ".join(part for part in (fault.where, fault.what) if part),
                "seen": rows_seen,
                "file_id": file.file_id,
            },
        )
        warehouse.run("DELETE FROM quarantine.rows WHERE file_id = $file_id", {"file_id": file.file_id})
        _say_why(warehouse, file.file_id, fault.code)
        warehouse.insert("quarantine.rows", found, file_id=file.file_id)
        reached(Checkpoint.FILE_HELD)


def _say_why(warehouse: Warehouse, file_id: str, code: str) -> None:
    warehouse.run(
        """INSERT INTO quarantine.rows BY NAME SELECT $file_id AS file_id, -1 AS row, NULL AS line,
               '' AS column_name, $code AS code, 'HOLD' AS severity, NULL AS original""",
        {"file_id": file_id, "code": code},
    )


def count_duplicates(warehouse: Warehouse) -> None:
    """Give every duplicate file the row count of the file it repeats, all of them duplicate."""
    warehouse.run(
        """UPDATE ledger.files AS again SET rows_in = first.rows_in, rows_duplicate = first.rows_in
           FROM (
               SELECT source, sha256, arg_max(rows_in, (status LIKE 'ACCEPTED%', -arrival)) AS rows_in
               FROM ledger.files WHERE status NOT IN ('DUPLICATE', 'LANDED') GROUP BY source, sha256
           ) AS first
           WHERE again.status = 'DUPLICATE' AND first.source = again.source AND first.sha256 = again.sha256"""
    )
