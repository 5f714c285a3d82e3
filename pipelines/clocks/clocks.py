"""Derive `exchange.clocks` from episodes and assignments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.clocks.calendar import calendar_table
from pipelines.config.policy import Clocks
from pipelines.warehouse import Warehouse


def clock_rules(policy: Clocks) -> pd.DataFrame:
    """The clocks as a table: rule, name, trigger, days, unit.

    R10 is computed in both readings found in plan policies, calendar and business days; the earlier one is the target.
    """
    rules = [
        ("R9", "NEW_MEMBER_MATERIALS", "enrolled", policy.materials_days, "CALENDAR"),
        ("R10", "FIRST_CONTACT_CALENDAR", "told", policy.first_contact_days, "CALENDAR"),
        ("R10", "FIRST_CONTACT_BUSINESS", "told", policy.first_contact_days, "BUSINESS"),
        ("R11", "FOLLOW_UP", "released", policy.follow_up_days, "CALENDAR"),
        ("R12", "HANDOFF_BEFORE_RELEASE", "handoff_ahead", -policy.handoff_days_before, "CALENDAR"),
        ("R13", "HANDOFF_AFTER_RELEASE", "handoff_behind", policy.handoff_days_after, "CALENDAR"),
        ("R14", "REENTRY_CARE_PLAN", "handoff_behind", policy.care_plan_business_days, "BUSINESS"),
    ]
    return pd.DataFrame(rules, columns=["rule", "name", "trigger", "days", "unit"])


def derive_clocks(
    warehouse: Warehouse, policy: Clocks, business_date: date, holidays: Iterable[date]
) -> dict[str, int]:
    """Fill `exchange.clocks` anew and return the number of clocks by status."""
    warehouse.lend("clock_rules", clock_rules(policy))
    warehouse.lend("calendar", calendar_table(business_date, holidays))
    with warehouse.transaction():
        warehouse.run_file(Path(__file__).with_name("clocks.sql"), business_date=business_date)
    return dict(warehouse.rows("SELECT status, count(*) FROM exchange.clocks GROUP BY status ORDER BY status"))
