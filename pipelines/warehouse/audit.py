"""The record of what people decided and what was delivered. Entries are only added; none holds a person's data."""

from __future__ import annotations

from datetime import date

from pipelines.warehouse.door import Warehouse


def note(warehouse: Warehouse, on: date, event: str, subject: str, detail: str = "") -> None:
    """Add an entry to `ledger.audit`, in the transaction of what it tells of.

    `subject` is the id of the decision or of the outbox file; `detail` holds codes, NPIs and hashes.
    """
    warehouse.run(
        """INSERT INTO ledger.audit BY NAME
           SELECT coalesce(max(entry), 0) + 1 AS entry, $on AS business_date, $event AS event, $subject AS subject,
                  $detail AS detail
           FROM ledger.audit""",
        {"on": on, "event": event, "subject": subject, "detail": detail},
    )
