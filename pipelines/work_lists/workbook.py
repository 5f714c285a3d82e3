"""The work lists as a workbook in the plan's own folder: how much waits, then a sheet for each list."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.checkpoints import Checkpoint, reached
from pipelines.load.told_rows import view_told_rows
from pipelines.sheets import Book, Cell
from pipelines.warehouse import Warehouse
from pipelines.work_lists.lists import WORK_LISTS

_COLUMNS = (
    "Due", "Days left", "Last name", "First name", "Birth date", "CIN", "County", "Facility", "Provider", "NPI", "Why",
    "Details", "Rule", "Since", "Source file", "Row",
)  # fmt: skip


def render_workbook(warehouse: Warehouse, business_date: date) -> bytes:
    """Write all lists; those without an item are told on the first page only."""
    rows = _rows(warehouse, business_date)
    book = Book("Work lists of the JI liaison", business_date)
    book.table(
        "Today",
        ("List", "Items", "What stands on it", "What to do", "Rule"),
        [(each.title, len(rows.get(name, ())), each.says, each.do, each.rule) for name, each in WORK_LISTS.items()],
        above=[f"What waits for the JI liaison on {business_date:%A, %Y-%m-%d}"],
        widest=90,
    )
    for name, each in WORK_LISTS.items():
        if name in rows:
            columns, cells = _told(rows[name])
            book.table(each.title, columns, cells, above=[each.title, f"{each.says} {each.do}"], widest=60)
    return book.close()


def write_workbook(warehouse: Warehouse, folder: Path, business_date: date) -> Path:
    """Put the workbook of the night into `folder`, all at once and for its owner's eyes alone; returns its path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"JI_WORK_LISTS_{business_date:%Y%m%d}.xlsx"
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(render_workbook(warehouse, business_date))
        file.flush()
        os.fsync(file.fileno())
    reached(Checkpoint.WORKBOOK_WRITTEN)
    fresh.replace(path)
    reached(Checkpoint.WORKBOOK_NAMED)
    return path


def _rows(warehouse: Warehouse, business_date: date) -> dict[str, list[Sequence[Cell]]]:
    """Fetch the items with the people they are about, by list."""
    query = Path(__file__).with_name("people.sql").read_text(encoding="utf-8")
    view_told_rows(warehouse)
    by_list: dict[str, list[Sequence[Cell]]] = {}
    for name, reason, due, *cells in warehouse.rows(query):
        days = None if due is None else (due - business_date).days
        by_list.setdefault(name, []).append((due, days, *_worded(cells, WORK_LISTS[name].words(reason))))
    return by_list


def _told(rows: Sequence[Sequence[Cell]]) -> tuple[list[str], list[list[Cell]]]:
    """Leave out the columns in which nothing stands on this list."""
    told = [place for place in range(len(_COLUMNS)) if any(row[place] is not None for row in rows)]
    return [_COLUMNS[place] for place in told], [[row[place] for place in told] for row in rows]


def _worded(cells: Sequence[Any], why: str) -> list[Cell]:
    """Put the words of the reason between who it is about and where it comes from."""
    return [*cells[:8], why, *cells[8:]]
