"""What a row asks of its provider, by when, and how long that is still: in words, so that no colour is needed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pipelines.delivery.render import Row
from schemas.outbound import ENDS

DUE = {
    "first_contact_due": "First contact",
    "warm_handoff_due": "Warm hand-off",
    "follow_up_due": "Follow-up visit",
}
"""Due dates of a row, by what is due."""

STEPS = {
    ("ADD", ""): "New: make first contact",
    ("ADD", "PROVIDER_CHANGE"): "New, comes from another provider: make first contact, ask for the notes",
    ("CHANGE", ""): "Corrected: update your record",
    ("CHANGE", "RELEASED"): "Released: make first contact",
    ("CHANGE", "ELIG_LOST"): "Back in custody: pause; you will be told of the release",
    ("CHANGE", "HOLD_REMOVED"): "Eligible again: go on with services",
    ("CHANGE", "DEMOGRAPHIC"): "Data of the person changed: update your record",
    ("TERM", ""): "Ended: stop ECM, close your record",
    ("TERM", "PROVIDER_CHANGE"): "Ended, another provider takes over: hand over your notes",
    ("TERM", "ELIG_LOST"): "Ended, no longer eligible: stop ECM, close your record",
    ("VOID", ""): "Was never yours: do not contact, take out of your records",
}
"""What rows ask for, by action and reason; without a reason for all that are not named."""

NEW_AND_OUT = "New and already out: contact TODAY"
NEW_AND_INSIDE = "New, still in custody: get ready, and meet before the release if you can"
RELEASED_AND_MET = "Released: update your record"
OUT_AND_NOT_MET = "Already out, not met yet: contact TODAY"


Waiting = Mapping[str, Sequence[str]]
"""Due dates that nothing has met yet, by assignment (`known.Known.waiting`)."""


def waits_for(row: Row, waiting: Waiting) -> Collection[str]:
    """Name the due dates of a row that still count: none of who left, and none while services rest in custody."""
    if row["record_action"] in ENDS or row["authorization_status"] == "SUSPENDED":
        return ()
    return waiting.get(str(row["assignment_id"]), ())


class Due(NamedTuple):
    """The earliest of a row's due dates that nothing has met yet."""

    day: date
    what: str

    def time_left(self, on: date) -> str:
        """Say how long it is until then."""
        days = (self.day - on).days
        if days < 0:
            return f"{-days} day{'s' * (days < -1)} overdue"
        return "today" if days == 0 else f"{days} day{'s' * (days > 1)}"


def due_of(row: Row, waiting: Collection[str]) -> Due | None:
    """Find what is due first of what the row waits for."""
    dues = [Due(date.fromisoformat(day), what) for name, what in DUE.items() if name in waiting and (day := row[name])]
    return min(dues, default=None)


def is_urgent(row: Row, waiting: Collection[str]) -> bool:
    """Tell whether the person was out already when assigned, and nobody has made contact yet (a late add)."""
    return row["late_add"] == "Y" and "first_contact_due" in waiting


def what_to_do(row: Row, waiting: Collection[str]) -> str:
    """Say what the row asks for, and what is still to be arranged for the person."""
    action, reason = str(row["record_action"]), row["change_reason"] or ""
    step = STEPS.get((action, reason)) or STEPS[action, ""]
    if action == "ADD" and is_urgent(row, waiting):
        step = NEW_AND_OUT
    elif action == "ADD" and row["enrollment_status"] == "HOLD":
        step = NEW_AND_INSIDE
    elif reason == "RELEASED" and "first_contact_due" not in waiting:
        step = RELEASED_AND_MET
    elif is_urgent(row, waiting):
        step = f"{OUT_AND_NOT_MET}. {step}"
    missing = str(row["needs_missing"] or "").replace("_", " ").lower()
    return f"{step}. Still to arrange: {missing.replace(';', ',')}" if missing and action not in ENDS else step


def order(row: Row, waiting: Collection[str]) -> tuple[object, ...]:
    """Give the key by which rows are worked: late adds, then by due date, then what ended; people by their names."""
    due = due_of(row, waiting)
    return (
        not is_urgent(row, waiting), row["record_action"] in ENDS, due.day if due else date.max,
        row["last_name"] or "", row["first_name"] or "", row["assignment_id"], row["record_action"],
    )  # fmt: skip
