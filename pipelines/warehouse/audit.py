"""The record of what people decided and what was delivered. Entries are only added; none holds a person's data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.warehouse.store import Warehouse


def note(warehouse: Warehouse, on: date, event: str, subject: str, detail: str = "") -> None:
    """Add an entry to `ledger.audit`, in the transaction of what it tells of; the log beside the store follows it.

    `subject` is the id of the decision or of the outbox file; `detail` holds codes, NPIs and hashes. What rows an event
    tells of stands in `pipelines.audit.rows_of`.
    """
    note_all(warehouse, on, event, [(subject, detail)])


def note_all(
    warehouse: Warehouse, on: date, event: str, told: Sequence[tuple[str, str]], *, once: bool = False
) -> None:
    """Add entries of one event, each with subject and detail; with `once` only those whose subject has none yet."""
    fresh = "subject NOT IN (SELECT subject FROM ledger.audit WHERE event = $event)" if once else "true"
    with warehouse.transaction():
        warehouse.run(
            f"""INSERT INTO ledger.audit BY NAME
               WITH told AS (SELECT unnest($subjects) AS subject, unnest($details) AS detail,
                                    unnest(range(len($subjects))) AS place)
               SELECT (SELECT coalesce(max(entry), 0) FROM ledger.audit) + row_number() OVER (ORDER BY place) AS entry,
                      $on AS business_date, $event AS event, subject, detail
               FROM told
               WHERE {fresh} ORDER BY place""",  # noqa: S608 - from above
            {
                "on": on, "event": event,
                "subjects": [subject for subject, _ in told], "details": [detail for _, detail in told],
            },
        )  # fmt: skip
        warehouse.has_noted()
