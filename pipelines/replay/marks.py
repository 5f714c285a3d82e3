"""How far everything that only grows had grown when a run wrote its files: what it knew, and a replay may know."""

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
    """Note how far the last run of the night knows the facts, and that the files it just prepared are its own."""
    with warehouse.transaction():
        run = "(SELECT arg_max(run_id, attempt) FROM ledger.runs WHERE business_date = $on)"
        warehouse.run(f"DELETE FROM ledger.marks WHERE run_id = {run}", {"on": on})  # noqa: S608 - a constant
        for name, number in MARKED.items():
            warehouse.run(
                f"""INSERT INTO ledger.marks BY NAME
                    SELECT {run} AS run_id, $name AS name, coalesce(max({number}), 0) AS mark FROM {name}""",  # noqa: S608 - constants
                {"on": on, "name": name},
            )
        warehouse.run(
            f"""UPDATE delivery.outbox SET run_id = {run}
                WHERE recipient_kind = 'PROVIDER' AND business_date = $on AND run_id IS NULL""",  # noqa: S608 - a constant
            {"on": on},
        )


def go_back(warehouse: Warehouse, run_id: str, on: date, attempt: int) -> None:
    """Take away all that a run did not know when it wrote its files. Meant for a rehearsal: nothing of it may stay."""
    marks = dict(warehouse.rows("SELECT name, mark FROM ledger.marks WHERE run_id = $run", {"run": run_id}))
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
    later = {"on": on, "attempt": attempt}
    warehouse.run(
        """DELETE FROM delivery.outbox WHERE business_date > $on OR run_id IN (
               SELECT run_id FROM ledger.runs WHERE business_date = $on AND attempt >= $attempt)""",
        later,
    )
    # What has arrived since was on its way: nobody knew then what its recipient had been told.
    warehouse.run(
        """UPDATE delivery.outbox SET status = 'FAILED'
           WHERE status = 'DELIVERED' AND outbox_id NOT IN (SELECT outbox_id FROM delivery.deliveries)"""
    )
    warehouse.run(
        "DELETE FROM ledger.runs WHERE business_date > $on OR business_date = $on AND attempt > $attempt", later
    )
