"""Derive `exchange.work_items`: everything of the night that waits for a person, by list."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.config.policy import Reports, WorkLists
from pipelines.enrollment.locators import STANDING_DISAGREEMENTS
from pipelines.enrollment.roster import QUESTIONS as ROSTER_QUESTIONS
from pipelines.identity.questions import QUESTIONS
from pipelines.reporting.written import reports_due
from pipelines.warehouse import Warehouse
from pipelines.work_lists.lists import WORK_LISTS

_HERE = Path(__file__).parent


def derive_work_items(warehouse: Warehouse, policy: WorkLists, reports: Reports, business_date: date) -> dict[str, int]:
    """Fill `exchange.work_items` anew and return the number of items of each list, in the order of the lists."""
    warehouse.lend("reports_due", reports_due(warehouse, reports, business_date))
    with warehouse.transaction():
        warehouse.run(f"CREATE OR REPLACE TEMP VIEW identity_questions AS {QUESTIONS}")
        warehouse.run(f"CREATE OR REPLACE TEMP VIEW roster_questions AS {ROSTER_QUESTIONS}")
        warehouse.run(f"CREATE OR REPLACE TEMP VIEW standing_disagreements AS {STANDING_DISAGREEMENTS}")
        warehouse.run_file(_HERE / "reported_items.sql", business_date=business_date)
        warehouse.run_file(
            _HERE / "items.sql",
            release_within=list(policy.release_within),
            late_adds_of_days=policy.late_adds_of_days,
            review_within=policy.review_within,
        )
    counts = dict(warehouse.rows("SELECT list, count(*) FROM exchange.work_items GROUP BY list"))
    return {name: counts.get(name, 0) for name in WORK_LISTS}
