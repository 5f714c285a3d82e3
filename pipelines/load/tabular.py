"""A referral, MIF or release-notice file -> its facts table: usable rows are loaded, the others quarantined."""

from __future__ import annotations

import json

import pandas as pd

from parsers.tabular import TabularFile, read_tabular
from pipelines.checkpoints import Checkpoint, reached
from pipelines.config import ExchangeConfig
from pipelines.intake import ledger
from pipelines.intake.ledger import LedgerFile
from pipelines.load.complete import proven_whole
from pipelines.load.quarantine import MOST_KEPT, clear, described, rejected_rows, warned_rows
from pipelines.warehouse import Warehouse
from schemas.findings import file_fault
from schemas.layout import load_layout
from schemas.problems import FileFault

FACTS = {"mini_mif": "facts.referrals", "mif": "facts.mif_members", "release_notice": "facts.release_notices"}
"""Facts table of each kind of tabular file."""

_MANY = 20
"""Fewer rows than this are never held for their share of rejects: a few bad rows are no sign of a wrong file."""


def load_tabular(warehouse: Warehouse, config: ExchangeConfig, file: LedgerFile) -> None:
    """Load one tabular file in one transaction; a file that cannot be read is held whole."""
    rows_seen, told = 0, pd.DataFrame()
    try:
        layout = load_layout(file.layout)
        path = file.landed(config.home)
        table = proven_whole(read_tabular(path, layout, name=file.name), path, config, file.source)
        rows_seen = len(table.rows)
        found = table.examine(file.file_date)
        told = described(found, table.lines, _as_received(table))
        counts, good = _sort_out(table, found)
        if rows_seen >= _MANY and counts["rows_rejected"] > config.safety.max_rejected_share * rows_seen:
            file.refuse(file_fault("F14", f"{counts['rows_rejected']} of {rows_seen} rows"))
        with warehouse.transaction():
            clear(warehouse, file.file_id)
            warehouse.insert("quarantine.rows", told, file_id=file.file_id)
            warehouse.insert(
                FACTS[file.kind],
                good.assign(row_no=good.index, line_no=table.lines.reindex(good.index)),
                file_id=file.file_id,
                file_order=file.file_order,
                source=file.source,
                file_date=file.file_date,
            )
            reached(Checkpoint.ROWS_INSERTED)
            status = "ACCEPTED_WITH_ERRORS" if counts["rows_rejected"] else "ACCEPTED"
            ledger.settle(warehouse, file, status, counts, reason="" if rows_seen else "F10")
            reached(Checkpoint.ROWS_SETTLED)
    except FileFault as fault:
        ledger.hold(warehouse, file, fault, rows_seen, told.head(MOST_KEPT))


def _sort_out(table: TabularFile, found: pd.DataFrame) -> tuple[dict[str, int], pd.DataFrame]:
    """Split the rows into loaded, rejected and repeated; a row that is wrong and repeated counts as rejected."""
    repeats = found["code"] == "R09"
    rejected = rejected_rows(found[~repeats])
    repeated = rejected_rows(found[repeats]).difference(rejected)
    good = table.rows.drop(index=rejected.union(repeated))
    counts = {
        "rows_in": len(table.rows),
        "rows_loaded": len(good),
        "rows_rejected": len(rejected),
        "rows_duplicate": len(repeated),
        "rows_warned": len(warned_rows(found)),
    }
    return counts, good


def _as_received(table: TabularFile) -> pd.Series:
    cells = table.original.fillna("").to_numpy().tolist()
    return pd.Series([json.dumps(row, ensure_ascii=False) for row in cells], index=table.original.index, dtype="str")
