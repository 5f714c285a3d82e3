"""Render the response to each tabular file that has none yet, and put it into the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any

import pandas as pd

from parsers.tabular import TabularFile
from pipelines.config import ExchangeConfig, Source
from pipelines.delimited import csv_bytes
from pipelines.delivery.outbox import OutboxFile, store
from pipelines.responses.found import Found, Told, Words, by_row, found_in
from pipelines.responses.rows import answered_rows, read_again
from pipelines.responses.stems import free_stem
from pipelines.responses.summary import Verdict
from pipelines.responses.workbook import MOST_ROWS, workbook_of
from pipelines.transfer.answers import ANSWER
from pipelines.warehouse import Warehouse
from schemas.findings import Severity
from schemas.problems import FileFault

_UNANSWERED = """
    SELECT file_id, source, name, kind, layout, sha256, arrival, business_date, status, reason, detail,
           rows_in, rows_loaded, rows_rejected, rows_duplicate
    FROM ledger.files
    WHERE list_contains($sources, source) AND status <> 'LANDED'
      AND NOT EXISTS (
          SELECT 1 FROM delivery.outbox AS o
          WHERE o.recipient_kind = 'SOURCE' AND o.recipient = source AND o.sequence = arrival AND o.scope = 'RESPONSE'
      )
    ORDER BY arrival
"""
_CORRECTS = """
    SELECT f.name, count(DISTINCT c.corrects_row_no)
    FROM ledger.corrections AS c JOIN ledger.files AS f ON f.file_id = c.corrects_file_id
    WHERE c.file_id = $file_id GROUP BY f.file_id, f.name, f.arrival ORDER BY f.arrival
"""


def prepare_responses(warehouse: Warehouse, config: ExchangeConfig, business_date: date) -> int:
    """Put a response into the outbox for every file that was settled and not answered; return how many files."""
    sources = {s.name: s for s in config.sources if s.responses is not None and s.kind != "834"}
    with warehouse.transaction():
        answered = warehouse.table(_UNANSWERED, {"sources": list(sources)})
        for file in answered.itertuples():
            source = sources[str(file.source)]
            stem = free_stem(warehouse, source.name, str(file.name), [f"{ANSWER}.json"]) + ANSWER
            for part, (name, content) in enumerate(_documents(warehouse, config, source, file, stem), start=1):
                store(
                    warehouse,
                    OutboxFile(
                        recipient_kind="SOURCE", recipient=source.name, business_date=business_date,
                        sequence=int(str(file.arrival)), scope="RESPONSE", part=part, name=name,
                        folder=str(source.responses), content=content, rows=int(str(file.rows_in)),
                    ),
                )  # fmt: skip
    return len(answered)


def _documents(
    warehouse: Warehouse, config: ExchangeConfig, source: Source, file: Any, stem: str
) -> list[tuple[str, bytes]]:
    """Render what answers a file, by its name: its rows, where they can be read, and a summary.

    Rows of a further sheet are answered in a file of their own; a workbook has all of them. Of a file that is held the
    rows are examined here: but for whom they speak of, little of what was found in them was kept, or nothing at all.
    """
    table = None if file.status == "DUPLICATE" else _readable(config, file)
    found = found_in(warehouse, str(file.file_id))
    if file.status == "HELD":
        strangers = [each for each in found if each.code == "R19"]
        found = [] if table is None else [*_examined(table, file.business_date), *strangers]
    sheets = [(sheet, _told(sheet, found)) for sheet in (() if table is None else table.sheets) if sheet.headings]
    rows = [
        (f"{stem}{f'_{sheet.layout.kind}' if number else ''}.csv", _answered([(sheet, told)], file))
        for number, (sheet, told) in enumerate(sheets)
    ]
    if sheets and _wants_workbook(source, sheets):
        rows.insert(0, (f"{stem}.xlsx", workbook_of(sheets, file.file_id, stem, file.business_date)))
    verdict = Verdict(
        file, source, found, sum(each.severity == Severity.WARN for each in by_row(found).values()),
        rows[0][0] if rows else "", Words.of(*_known_to(table)),
        warehouse.rows(_CORRECTS, {"file_id": file.file_id}),
    )  # fmt: skip
    return [*rows, (f"{stem}.json", verdict.as_json())]


def _wants_workbook(source: Source, sheets: Sequence[tuple[TabularFile, Any]]) -> bool:
    asked = bool(sheets[0][0].sheet) if source.response_workbook is None else source.response_workbook
    return asked and sum(len(sheet.rows) for sheet, _ in sheets) <= MOST_ROWS


def _told(sheet: TabularFile, found: Iterable[Found]) -> dict[int, Told]:
    return by_row((each for each in found if each.row in sheet.rows.index), sheet.headings, sheet.layout)


def _readable(config: ExchangeConfig, file: Any) -> TabularFile | None:
    try:
        return read_again(config, file)
    except FileFault:
        return None


def _examined(table: TabularFile, as_of: date) -> list[Found]:
    found = pd.concat([sheet.examine(as_of) for sheet in table.sheets])
    return [Found(*each) for each in found[["row", "column", "code", "severity"]].itertuples(index=False)]


def _known_to(table: TabularFile | None) -> tuple[Sequence[str], Any]:
    return ((), None) if table is None else (table.headings, table.layout)


def rows_with_findings(config: ExchangeConfig, file: Any, found: Iterable[Found]) -> bytes:
    """Write those of a sender's rows that something was found in, in the form of a response; one sheet after another.

    `file` has the columns of `ledger.files`. The sender's text is untouched, but for the mark that keeps a spreadsheet
    program from calculating it; `read_tabular` takes it off again.

    Raises
    ------
    FileFault
        When the rows cannot be read.
    """
    found = list(found)
    told = [(sheet, _told(sheet, found)) for sheet in read_again(config, file).sheets]
    return _answered([each for each in told if each[1]] or told[:1], file, only_those=True)


def _answered(told: Iterable[tuple[TabularFile, dict[int, Told]]], file: Any, *, only_those: bool = False) -> bytes:
    rows = (answered_rows(sheet, of, file.file_id, only_those=only_those) for sheet, of in told)
    return csv_bytes(chain.from_iterable(rows))
