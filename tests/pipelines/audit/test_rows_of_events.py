"""Every event of the audit log says which rows it tells of, and what nothing else brings back is told of."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.audit.rows_of import KEYS, ROWS_OF
from tests.docs.test_readme import TABLES

ROOT = Path(__file__).parents[3]

FOLLOWS = {
    # read from the landed files again
    "facts.enrollment_members", "facts.enrollment_coverage", "facts.enrollment_reporting", "facts.referrals",
    "facts.mif_members", "facts.release_notices", "facts.care_plan_receipts", "facts.return_transmissions",
    "facts.outreach_attempts", "ledger.corrections", "ledger.interchanges", "ledger.transaction_sets",
    "quarantine.deviations",
    # told with their decisions, or the rows of the outbox files that were delivered
    "facts.assignment_candidates", "delivery.delivered_rows",
    # judged anew by the next night
    "delivery.holds",
    # of the store itself, or of its next night
    "ledger.audit", "ledger.openings", "ledger.store", "ledger.remade", "ledger.readings", "ledger.runs",
    "ledger.marks", "ledger.problems", "ledger.visits",
}  # fmt: skip


def test_every_event_that_is_noted_says_which_rows_it_tells_of() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pipelines").rglob("*.py"))
    noted = set(re.findall(r'note(?:_all)?\(\s*[\w.]+,\s*[\w.]+,\s*"([A-Z_]+)"', code))
    assert {"RECEIVED", "DELIVERED"} <= noted
    assert noted <= ROWS_OF.keys()


def test_every_table_is_told_of_or_follows_from_others() -> None:
    told = {table for tables in ROWS_OF.values() for table, *_ in tables}
    kept = {table for table in TABLES if not table.startswith("exchange.")}
    assert kept == told | FOLLOWS
    assert told | {"facts.assignment_candidates"} == KEYS.keys()
