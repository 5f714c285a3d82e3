"""Keep what was found about the rows of a file, with the sender's own text where a row was rejected."""

from __future__ import annotations

import pandas as pd

from pipelines.warehouse import Warehouse
from schemas.findings import Severity


def rejected_rows(found: pd.DataFrame) -> pd.Index[int]:
    """Return the labels of the rows that at least one finding rejects."""
    return _rows_with(found, Severity.REJECT)


def warned_rows(found: pd.DataFrame) -> pd.Index[int]:
    """Return the labels of the rows that only warnings speak of."""
    warned = _rows_with(found, Severity.WARN)
    return warned[~warned.isin(_rows_with(found, Severity.REJECT))]


def _rows_with(found: pd.DataFrame, severity: Severity) -> pd.Index[int]:
    rows = found.loc[(found["severity"] == severity.value) & (found["row"] >= 0), "row"]
    labels: pd.Index[int] = pd.Index(rows.unique().tolist(), dtype="int64")
    return labels


def keep(warehouse: Warehouse, file_id: str, found: pd.DataFrame, lines: pd.Series, original: pd.Series) -> None:
    """Append findings to `quarantine.rows`.

    `lines` gives the line, sheet row or segment of each row label, `original` the row's text as received.
    """
    if found.empty:
        return
    rejected = found["severity"] == Severity.REJECT.value
    table = pd.DataFrame(
        {
            "row": found["row"],
            "line": found["row"].map(lines).astype("Int64"),
            "column_name": found["column"],
            "code": found["code"],
            "severity": found["severity"],
            "original": found["row"].map(original).where(rejected).astype("str"),
        }
    )
    warehouse.insert("quarantine.rows", table, file_id=file_id)
