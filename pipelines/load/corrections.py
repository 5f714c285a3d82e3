"""What a file that came back corrects: references of its rows, followed to rows of earlier files of the same source."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from parsers.tabular import TabularFile
from pipelines.intake.ledger import LedgerFile
from pipelines.warehouse import Warehouse
from schemas.findings import findings
from schemas.formulas import as_meant
from schemas.layout import REFERENCE_COLUMN
from schemas.references import read_reference

_FILES = """
    SELECT f.file_id FROM ledger.files AS f JOIN (SELECT DISTINCT unnest($beginnings) AS beginning)
      ON starts_with(f.file_id, beginning)
    WHERE f.source = $source AND f.file_id <> $file_id
"""
_BROKEN = """
    SELECT b.row_no, q.original FROM links AS b
    JOIN quarantine.rows AS q ON q.file_id = b.corrects_file_id AND q.row = b.corrects_row_no
    WHERE q.code = 'R15' AND q.original IS NOT NULL
    ORDER BY ALL
"""


@dataclass(frozen=True)
class Links:
    """What the references of a file lead to.

    Attributes
    ----------
    rows
        A line for each row whose reference leads to an earlier one: `row_no`, `corrects_file_id`, `corrects_row_no`.
    findings
        W11 for references that lead nowhere or to another sender's file; R15 for a row that had too few or too many
        cells and came back as it was: a response fills it up, and nobody can tell any better which cell is which.
    """

    rows: pd.DataFrame
    findings: pd.DataFrame


def links_of(warehouse: Warehouse, file: LedgerFile, table: TabularFile) -> Links:
    """Follow the references of a file's rows."""
    read = {text: found for text in table.references.unique() if (found := read_reference(text))}
    beginnings = [reference.beginning for reference in read.values()]
    known = {"beginnings": beginnings, "source": file.source, "file_id": file.file_id}
    ids = [file_id for (file_id,) in warehouse.rows(_FILES, known)] if beginnings else []
    leads = {
        text: (file_id, reference.row)
        for text, reference in read.items()
        for file_id in ids
        if reference.is_of(file_id)
    }
    followed = table.references[table.references.isin(leads)]
    rows = pd.DataFrame(
        [(row, *leads[text]) for row, text in followed.items()],
        columns=["row_no", "corrects_file_id", "corrects_row_no"],
    ).astype({"row_no": "int64", "corrects_file_id": "str", "corrects_row_no": "int64"})
    astray = table.references.index.difference(followed.index)
    warnings = findings(astray.tolist(), REFERENCE_COLUMN, "W11")
    broken = findings(list(_as_they_were(warehouse, rows, table)), "", "R15")
    return Links(rows, pd.concat([warnings, broken], ignore_index=True))


def _as_they_were(warehouse: Warehouse, links: pd.DataFrame, table: TabularFile) -> Iterable[int]:
    """Give the rows that correct a row with R15 and say, cell by cell, what that one said."""
    if links.empty:
        return
    warehouse.lend("links", links)
    for row, original in warehouse.rows(_BROKEN):
        if _meant(json.loads(original)) == _meant(table.original.loc[row].fillna("")):
            yield row


def _meant(cells: Iterable[str]) -> list[str]:
    """Return what cells mean, as far as any is filled."""
    meant = [as_meant(cell).strip() for cell in cells]
    while meant and not meant[-1]:
        meant.pop()
    return meant
