"""How far everything that only grows had grown when files were written: what was known, and a replay may know."""

from __future__ import annotations

from datetime import date

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
    "facts.enrollment_members", "facts.enrollment_coverage", "facts.enrollment_reporting", *FACTS.values(),
)  # fmt: skip


def note_marks(warehouse: Warehouse, on: date) -> None:
    """Number the files to providers that the night of `on` just wrote as one batch, and note what was known for it.

    A night that runs again and writes nothing has no further batch. One that was broken off and writes the same files
    anew ends with the batches it would have had.
    """
    with warehouse.transaction():
        batch = warehouse.value(
            """SELECT coalesce(max(batch) FILTER (status <> 'SUPERSEDED'), 0) + 1 FROM delivery.outbox
               WHERE recipient_kind = 'PROVIDER' AND business_date = $on
               HAVING count(*) FILTER (batch IS NULL) > 0""",
            {"on": on},
        )
        if batch is None:
            return
        this = {"on": on, "batch": batch}
        warehouse.run("DELETE FROM ledger.marks WHERE business_date = $on AND batch >= $batch", this)
        for name, number in MARKED.items():
            warehouse.run(
                f"""INSERT INTO ledger.marks BY NAME
                    SELECT $on AS business_date, $batch AS batch, $name AS name, coalesce(max({number}), 0) AS mark
                    FROM {name}""",  # noqa: S608 - constants
                {**this, "name": name},
            )
        warehouse.run(
            """UPDATE delivery.outbox SET batch = $batch
               WHERE recipient_kind = 'PROVIDER' AND business_date = $on AND batch IS NULL""",
            this,
        )


def go_back(warehouse: Warehouse, on: date, batch: int) -> None:
    """Take away all that was not known when a batch was written. Meant for a rehearsal: nothing of it may stay."""
    this = {"on": on, "batch": batch}
    marks = dict(
        warehouse.rows("SELECT name, mark FROM ledger.marks WHERE business_date = $on AND batch = $batch", this)
    )
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
