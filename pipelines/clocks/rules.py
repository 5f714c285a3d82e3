"""The clocks as a table: rule, name, what starts each, how long it runs, and what kind of event meets it."""

from __future__ import annotations

import pandas as pd

from pipelines.config.policy import Clocks

COLUMNS = ["rule", "name", "trigger", "days", "unit", "met_by_kind"]


def clock_rules(policy: Clocks) -> pd.DataFrame:
    """Return one row a clock, with `COLUMNS`; negative days count back from the trigger.

    R10 is computed in both readings found in plan policies, calendar and business days. R16 has two ways to run: to the
    release, or from the day on which the plan heard of someone who was out already. `trigger` names a date of
    `started.sql`, `met_by_kind` a kind of `clock_events.sql`.
    """
    rules = [
        ("R9", "NEW_MEMBER_MATERIALS", "enrolled", policy.materials_days, "CALENDAR", "MATERIALS"),
        ("R10", "FIRST_CONTACT_CALENDAR", "told", policy.first_contact_days, "CALENDAR", "FIRST_CONTACT"),
        ("R10", "FIRST_CONTACT_BUSINESS", "told", policy.first_contact_days, "BUSINESS", "FIRST_CONTACT"),
        ("R11", "FOLLOW_UP", "released", policy.follow_up_days, "CALENDAR", "FOLLOW_UP"),
        ("R12", "HANDOFF_BEFORE_RELEASE", "handoff_ahead", -policy.handoff_days_before, "CALENDAR", "WARM_HANDOFF"),
        ("R13", "HANDOFF_AFTER_RELEASE", "handoff_behind", policy.handoff_days_after, "CALENDAR", "WARM_HANDOFF"),
        ("R14", "REENTRY_CARE_PLAN", "handoff_behind", policy.care_plan_business_days, "BUSINESS", "CARE_PLAN"),
        ("R16", "ASSIGNMENT", "window_opens", policy.assignment_days_before, "CALENDAR", "ASSIGNMENT"),
        ("R16", "ASSIGNMENT", "known_late", policy.assignment_business_days, "BUSINESS", "ASSIGNMENT"),
        (
            "R26",
            "AFTER_HOURS_CONTACT",
            "contacted",
            policy.after_hours_business_days,
            "BUSINESS",
            "AFTER_HOURS_ANSWERED",
        ),
    ]
    return pd.DataFrame(rules, columns=COLUMNS)
