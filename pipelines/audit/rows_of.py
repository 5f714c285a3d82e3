"""What each event of the audit log tells of: the rows that nothing else could bring back.

Not kept are rows that follow from others: facts and what they correct (`ledger.corrections`) are read from the landed
files again, `exchange.*` is derived anew, and `delivery.delivered_rows` are the rows of the outbox files that were
delivered.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.audit.chain import Entry
    from pipelines.warehouse import Warehouse


class Of(NamedTuple):
    """Rows of a table whose column says the entry's subject."""

    table: str
    column: str
    where: str = "true"
    """What else holds of them, so that not all nights are gone through for one; may ask for `$dates` of the entries."""


_ARRIVED = "delivered_on IN (SELECT CAST(unnest($dates) AS DATE))"
_FILE = (
    Of("delivery.outbox", "outbox_id"),
    Of("delivery.outbox_rows", "outbox_id"),
    Of("delivery.workbooks", "outbox_id"),
    Of("delivery.referral_rows", "outbox_id"),
)

ROWS_OF: dict[str, tuple[Of, ...]] = {
    "RECEIVED": (Of("ledger.files", "file_id"), Of("quarantine.rows", "file_id")),
    "ACKNOWLEDGED": (Of("ledger.acknowledgements", "file_id"), Of("ledger.control_numbers", "file_id")),
    "ASSIGNED": (Of("facts.assignment_decisions", "decided_on"),),
    "ROSTER_CHANGED": (Of("facts.roster_entries", "valid_from"),),
    "LIAISON_DECISION": (Of("facts.liaison_decisions", "decision_id"),),
    "LIAISON_RECORD": (Of("facts.liaison_events", "event_id"),),
    "IDENTITY_ACCEPT": (Of("facts.identity_decisions", "decision_id"),),
    "IDENTITY_REJECT": (Of("facts.identity_decisions", "decision_id"),),
    "IDENTITY_REOPEN": (Of("facts.identity_decisions", "decision_id"),),
    "CIN_MERGE": (Of("facts.cin_merges", "merge_id"),),
    "CIN_UNDO": (Of("facts.cin_merges", "merge_id"),),
    "DIRECTORY_PUBLISHED": (Of("facts.directory_publications", "publication_id"),),
    "REPORTED": (Of("facts.reports", "report_id"),),
    "RELEASED": (Of("facts.releases", "release_id"),),
    "PREPARED": _FILE,
    "DELIVERED": (
        Of(
            "delivery.outbox",
            "outbox_id",
            f"business_date IN (SELECT business_date FROM delivery.deliveries WHERE {_ARRIVED})",  # noqa: S608 - from above
        ),
        Of("delivery.deliveries", "outbox_id", _ARRIVED),
    ),
    "NOT_DELIVERED": (Of("delivery.outbox", "outbox_id"),),
    "RESENT": (Of("delivery.resends", "outbox_id"),),
    "NOT_RESENT": (Of("delivery.resends", "outbox_id"),),
    "EXPORTED": (),
    "READ_ANEW": (),
    "REBUILT": (),
    "RESTORED": (),
    "PURGED": (),
}
"""Tables by event; empty where the entry says all there is to say."""

KEYS = {
    "facts.assignment_candidates": "decision",
    "facts.assignment_decisions": "decision",
    "facts.cin_merges": "merge_id",
    "facts.directory_publications": "publication_id",
    "facts.identity_decisions": "decision_id",
    "facts.liaison_decisions": "decision_id",
    "facts.liaison_events": "event_id",
    "facts.releases": "release_id",
    "facts.reports": "report_id",
    "facts.roster_entries": "entry_id",
    "delivery.deliveries": "delivery",
    "delivery.outbox": "outbox_id",
    "delivery.outbox_rows": "outbox_id",
    "delivery.referral_rows": "outbox_id",
    "delivery.resends": "outbox_id",
    "delivery.workbooks": "outbox_id",
    "ledger.acknowledgements": "file_id",
    "ledger.control_numbers": "file_id",
    "ledger.files": "file_id",
    "quarantine.rows": "file_id",
}
"""By which column rows that are entered again replace those that stand."""

_DECISIONS_TOGETHER = 100
"""Decisions whose candidates are held in memory at a time: each has as many as there are providers."""


def rows_of(warehouse: Warehouse, entries: Sequence[Entry]) -> dict[int, dict[str, Iterable[str]]]:
    """Read the rows that entries tell of from the store as they stand now, by the entry's number and by table.

    Candidates are many: they are read as they are asked for, once.
    """
    told: dict[int, dict[str, Iterable[str]]] = {entry.number: {} for entry in entries}
    for event in {entry.event for entry in entries}:
        numbers = {entry.subject: entry.number for entry in entries if entry.event == event}
        given = {"subjects": list(numbers), "dates": list({e.business_date for e in entries if e.event == event})}
        rows: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for table, query in _queries(event).items():
            for subject, row in warehouse.rows(
                query, {name: each for name, each in given.items() if f"${name}" in query}
            ):
                rows[subject, table].append(row)
        for (subject, table), found in rows.items():
            told[numbers[subject]][table] = found
        if event == "ASSIGNED":
            for subject, number in numbers.items():
                told[number]["facts.assignment_candidates"] = _candidates(warehouse, subject)
    return told


def _candidates(warehouse: Warehouse, decided_on: str) -> Iterator[str]:
    """Read who was considered in the decisions of a night, some decisions at a time."""
    decisions = warehouse.rows(
        """SELECT decision FROM facts.assignment_decisions
           WHERE action = 'ASSIGN' AND decided_on = CAST($on AS DATE) ORDER BY decision""",
        {"on": decided_on},
    )
    for start in range(0, len(decisions), _DECISIONS_TOGETHER):
        some = [decision for (decision,) in decisions[start : start + _DECISIONS_TOGETHER]]
        for (row,) in warehouse.rows(
            """SELECT to_json(c) FROM facts.assignment_candidates AS c
               WHERE decision IN (SELECT unnest($some)) ORDER BY decision, step, npi""",
            {"some": some},
        ):
            yield row


def _queries(event: str) -> dict[str, str]:
    """Give the query of each table that an event tells of: subject and row."""
    return {
        table: f"""SELECT CAST({column} AS VARCHAR), to_json(t) FROM {table} AS t
                   WHERE CAST({column} AS VARCHAR) IN (SELECT unnest($subjects)) AND {where}
                   ORDER BY rowid"""  # noqa: S608 - from above
        for table, column, where in ROWS_OF.get(event, ())
    }
