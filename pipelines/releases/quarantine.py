"""What is held and what was rejected, by file and code: for a person who decides what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipelines.config import ExchangeConfig
from pipelines.delimited import csv_bytes
from pipelines.delivery.gates import GATES
from pipelines.releases.inbound import FILE_CODES
from pipelines.responses.found import by_row, found_in
from pipelines.responses.respond import rows_with_findings
from pipelines.warehouse import Warehouse
from schemas.findings import CATALOGUE
from schemas.layout import RESPONSE_COLUMNS
from schemas.problems import ExchangeError, ExitCode

_RECENT = timedelta(days=31)
"""How far back files are listed when nobody says otherwise: a month and its full files."""

_HELD_FILES = """
    SELECT f.file_id, f.source, f.kind, f.business_date, f.reason, f.rows_in,
           (SELECT count(DISTINCT corrects_row_no) FROM ledger.corrections WHERE corrects_file_id = f.file_id), f.detail
    FROM ledger.files AS f
    WHERE f.status = 'HELD' AND f.business_date >= $since
    ORDER BY f.arrival DESC
"""
_HELD_ROWS = """
    SELECT h.hold_id, h.npi, h.business_date, h.code, h.rows, h.detail
    FROM delivery.holds AS h
    SEMI JOIN delivery.outbox AS o ON o.recipient = h.npi AND o.business_date = h.business_date AND o.status = 'HELD'
    ORDER BY h.npi, h.code
"""
_REJECTED = """
    SELECT f.file_id, f.source, f.kind, f.business_date, q.code, count(DISTINCT q.row) AS rows,
           count(DISTINCT c.corrects_row_no) AS again
    FROM quarantine.rows AS q JOIN ledger.files AS f ON f.file_id = q.file_id
    LEFT JOIN ledger.corrections AS c ON c.corrects_file_id = q.file_id AND c.corrects_row_no = q.row
    WHERE q.severity = 'REJECT' AND q.row >= 0 AND f.business_date >= $since
    GROUP BY ALL ORDER BY max(f.arrival) DESC, rows DESC, q.code
"""
_FINDINGS = """
    SELECT row, line, column_name, code, severity, original,
           (SELECT string_agg(DISTINCT left(file_id, 12) || ' row ' || row_no, ', ') FROM ledger.corrections AS c
            WHERE c.corrects_file_id = q.file_id AND c.corrects_row_no = q.row) AS again
    FROM quarantine.rows AS q
    WHERE file_id = $id ORDER BY row, code, column_name
"""
_CORRECTS = """
    SELECT left(corrects_file_id, 12), count(DISTINCT row_no) FROM ledger.corrections
    WHERE file_id = $id GROUP BY corrects_file_id ORDER BY corrects_file_id
"""
_ROWS_OF_HOLD = """
    SELECT r.record_action, r.change_reason, r.assignment_id, r.cin, r.content ->> 'last_name',
           r.content ->> 'first_name'
    FROM delivery.holds AS h
    JOIN delivery.outbox AS o ON o.recipient = h.npi AND o.business_date = h.business_date AND o.status = 'HELD'
    JOIN delivery.outbox_rows AS r ON r.outbox_id = o.outbox_id
    WHERE h.hold_id = $id AND o.scope = 'DELTA' ORDER BY ALL
