"""By which configuration the derived tables stand: so that a night can tell that it reads the facts in another way."""

from __future__ import annotations

import hashlib

from pipelines.warehouse.audit import note
from pipelines.warehouse.store import Warehouse


def note_reading(warehouse: Warehouse, policy: str, text: str) -> bool:
    """Note in what way the night reads a policy, and tell whether an earlier one read it in another.

    `text` is all that decides; what is kept of it is a hash, with the date of the last night that was begun.
    """
    reading = hashlib.sha256(text.encode()).hexdigest()
    known = {"policy": policy}
    before = warehouse.value("SELECT reading FROM ledger.readings WHERE policy = $policy", known)
    if before == reading:
        return False
    warehouse.run("DELETE FROM ledger.readings WHERE policy = $policy", known)
    warehouse.run(
        """INSERT INTO ledger.readings BY NAME
           SELECT $policy AS policy, $reading AS reading, CASE WHEN $changed THEN max(business_date) END AS changed_on
           FROM ledger.runs""",
        {**known, "reading": reading, "changed": before is not None},
    )
    return before is not None


def note_members(warehouse: Warehouse, policy: str, members: int) -> None:
    """Note, for the night and the record, how many members stand otherwise because a policy is read in another way."""
    warehouse.run(
        "UPDATE ledger.readings SET members = $members WHERE policy = $policy", {"policy": policy, "members": members}
    )
    reading, on = warehouse.rows(
        "SELECT reading, changed_on FROM ledger.readings WHERE policy = $policy", {"policy": policy}
    )[0]
    if on is not None:
        note(warehouse, on, "READ_ANEW", policy, f"reading {reading}, {members} members stand otherwise")
