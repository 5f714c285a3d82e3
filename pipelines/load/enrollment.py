"""An 834 -> `facts.enrollment_members`, `_coverage`, `_reporting`: member by member, the envelope all or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from parsers.x12.conformance import examine
from parsers.x12.envelope import read_envelope
from parsers.x12.interchanges import read_interchanges
from parsers.x12.profile import EnrollmentProfile
from parsers.x12.reader import EnrollmentChunk, read_834
from parsers.x12.workers import ReaderDied
from pipelines.checkpoints import Checkpoint, reached
from pipelines.config import ExchangeConfig
from pipelines.enrollment.apply import lend_policy
from pipelines.enrollment.roster import missing_from
from pipelines.intake import ledger
from pipelines.intake.ledger import LedgerFile
from pipelines.load.enrollment_tables import accepted_tables
from pipelines.load.guide import NO_FINDINGS, GuideCheck
from pipelines.load.interchanges import keep_interchanges, refuse_repeated
from pipelines.load.quarantine import MOST_KEPT, NO_ROWS, clear, described, rejected_rows, warned_rows
from pipelines.warehouse import Warehouse
from schemas.enrollment import check_chunk
from schemas.findings import file_fault, findings
from schemas.problems import FileFault

_CHUNK = 3 << 20
"""Bytes of an 834 checked and stored at a time: larger tables save calls, smaller ones memory."""


_PROCESSES = min(2, os.cpu_count() or 1)
"""Processes that read a large 834; with more, this one, which stores what they read, is what they wait for."""

Progress = Callable[[int, int], None]
"""Told of bytes: how many are done, and of how many."""


def tell_nobody(done: int, total: int) -> None:
    """Tell nobody how far a file is."""


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
    progress: Progress = tell_nobody,
) -> None:
    """Load one 834 in one transaction; a fault of the envelope, control totals or thresholds holds the file whole.

    `progress` is told how many bytes of the file are loaded, and how many there are. When a process that reads for this
    one dies, for want of memory say, the file is read again by this one alone: the others must not wait for it.
    """
    try:
        _load(warehouse, config, file, profile, _PROCESSES, progress)
    except ReaderDied:
        _load(warehouse, config, file, profile, 1, progress)


def _load(
    warehouse: Warehouse,
    config: ExchangeConfig,
    file: LedgerFile,
    profile: EnrollmentProfile,
    processes: int,
    progress: Progress,
) -> None:
    tally = _Tally()
    guide = GuideCheck(config, file.source)
    path: Path | None = None
    try:
        path = file.landed(config.home)
        size = path.stat().st_size
        read_envelope(path)  # which refuses a file that does not begin as an 834 does
        with warehouse.transaction():
            clear(warehouse, file.file_id)
            with warehouse.little_memory():
                for chunk in read_834(path, profile, chunk_size=_CHUNK, processes=processes, examine=examine):
                    _load_chunk(warehouse, config, file, chunk, guide.take(chunk), tally)
                    reached(Checkpoint.MEMBERS_INSERTED)
                    progress(chunk.bytes_read, size)
            guide.end()
            interchanges = guide.interchanges()
            refuse_repeated(warehouse, file, interchanges)
            _refuse_beyond_thresholds(config, file, tally)
            _refuse_shrunk_roster(warehouse, config, file, tally)
            status = "ACCEPTED_WITH_ERRORS" if tally.rows_rejected else "ACCEPTED"
            ledger.settle(warehouse, file, status, tally.counts(), reason="" if tally.rows_in else "F10")
            keep_interchanges(warehouse, file.file_id, interchanges, guide.deviations)
            reached(Checkpoint.ENROLLMENT_SETTLED)
    except FileFault as fault:
        # Its envelopes are read on beyond the fault: an acknowledgement names them all.
        interchanges = read_interchanges(path) if path is not None else ()
        keep_interchanges(warehouse, file.file_id, interchanges, guide.deviations)
        reached(Checkpoint.ENVELOPE_KEPT)
        ledger.hold(warehouse, file, fault, tally.rows_in, pd.concat([pd.DataFrame(), *tally.kept]))


def _load_chunk(
    warehouse: Warehouse,
    config: ExchangeConfig,
    file: LedgerFile,
    chunk: EnrollmentChunk,
    by_the_guide: pd.DataFrame,
    tally: _Tally,
) -> None:
    if chunk.members.empty:
        return
    parts = (
        chunk.findings,
        by_the_guide,
        check_chunk(chunk.members, chunk.coverage, chunk.reporting, as_of=file.file_date),
        _status_warnings(config, chunk.coverage),
    )
    rejected = NO_ROWS
    if some := [part for part in parts if len(part)]:
        found = pd.concat(some, ignore_index=True)
        rejected = rejected_rows(found)
        told = described(found, chunk.members["segment_no"], chunk.segments.of(rejected))
        warehouse.insert("quarantine.rows", told, file_id=file.file_id)
        tally.keep(told)
        tally.rows_warned += len(warned_rows(found))
        tally.without_cin += int(found.loc[found["code"].isin(["R01", "R02"]), "row"].nunique())
    for target, rows in accepted_tables(chunk, rejected):
        warehouse.insert(target, rows, file_id=file.file_id, file_order=file.file_order)

    tally.rows_in += len(chunk.members)
    tally.rows_loaded += len(chunk.members) - len(rejected)
    tally.rows_rejected += len(rejected)


def _status_warnings(config: ExchangeConfig, coverage: pd.DataFrame) -> pd.DataFrame:
    known = {status for listed in config.justice_involved.hcp_status.values() for status in listed}
    unknown = set(coverage["hcp_status"].dropna().unique()) - known
    if not unknown:
        return NO_FINDINGS
    rows = coverage.loc[coverage["hcp_status"].isin(list(unknown)), "member_no"]
    return findings(rows.unique().tolist(), "hcp_status", "W05")


def _refuse_beyond_thresholds(config: ExchangeConfig, file: LedgerFile, tally: _Tally) -> None:
    if not tally.rows_in:
        return
    if 1 - tally.without_cin / tally.rows_in < config.safety.cin_slot_min_share:
        file.refuse(file_fault("F13", f"{tally.without_cin} of {tally.rows_in} members"))
    if tally.rows_rejected / tally.rows_in > config.safety.max_rejected_share:
        file.refuse(file_fault("F14", f"{tally.rows_rejected} of {tally.rows_in} members"))


def _refuse_shrunk_roster(warehouse: Warehouse, config: ExchangeConfig, file: LedgerFile, tally: _Tally) -> None:
    if file.scope != "FULL":
        return
    before = warehouse.value(
        """SELECT arg_max(rows_in, file_order) FROM ledger.files
           WHERE source = $source AND scope = 'FULL' AND status LIKE 'ACCEPTED%' AND file_order < $file_order""",
        {"source": file.source, "file_order": file.file_order},
    )
    if before and tally.rows_in < (1 - config.safety.max_full_shrink) * before:
        file.refuse(file_fault("F12", f"{tally.rows_in} members after {before}"))
    lend_policy(warehouse, config)
    missing, on_roster = missing_from(warehouse, file.file_id)
    if missing > config.safety.max_full_shrink * on_roster:
        file.refuse(file_fault("F12", f"{missing} of {on_roster} members are missing"))