"""

_ALL_CAME_AGAIN = "Nothing: all of them came again."
_RELEASE = "Look at it with `show`, then `release` it if it is right."


@dataclass(frozen=True)
class Entry:
    """Something that is held, or rejected rows of one code. Counts and codes only."""

    id: str
    of: str
    """The source that sent it, or the NPI of the provider it is for."""
    kind: str
    night: date
    code: str
    rows: int
    again: int
    """How many of the rows came again; those that are still wrong stand in the list for the file they came in."""
    meaning: str
    detail: str
    then: str
    """What there is to do."""


@dataclass(frozen=True)
class Quarantine:
    """What is held of what came, what is held of what would go, and rejected rows."""

    files: tuple[Entry, ...]
    deliveries: tuple[Entry, ...]
    rejected: tuple[Entry, ...]


def list_quarantine(warehouse: Warehouse, since: date | None = None) -> Quarantine:
    """List what waits for a person; files that came since a day, or in the last month."""
    if since is None:
        last = warehouse.value("SELECT max(business_date) FROM ledger.runs")
        since = (last or date.max) - _RECENT
    known = {"since": since}
    return Quarantine(
        tuple(
            Entry(file_id, source, kind, night, code, rows, again, CATALOGUE[code].meaning, detail,
                  _RELEASE if code in FILE_CODES else CATALOGUE[code].remedy)
            for file_id, source, kind, night, code, rows, again, detail in warehouse.rows(_HELD_FILES, known)
        ),
        tuple(
            Entry(hold_id, npi, "assignments", night, code, rows, 0, GATES[code].meaning, detail,
                  _RELEASE if GATES[code].releasable else GATES[code].remedy)
            for hold_id, npi, night, code, rows, detail in warehouse.rows(_HELD_ROWS)
        ),
        tuple(
            Entry(file_id, source, kind, night, code, rows, again, CATALOGUE[code].meaning, "",
                  CATALOGUE[code].remedy if again < rows else _ALL_CAME_AGAIN)
            for file_id, source, kind, night, code, rows, again in warehouse.rows(_REJECTED, known)
        ),
    )  # fmt: skip


def file_in_question(warehouse: Warehouse, beginning: str) -> Any:
    """Find the one file of the ledger whose id begins so, as a row of `ledger.files`; none is None.

    Raises
    ------
    NotThere
        When several files begin so.
    """
    found = list(
        warehouse.table(
            "FROM ledger.files WHERE starts_with(file_id, $id) AND length($id) >= 6", {"id": beginning.lower()}
        ).itertuples()
    )
    if len(found) > 1:
        raise NotThere(
            "H10",
            "several files have an id that begins so",
            remedy="Give more characters, as `ecm-exchange quarantine list` shows them.",
        )
    return found[0] if found else None


def corrections_in(warehouse: Warehouse, file_id: str) -> list[tuple[str, int]]:
    """List what a file corrects: how the ids of earlier files begin, and how many of its rows correct theirs."""
    return warehouse.rows(_CORRECTS, {"id": file_id})


def findings_in(warehouse: Warehouse, file_id: str) -> list[tuple[Any, ...]]:
    """List what was found in a file: row, line, column, code, severity, the sender's text, where it came again. PHI."""
    return warehouse.rows(_FINDINGS, {"id": file_id})


def rows_held(warehouse: Warehouse, hold_id: str) -> list[tuple[Any, ...]]:
    """List the rows for a provider that a gate holds, and those held beside them: action, reason, who. PHI."""
    return warehouse.rows(_ROWS_OF_HOLD, {"id": hold_id})


def rejected_rows_of(warehouse: Warehouse, config: ExchangeConfig, file: Any) -> bytes:
    """Write a file's rejected rows as its response would: the sender's text, then codes, columns, severity, meaning.

    Of an 834, whose members are no rows of a table, each member's segments stand in one cell.

    Raises
    ------
    ExchangeError
        When no row of the file was rejected, or its rows cannot be read at all.
    """
    bad = {row for row, severity in _severities(warehouse, str(file.file_id)) if severity == "REJECT"}
    if not bad:
        raise ExchangeError(
            "H06", "no row of this file was rejected by itself", remedy="See `ecm-exchange quarantine show ID`."
        )
    found = [each for each in found_in(warehouse, str(file.file_id)) if each.row in bad]
    if file.kind != "834":
        return rows_with_findings(config, file, found)
    places = {
        row: (line, original)
        for row, line, _, _, _, original, _ in findings_in(warehouse, str(file.file_id))
        if original is not None
    }
    told = ([row, *places.get(row, (None, None)), *said.cells()] for row, said in sorted(by_row(found).items()))
    return csv_bytes([["member", "segment", "member_loop", *RESPONSE_COLUMNS], *told])


def _severities(warehouse: Warehouse, file_id: str) -> list[tuple[int, str]]:
    return [(row, severity) for row, _, _, _, severity, *_ in findings_in(warehouse, file_id) if row >= 0]


class NotThere(ExchangeError):
    """Nothing has the id that was given, or several things have."""

    exit_code = ExitCode.USAGE
