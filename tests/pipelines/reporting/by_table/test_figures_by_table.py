"""What each table tells of itself in a known night, and what the standing questions about nights and waiting find."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pipelines.checks import run_checks
from pipelines.derivation import FILLS
from pipelines.reporting import by_table
from pipelines.reporting.by_table import figures_of, figures_of_read_files

BRIDGE, CLINIC = "2900000001", "2900000003"
SENDERS: dict[str, Any] = {"enrollment_stale_days": 3, "enrollment_sources": ("dhcs", "monthly")}
FRIDAY, MONDAY, TUESDAY = date(2026, 11, 6), date(2026, 11, 9), date(2026, 11, 10)


def answered(nights: Any, on: date, after: str, **settings: Any) -> dict[str, int]:
    return {each.check.name: each.violations for each in run_checks(nights.warehouse, on, after=after, **settings)}


def test_every_table_that_is_derived_or_delivered_tells_figures_also_when_it_is_empty(nights: Any) -> None:
    wanted = {table for tables in FILLS.values() for table in tables}
    wanted |= {"ledger.files", "ledger.runs", "delivery.outbox", "delivery.deliveries", "facts.assignment_decisions"}
    told = {table: figures_of(nights.warehouse, table, FRIDAY) for table in sorted(wanted)}
    assert [table for table, figures in told.items() if not figures] == []
    assert {figure for figures in told.values() for figure in figures.values()} == {0}


def test_every_query_is_about_a_table_that_there_is(nights: Any) -> None:
    queries = Path(by_table.__file__).parent.glob("*/*.sql")
    tables = {
        f"{schema}.{name}"
        for schema, name in nights.warehouse.rows("SELECT schema_name, table_name FROM duckdb_tables()")
    }
    assert {f"{query.parent.name}.{query.stem}" for query in queries} - tables == set()


def test_of_the_files_of_a_night_every_row_is_accounted_for_by_code(nights: Any) -> None:
    nights.came(FRIDAY, "dhcs", "834", rows=30)
    nights.came(FRIDAY, "probation", rows=10, rejected={"R02": 3, "R12": 1})
    nights.came(FRIDAY, "community", reason="F14")
    nights.came(MONDAY, "probation", rows=99)
    told = figures_of_read_files(nights.warehouse, FRIDAY)
    assert [told[f"rows_{name}"] for name in ("in", "loaded", "rejected", "unaccounted")] == [40, 36, 4, 0]
    assert [(each["code"], each["rows"]) for each in told["findings_by_code"]] == [("R02", 3), ("R12", 1)]
    assert [(each["source"], each["status"]) for each in told["files_of_the_night"]] == [
        ("community", "HELD"),
        ("probation", "ACCEPTED_WITH_ERRORS"),
        ("dhcs", "ACCEPTED"),
    ]
    referrals = figures_of(nights.warehouse, "facts.referrals", FRIDAY)
    assert (referrals["files"], referrals["files_held"], referrals["rows_rejected"]) == (2, 1, 4)
    nights.warehouse.run("UPDATE ledger.files SET rows_in = rows_in + 2 WHERE source = 'dhcs'")
    assert figures_of_read_files(nights.warehouse, FRIDAY)["rows_unaccounted"] == 2


def test_who_waits_has_waited_since_the_first_file_after_the_last_that_arrived(nights: Any) -> None:
    nights.went(FRIDAY, BRIDGE, "ADD")
    nights.went(FRIDAY, CLINIC, "ADD", status="SUPERSEDED")
    nights.went(MONDAY, CLINIC, "ADD", status="SUPERSEDED")
    nights.went(TUESDAY, CLINIC, "ADD", "ADD", status="FAILED", reason="T01")
    nights.went(TUESDAY, BRIDGE, "CHANGE", status="FAILED", reason="T03")
    told = figures_of(nights.warehouse, "delivery.deliveries", TUESDAY)
    assert (told["files_delivered"], told["files_undelivered"], told["recipients_waiting"]) == (0, 2, 2)
    assert (told["oldest_undelivered"], told["oldest_undelivered_days"]) == ("2026-11-06", 4)
    assert [(each["recipient"], each["since"]) for each in told["undelivered"]] == [
        (CLINIC, "2026-11-06"),
        (BRIDGE, "2026-11-10"),
    ]
    found = answered(nights, TUESDAY, "deliver")
    assert (found["nobody_waits_since_an_earlier_night"], found["nothing_is_left_undelivered"]) == (1, 2)


def test_a_business_day_without_a_finished_night_is_missing_and_a_weekend_or_a_holiday_is_not(nights: Any) -> None:
    nights.ran("2026-11-05")
    nights.ran(FRIDAY, status="ABANDONED")
    nights.ran(TUESDAY, status="STARTED")
    assert answered(nights, TUESDAY, "receive") == {"no_night_is_missing": 2}
    assert answered(nights, TUESDAY, "receive", holidays=[MONDAY]) == {"no_night_is_missing": 1}
    nights.ran(FRIDAY, attempt=2)
    assert answered(nights, MONDAY, "receive") == {"no_night_is_missing": 0}


def test_before_the_first_night_none_is_missing(nights: Any) -> None:
    nights.ran(FRIDAY, status="STARTED")
    assert answered(nights, FRIDAY, "receive") == {"no_night_is_missing": 0}


def test_a_daily_834_is_late_after_the_days_that_the_plan_allows_and_a_monthly_one_never(nights: Any) -> None:
    nights.came("2026-11-04", "dhcs", "834", scope="DAILY")
    nights.came("2026-10-01", "monthly", "834", scope="FULL")
    late = {on: answered(nights, on, "load_enrollment", **SENDERS)["no_daily_834_is_late"] for on in (MONDAY, TUESDAY)}
    assert late == {MONDAY: 0, TUESDAY: 1}
    on_holiday = answered(nights, TUESDAY, "load_enrollment", **SENDERS, holidays=[MONDAY])
    assert on_holiday["no_daily_834_is_late"] == 0


def test_a_sender_that_the_plan_no_longer_reads_is_not_late(nights: Any) -> None:
    nights.came("2026-11-04", "dhcs_until_november", "834", scope="DAILY")
    assert answered(nights, TUESDAY, "load_enrollment", **SENDERS)["no_daily_834_is_late"] == 0
