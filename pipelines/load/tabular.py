"""A file of rows -> facts, in one transaction: usable rows are loaded, the others quarantined."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from schemas.kinds import LISTS
from schemas.layout import load_layout
from schemas.problems import FileFault

FACTS = {name: kind.facts for name, kind in LISTS.items()}
"""Facts table of each kind of list."""

_MANY = 20
"""Fewer rows than this are never held for their share of rejects: a few bad rows are no sign of a wrong file."""


@dataclass(frozen=True)
class Way:
    """How the rows of a kind of file become facts.

    Attributes
    ----------
    judge
        Returns the findings on a sheet that count, given all of them.
    facts
        Returns each table of facts with the rows it gets, given a sheet and its good rows.
    inserted, settled
        Places of the night: the rows are inserted; the file is settled, not committed.
    """

    judge: Callable[[TabularFile, pd.DataFrame], pd.DataFrame]
    facts: Callable[[TabularFile, pd.DataFrame], Iterable[tuple[str, pd.DataFrame]]]
    inserted: Checkpoint
    settled: Checkpoint


def load_list(warehouse: Warehouse, config: ExchangeConfig, file: LedgerFile) -> None:
    """Load a list of referrals, MIF rows or release notices."""
    way = Way(
        judge=lambda _, found: found,
        facts=lambda _, rows: [(FACTS[file.kind], rows)],
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
        rows_seen = sum(len(sheet.rows) for sheet in table.sheets)
        links = [links_of(warehouse, file, sheet) for sheet in table.sheets]
        found = [
            _together(way.judge(sheet, sheet.examine(_told_by(file, table))), of.findings)
            for sheet, of in zip(table.sheets, links, strict=True)
        ]
        told = pd.concat(
            [described(of, sheet.lines, _as_received(sheet)) for of, sheet in zip(found, table.sheets, strict=True)]
        )
        counts, left_out = _sort_out(rows_seen, pd.concat(found))
        _refuse_many_rejects(file, table, counts, config.safety.max_rejected_share)
        with warehouse.transaction():
            clear(warehouse, file.file_id)
            warehouse.insert("quarantine.rows", told, file_id=file.file_id)
            warehouse.insert("ledger.corrections", pd.concat([of.rows for of in links]), file_id=file.file_id)
            for sheet, target, rows in _facts(table, left_out, way):
                warehouse.insert(
                    target,
                    rows.assign(row_no=rows.index, line_no=sheet.lines.reindex(rows.index)),
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


def _refuse_many_rejects(file: LedgerFile, table: TabularFile, counts: Mapping[str, int], share: float) -> None:
    """Hold a file of which too many rows are rejected; or all of them, and a column that each row needs is not there.

    A sender that heads a column otherwise than its layout knows would lose every row of a list, however short. No
    release changes that before the layout is mended: there is nothing to load.
    """
    rejected, rows = counts["rows_rejected"], counts["rows_in"]
    missing = sorted(
        name
        for sheet in table.sheets
        if len(sheet.rows)
        for name in sheet.layout.required_columns - {sheet.layout.column_for(heading) for heading in sheet.headings}
    )
    if missing and rejected == rows:
        raise file_fault("F14", f"{rejected} of {rows} rows; there is no column {', '.join(missing)}")
    if rows >= _MANY and rejected > share * rows:
        file.refuse(file_fault("F14", f"{rejected} of {rows} rows"))


def _told_by(file: LedgerFile, table: TabularFile) -> date:
    """Return the day by which rows were told: that of the file's name, which may be the day after it came.

    What came back corrected may tell of days after that of its name.
    """
    return file.business_date if table.is_answer else min(file.file_date, file.business_date)


def _together(found: pd.DataFrame, of_links: pd.DataFrame) -> pd.DataFrame:
    """Put findings together; a row that still has too many cells is found in reading it, and by its reference."""
    return pd.concat([found, of_links]).drop_duplicates(ignore_index=True)


def _facts(table: TabularFile, left_out: pd.Index[int], way: Way) -> Iterator[tuple[TabularFile, str, pd.DataFrame]]:
    for sheet in table.sheets:
        good = sheet.rows[~sheet.rows.index.isin(left_out)]
        yield from ((sheet, target, rows) for target, rows in way.facts(sheet, good))


def _sort_out(rows_in: int, found: pd.DataFrame) -> tuple[dict[str, int], pd.Index[int]]:
    """Count the rows and tell which are left out; one that is wrong and repeats another counts as rejected."""
    repeats = found["code"] == "R09"
    rejected = rejected_rows(found[~repeats])
    repeated = rejected_rows(found[repeats]).difference(rejected)
    left_out = rejected.union(repeated)
    counts = {
        "rows_in": rows_in,
        "rows_loaded": rows_in - len(left_out),
        "rows_rejected": len(rejected),
        "rows_duplicate": len(repeated),
        "rows_warned": len(warned_rows(found)),
    }
    return counts, left_out


def _as_received(table: TabularFile) -> pd.Series:
    cells = table.original.fillna("").to_numpy().tolist()
    return pd.Series([json.dumps(row, ensure_ascii=False) for row in cells], index=table.original.index, dtype="str")
