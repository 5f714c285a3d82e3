"""Keep what was found about the rows of a file, with the sender's own text where a row was rejected."""

from __future__ import annotations

import pandas as pd

from pipelines.warehouse import Warehouse
from schemas.findings import Severity

MOST_KEPT = 10_000
"""Findings kept of a file that is held: enough to see why, whatever its size."""


NO_ROWS: pd.Index[int] = pd.Index([], dtype="int64")


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


def described(found: pd.DataFrame, lines: pd.Series, original: pd.Series) -> pd.DataFrame:
    """Put findings into the columns of `quarantine.rows`.

    `lines` gives the line, sheet row or segment of each row label, `original` the row's text as received. The text of a
    row on somebody who is none of the sender's (R19) is not kept: nobody here has a use for it.
    """
    strangers = found.loc[found["code"] == "R19", "row"]
    kept = (found["severity"] == Severity.REJECT.value) & ~found["row"].isin(strangers)
    return pd.DataFrame(
        {
            "row": found["row"],
            "line": found["row"].map(lines).astype("Int64"),
            "column_name": found["column"],
            "code": found["code"],
            "severity": found["severity"],
            "original": found["row"].map(original).where(kept).astype("str"),
        }
    )


def clear(warehouse: Warehouse, file_id: str) -> None:
    """Forget what an earlier attempt to load the file found."""
    for table in ("quarantine.rows", "ledger.corrections"):
        warehouse.run(f"DELETE FROM {table} WHERE file_id = $file_id", {"file_id": file_id})  # noqa: S608 - from above
