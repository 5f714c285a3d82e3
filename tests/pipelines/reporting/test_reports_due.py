"""A month is due from its end until its report is written, and overdue after the day of R35."""

from __future__ import annotations

import hashlib
import stat
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.config.policy import Reports
from pipelines.reporting.months import Month
from pipelines.reporting.state_report import report_to_state
from pipelines.reporting.written import reports_due
from pipelines.work_lists import derive_work_items


def listed(plan: Any, on: str) -> list[tuple[date, str]]:
    exchange = plan.exchange
    derive_work_items(exchange.warehouse, exchange.config.work_lists, exchange.config.reports, date.fromisoformat(on))
    items = exchange.all("exchange.work_items", order="list, priority")
    return [(item["due"], item["reason"]) for item in items if item["list"] == "REPORTS"]


def write(plan: Any, path: Path, month: str = "2026-10", today: str = "2026-11-05") -> None:
    exchange = plan.exchange
    report_to_state(
        exchange.warehouse, exchange.config, exchange.roster, Month.named(month), path, today=date.fromisoformat(today)
    )


def test_a_month_is_due_until_it_is_written_and_overdue_after_the_tenth(plan: Any, tmp_path: Path) -> None:
    plan.night("2026-10-07")
    assert listed(plan, "2026-10-31") == []
    assert listed(plan, "2026-11-01") == [(date(2026, 11, 10), "REPORT_DUE")]
    assert listed(plan, "2026-11-10") == [(date(2026, 11, 10), "REPORT_DUE")]
    assert listed(plan, "2026-11-11") == [(date(2026, 11, 10), "REPORT_OVERDUE")]
    write(plan, tmp_path / "report.json")
    assert listed(plan, "2026-11-11") == []
    assert listed(plan, "2026-12-01") == [(date(2026, 12, 10), "REPORT_DUE")]


def test_a_plan_says_since_when_it_reports_this_way_or_that_it_does_not(plan: Any) -> None:
    plan.night("2026-10-07")
    on, warehouse = date(2027, 1, 5), plan.exchange.warehouse
    assert len(reports_due(warehouse, Reports(), on)) == 3
    assert len(reports_due(warehouse, Reports(dhcs_from="2026-12"), on)) == 1
    assert len(reports_due(warehouse, Reports(dhcs_json=False), on)) == 0


def test_a_written_report_is_for_its_account_alone_and_a_fact_noted_once(plan: Any, tmp_path: Path) -> None:
    plan.night("2026-10-07")
    path = tmp_path / "reports" / "report.json"
    for today in ("2026-11-05", "2026-11-06"):
        write(plan, path, today=today)
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    (fact,) = plan.exchange.all("facts.reports")
    assert fact["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (fact["report"], fact["month"], fact["written_on"]) == ("dhcs-json", date(2026, 10, 1), date(2026, 11, 5))
    noted = [entry for entry in plan.exchange.all("ledger.audit") if entry["event"] == "REPORTED"]
    assert [entry["subject"] for entry in noted] == [fact["report_id"]]
