"""Render the response to each tabular file that has none yet, and put it into the outbox."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from parsers.tabular import read_tabular
from pipelines.config import ExchangeConfig
from pipelines.delimited import csv_bytes
from pipelines.delivery.outbox import OutboxFile, store
from pipelines.responses.stems import free_stem
from pipelines.warehouse import Warehouse
from schemas.findings import CATALOGUE
from schemas.layout import RESPONSE_COLUMNS, load_layout

Findings = dict[int, tuple[str, str, str, str]]
"""By row: codes, columns, severity and text."""

_STATUS = {
    "ACCEPTED": "ACCEPTED",
    "ACCEPTED_WITH_ERRORS": "ACCEPTED_WITH_ERRORS",
    "DUPLICATE": "DUPLICATE",
    "HELD": "REJECTED",
}

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


def prepare_responses(warehouse: Warehouse, config: ExchangeConfig, business_date: date) -> int:
    """Put a response into the outbox for every file that was settled and not answered; return how many files."""
    folders = {s.name: s.responses for s in config.sources if s.responses is not None and s.kind != "834"}
    with warehouse.transaction():
        answered = warehouse.table(_UNANSWERED, {"sources": list(folders)})
        for file in answered.itertuples():
            found = findings_of(warehouse, str(file.file_id))
            documents = [("json", _summary(file, sum(severity == "WARN" for _, _, severity, _ in found.values())))]
            if str(file.status).startswith("ACCEPTED"):
                documents.insert(0, ("csv", rows_with_findings(config, file, found)))
            stem = free_stem(warehouse, str(file.source), str(file.name), [".response.json"])
            for part, (kind, content) in enumerate(documents, start=1):
                store(
                    warehouse,
                    OutboxFile(
                        recipient_kind="SOURCE", recipient=str(file.source), business_date=business_date,
                        sequence=int(str(file.arrival)), scope="RESPONSE", part=part,
                        name=f"{stem}.response.{kind}", folder=str(folders[str(file.source)]), content=content,
                        rows=int(str(file.rows_in)),
                    ),
                )  # fmt: skip
    return len(answered)


def _summary(file: Any, rows_warned: int) -> bytes:
    reason = CATALOGUE.get(file.reason)
    summary = {
        "file_id": file.file_id,
        "file_name": file.name,
        "received_on": f"{file.business_date:%Y-%m-%d}",
        "layout": file.layout,
        "status": "STALE" if file.reason == "F08" else _STATUS[file.status],
        "rows_read": file.rows_in,
        "rows_accepted": file.rows_loaded,
        "rows_rejected": file.rows_rejected,
        "rows_duplicate": file.rows_duplicate,
        "rows_warned": rows_warned,
        "reason": None if reason is None else {"code": reason.code, "text": reason.meaning, "remedy": reason.remedy},
        "detail": file.detail,
    }
    return (json.dumps(summary, indent=2, ensure_ascii=False) + "\n").encode()


def rows_with_findings(config: ExchangeConfig, file: Any, found: Findings, *, only_those: bool = False) -> bytes:
    """Write the sender's own rows in order, with the findings of each in four columns at the end.

    `file` has the columns of `ledger.files`; with `only_those` the rows without a finding are left out. The sender's
    text is untouched, but for the mark that keeps a spreadsheet program from calculating it; `read_tabular` takes it
    off again.
    """
    landed = config.home / "landing" / file.sha256[:2] / file.sha256
    table = read_tabular(landed, load_layout(file.layout), name=file.name)
    cells = zip(table.original.index, table.original.fillna("").to_numpy().tolist(), strict=True)
    told = (row_and_cells for row_and_cells in cells if not only_those or row_and_cells[0] in found)
    answered = ([*original, *found.get(row, ("", "", "", ""))] for row, original in told)
    return csv_bytes([[*table.headings, *RESPONSE_COLUMNS], *answered])


def findings_of(warehouse: Warehouse, file_id: str) -> Findings:
    """What was found about the rows of a file, as a response says it."""
    found = warehouse.rows(
        """SELECT row, list(DISTINCT code ORDER BY code), list(DISTINCT column_name ORDER BY column_name), min(severity)
           FROM (
               SELECT row, code, column_name, severity FROM quarantine.rows WHERE file_id = $file_id AND row >= 0
               UNION ALL
               SELECT row_no, CASE method WHEN 'REVIEW' THEN 'W10' ELSE 'R05' END, 'cin', 'WARN'
               FROM exchange.identities
               WHERE file_id = $file_id AND method IN ('REVIEW', 'UNMATCHED', 'EXPIRED', 'NOBODY')
           )
           GROUP BY row""",
        {"file_id": file_id},
    )
    return {
        row: (
            "; ".join(codes),
            "; ".join(filter(None, columns)),
            severity,
            " ".join(f"{CATALOGUE[code].meaning}. {CATALOGUE[code].remedy}" for code in codes),
        )
        for row, codes, columns, severity in found
    }
