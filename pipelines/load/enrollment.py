"""An 834 -> `facts.enrollment_members`, `_coverage`, `_reporting`: member by member, the envelope all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from parsers.x12.envelope import read_envelope
from parsers.x12.profile import EnrollmentProfile
from parsers.x12.reader import EnrollmentChunk, read_834
from pipelines.config import ExchangeConfig
from pipelines.intake import ledger
from pipelines.intake.ledger import LedgerFile
from pipelines.load.quarantine import MOST_KEPT, clear, described, rejected_rows, warned_rows
from pipelines.warehouse import Warehouse
from schemas.enrollment import check_chunk
from schemas.findings import file_fault, findings
from schemas.problems import FileFault

_CHUNK = 8 << 20
"""Bytes of an 834 checked and stored at a time: Pandera costs by column and call, so few large tables are cheapest."""


@dataclass
class _Tally:
    """Counts of a file while it is read."""

    rows_in: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    rows_warned: int = 0
    without_cin: int = 0
    findings_kept: int = 0
    kept: list[pd.DataFrame] = field(default_factory=list)

    def keep(self, table: pd.DataFrame) -> None:
        """Remember the first findings, for the case that the file is held and its rows are not loaded."""
        self.kept.append(table.head(MOST_KEPT - self.findings_kept))
        self.findings_kept += len(self.kept[-1])

    def counts(self) -> dict[str, int]:
        return {
            "rows_in": self.rows_in,
            "rows_loaded": self.rows_loaded,
            "rows_rejected": self.rows_rejected,
            "rows_duplicate": 0,
            "rows_warned": self.rows_warned,
        }


def load_834(
    warehouse: Warehouse,
    config: ExchangeConfig,
    file: LedgerFile,
    profile: EnrollmentProfile,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Load one 834 in one transaction; a fault of the envelope, control totals or thresholds holds the file whole.

    `progress` is told the number of members read so far.
    """
    tally = _Tally()
    try:
        path = file.landed(config.home)
        control_number = _new_control_number(warehouse, file, path)
        with warehouse.transaction():
            clear(warehouse, file.file_id)
            for chunk in read_834(path, profile, chunk_size=_CHUNK):
                _load_chunk(warehouse, config, file, chunk, tally)
                progress(tally.rows_in)
            _refuse_beyond_thresholds(config, tally)
            _refuse_shrunk_roster(warehouse, config, file, tally)
            status = "ACCEPTED_WITH_ERRORS" if tally.rows_rejected else "ACCEPTED"
            ledger.settle(warehouse, file, status, tally.counts(), reason="" if tally.rows_in else "F10")
            warehouse.run(
                "UPDATE ledger.files SET control_number = $number WHERE file_id = $file_id",
                {"number": control_number, "file_id": file.file_id},
            )
    except FileFault as fault:
        ledger.hold(warehouse, file, fault, tally.rows_in, pd.concat([pd.DataFrame(), *tally.kept]))


def _new_control_number(warehouse: Warehouse, file: LedgerFile, path: Path) -> str:
    envelope = read_envelope(path)
    number = f"{envelope.sender_id}:{envelope.control_number}"
    if warehouse.value(
        "SELECT count(*) > 0 FROM ledger.files WHERE control_number = $number AND source = $source",
        {"number": number, "source": file.source},
    ):
        raise file_fault("F11", where="ISA13")
    return number


def _load_chunk(
    warehouse: Warehouse, config: ExchangeConfig, file: LedgerFile, chunk: EnrollmentChunk, tally: _Tally
) -> None:
    found = pd.concat(
        [
            chunk.findings,
            check_chunk(chunk.members, chunk.coverage, chunk.reporting, as_of=file.file_date),
            _status_warnings(config, chunk.coverage),
        ],
        ignore_index=True,
    )
    rejected = rejected_rows(found)
    told = described(found, chunk.members["segment_no"], chunk.segments)
    warehouse.insert("quarantine.rows", told, file_id=file.file_id)
    tally.keep(told)

    good = chunk.members.drop(index=rejected)
    cins = good["cin"]
    stamp = {"file_id": file.file_id, "file_order": file.file_order}
    warehouse.insert("facts.enrollment_members", good.rename_axis("member_no").reset_index(), **stamp)
    for target, part in (
        ("facts.enrollment_coverage", chunk.coverage),
        ("facts.enrollment_reporting", chunk.reporting),
    ):
        kept = part[part["member_no"].isin(good.index)]
        warehouse.insert(target, kept.assign(cin=kept["member_no"].map(cins).astype("str")), **stamp)

    tally.rows_in += len(chunk.members)
    tally.rows_loaded += len(good)
    tally.rows_rejected += len(chunk.members) - len(good)
    tally.rows_warned += len(warned_rows(found))
    tally.without_cin += int(found.loc[found["code"].isin(["R01", "R02"]), "row"].nunique())


def _status_warnings(config: ExchangeConfig, coverage: pd.DataFrame) -> pd.DataFrame:
    known = [status for listed in config.justice_involved.hcp_status.values() for status in listed]
    unknown = coverage.loc[coverage["hcp_status"].notna() & ~coverage["hcp_status"].isin(known), "member_no"]
    return findings(unknown.unique().tolist(), "hcp_status", "W05")


def _refuse_beyond_thresholds(config: ExchangeConfig, tally: _Tally) -> None:
    if not tally.rows_in:
        return
    if 1 - tally.without_cin / tally.rows_in < config.safety.cin_slot_min_share:
        raise file_fault("F13", f"{tally.without_cin} of {tally.rows_in} members")
    if tally.rows_rejected / tally.rows_in > config.safety.max_rejected_share:
        raise file_fault("F14", f"{tally.rows_rejected} of {tally.rows_in} members")


def _refuse_shrunk_roster(warehouse: Warehouse, config: ExchangeConfig, file: LedgerFile, tally: _Tally) -> None:
    if file.scope != "FULL":
        return
    before = warehouse.value(
        """SELECT arg_max(rows_in, file_order) FROM ledger.files
           WHERE source = $source AND scope = 'FULL' AND status LIKE 'ACCEPTED%' AND file_order < $file_order""",
        {"source": file.source, "file_order": file.file_order},
    )
    if before and tally.rows_in < (1 - config.safety.max_full_shrink) * before:
        raise file_fault("F12", f"{tally.rows_in} members after {before}")
