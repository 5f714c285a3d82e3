"""Which sources a night could not read to their end, kept for the report of the night and of those after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from pipelines.intake.pull_sources import SourceResult
from pipelines.warehouse import Warehouse


def note_visits(warehouse: Warehouse, on: date, results: Iterable[SourceResult]) -> None:
    """Enter what kept sources from being read in the night of `on`, in place of what an earlier run of it found."""
    told = [(r.source, r.code, "; ".join(sorted(r.skipped))) for r in results if r.code or r.skipped]
    with warehouse.transaction():
        warehouse.run("DELETE FROM ledger.visits WHERE business_date = $on", {"on": on})
        warehouse.insert(
            "ledger.visits", pd.DataFrame(told, columns=["source", "code", "left_codes"]), business_date=on
        )
