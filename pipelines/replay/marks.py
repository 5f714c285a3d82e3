"""How far everything that only grows had grown when files were written: what was known, and a replay may know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from pipelines.load.returns import RETURNS
from pipelines.load.tabular import FACTS
from pipelines.warehouse import Warehouse

MARKED = {
    "ledger.files": "arrival",
    "facts.liaison_decisions": "sequence",
    "facts.liaison_events": "sequence",
    "facts.identity_decisions": "sequence",
    "facts.cin_merges": "sequence",
    "facts.releases": "sequence",
    "facts.roster_entries": "sequence",
    "facts.assignment_decisions": "decision",
    "delivery.deliveries": "delivery",
}
"""Tables to which rows are only added, with the number that rises."""

_OF_FILES = (
    "facts.enrollment_members", "facts.enrollment_coverage", "facts.enrollment_reporting",
    *FACTS.values(), *RETURNS.values(),
)  # fmt: skip


def note_marks(warehouse: Warehouse, on: date) -> None:
    """Put the files to providers that the night of `on` just wrote into a batch, and note what was known for it.

    What is written with the same knowledge is one batch, whatever the run: a night that was broken off, and writes anew
    what had not gone, ends as if it had not been.
    """
    fresh = "recipient_kind = 'PROVIDER' AND business_date = $on AND batch IS NULL"
    with warehouse.transaction():
        if not warehouse.value(f"SELECT count(*) FROM delivery.outbox WHERE {fresh}", {"on": on}):  # noqa: S608 - a constant
            return
        last = warehouse.value("SELECT coalesce(max(batch), 0) FROM ledger.marks WHERE business_date = $on", {"on": on})
        known = {
            name: warehouse.value(f"SELECT coalesce(max({number}), 0) FROM {name}")  # noqa: S608 - constants
            for name, number in MARKED.items()
        }
        batch = last if _knew(warehouse, on, last, known) else last + 1
        if batch > last:
            marks = pd.DataFrame(known.items(), columns=["name", "mark"]).astype({"name": "str", "mark": "int64"})
            warehouse.insert("ledger.marks", marks, business_date=on, batch=batch)
        warehouse.run(f"UPDATE delivery.outbox SET batch = $batch WHERE {fresh}", {"on": on, "batch": batch})  # noqa: S608 - a constant


def _knew(warehouse: Warehouse, on: date, batch: int, known: Mapping[str, int]) -> bool:
    """Tell whether a batch knew all that is known now; what this night has delivered since changes no other's files."""
    this = {"on": on, "batch": batch}
    marks = _marks(warehouse, on, batch)
    settled = warehouse.value(
        """SELECT count(*) FROM delivery.deliveries
           WHERE business_date < $on AND delivery > (
               SELECT max(mark) FROM ledger.marks
               WHERE business_date = $on AND batch = $batch AND name = 'delivery.deliveries')""",
        this,
    )
    return not settled and all(marks.get(name) == mark for name, mark in known.items() if name != "delivery.deliveries")


def _marks(warehouse: Warehouse, on: date, batch: int) -> dict[str, int]:
    return dict(
        warehouse.rows(
            "SELECT name, mark FROM ledger.marks WHERE business_date = $on AND batch = $batch",
            {"on": on, "batch": batch},
        )
    )


def go_back(warehouse: Warehouse, on: date, batch: int) -> None:
    """Take away all that was not known when a batch was written. Meant for a rehearsal: nothing of it may stay."""
    this, marks = {"on": on, "batch": batch}, _marks(warehouse, on, batch)
    # A file that a person released later was held then, and its rows were no facts.
    warehouse.run(
        """UPDATE ledger.files SET status = 'HELD' WHERE file_id IN (
               SELECT subject FROM facts.releases WHERE kind = 'FILE' AND sequence > $mark)""",
        {"mark": marks["facts.releases"]},
    )
    for name, number in MARKED.items():
        warehouse.run(f"DELETE FROM {name} WHERE {number} > $mark", {"mark": marks[name]})  # noqa: S608 - constants
    for name in _OF_FILES:
        warehouse.run(
            f"""DELETE FROM {name} WHERE file_id NOT IN (
                    SELECT file_id FROM ledger.files WHERE status LIKE 'ACCEPTED%')"""  # noqa: S608 - constants
        )
    warehouse.run("DELETE FROM delivery.delivered_rows WHERE delivery > $mark", {"mark": marks["delivery.deliveries"]})
    warehouse.run(
        """DELETE FROM delivery.outbox
           WHERE recipient_kind = 'PROVIDER' AND (business_date > $on OR business_date = $on AND batch >= $batch)""",
        this,
    )
    # What has arrived since was on its way: nobody knew then what its recipient had been told.
    warehouse.run(
        """UPDATE delivery.outbox SET status = 'FAILED'
           WHERE status = 'DELIVERED' AND outbox_id NOT IN (SELECT outbox_id FROM delivery.deliveries)"""
    )
    warehouse.run("DELETE FROM ledger.runs WHERE business_date > $on", {"on": on})
