"""A file of rows -> facts, in one transaction: usable rows are loaded, the others quarantined."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from parsers.tabular import TabularFile, read_tabular
from pipelines.checkpoints import Checkpoint, reached
from pipelines.config import ExchangeConfig
from pipelines.intake import ledger
from pipelines.intake.ledger import LedgerFile
from pipelines.load.complete import proven_whole
from pipelines.load.corrections import links_of
from pipelines.load.quarantine import MOST_KEPT, clear, described, rejected_rows, warned_rows
from pipelines.warehouse import Warehouse
from schemas.findings import file_fault
from schemas.layout import load_layout
from schemas.problems import FileFault

FACTS = {
    "mini_mif": "facts.referrals",
    "mif": "facts.mif_members",
    "release_notice": "facts.release_notices",
    "care_plan_receipt": "facts.care_plan_receipts",
}
"""Facts table of each kind of list."""

_MANY = 20
"""Fewer rows than this are never held for their share of rejects: a few bad rows are no sign of a wrong file."""


@dataclass(frozen=True)
class Way:
    """How the rows of a kind of file become facts.

    Attributes
    ----------
    examine
        Returns what is found about the rows of a table.
    facts
        Returns each table of facts with the rows it gets, index and columns as in the table; given the good rows.
    inserted, settled
        Places of the night: the rows are inserted; the file is settled, not committed.
    """

    examine: Callable[[TabularFile], pd.DataFrame]
    facts: Callable[[pd.DataFrame], Iterable[tuple[str, pd.DataFrame]]]
    inserted: Checkpoint
    settled: Checkpoint


def load_list(warehouse: Warehouse, config: ExchangeConfig, file: LedgerFile) -> None:
    """Load a list of referrals, MIF rows or release notices."""
    way = Way(
        examine=lambda table: table.examine(told_by(file, table)),
        facts=lambda rows: [(FACTS[file.kind], rows)],
        inserted=Checkpoint.ROWS_INSERTED,
        settled=Checkpoint.ROWS_SETTLED,
    )
    load_tabular(warehouse, config, file, way)


def load_tabular(
    warehouse: Warehouse, config: ExchangeConfig, file: LedgerFile, way: Way, **constants: str | None
) -> None:
    """Load one tabular file; one that cannot be read is held whole. `constants` fill further columns of the facts."""
    rows_seen, told = 0, pd.DataFrame()
    try:
        layout = load_layout(file.layout)
        path = file.landed(config.home)
        table = proven_whole(read_tabular(path, layout, name=file.name), path, config, file.source)
        rows_seen = len(table.rows)
        found = way.examine(table)
        links = links_of(warehouse, file, table)
        found = pd.concat([found, links.findings], ignore_index=True)
        told = described(found, table.lines, _as_received(table))
        counts, good = _sort_out(table, found)
        if rows_seen >= _MANY and counts["rows_rejected"] > config.safety.max_rejected_share * rows_seen:
            file.refuse(file_fault("F14", f"{counts['rows_rejected']} of {rows_seen} rows"))
        with warehouse.transaction():
            clear(warehouse, file.file_id)
            warehouse.insert("quarantine.rows", told, file_id=file.file_id)
            warehouse.insert("ledger.corrections", links.rows, file_id=file.file_id)
            for target, rows in way.facts(good):
                warehouse.insert(
                    target,
                    rows.assign(row_no=rows.index, line_no=table.lines.reindex(rows.index)),
                    file_id=file.file_id,
                    file_order=file.file_order,
                    source=file.source,
                    file_date=file.file_date,
                    **constants,
                )
            reached(way.inserted)
            status = "ACCEPTED_WITH_ERRORS" if counts["rows_rejected"] else "ACCEPTED"
            ledger.settle(warehouse, file, status, counts, reason="" if rows_seen else "F10")
            reached(way.settled)
    except FileFault as fault:
        ledger.hold(warehouse, file, fault, rows_seen, told.head(MOST_KEPT))


def told_by(file: LedgerFile, table: TabularFile) -> date:
    """Return the day by which rows were told; what came back corrected may tell of days after that of its name."""
    return max(file.file_date, file.business_date) if table.is_answer else file.file_date


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
