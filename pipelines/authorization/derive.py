"""Derive `exchange.ecm_authorizations` from the episodes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.clocks.calendar import as_days, last_business_days
from pipelines.config.policy import Authorization
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent
_NO_END = date(9999, 12, 31)


def derive_authorizations(
    warehouse: Warehouse, policy: Authorization, business_date: date, holidays: Iterable[date]
) -> dict[str, int]:
    """Fill `exchange.ecm_authorizations` anew and return the number of authorizations by status."""
    warehouse.lend("authorization_policies", policy_table(policy))
    with warehouse.transaction():
        warehouse.run_file(_HERE / "spans.sql", business_date=business_date)
        ends = warehouse.table("SELECT DISTINCT end_date FROM spans WHERE end_date IS NOT NULL")
        warehouse.lend("reviews", reviews(ends, policy.review_days_before_end, holidays))
        warehouse.run_file(_HERE / "authorizations.sql")
    return dict(
        warehouse.rows("SELECT status, count(*) FROM exchange.ecm_authorizations GROUP BY status ORDER BY status")
    )


def policy_table(policy: Authorization) -> pd.DataFrame:
    """The policies in force, one row each: since, until (exclusive), months, anchor_1, anchor_2 (empty for none)."""
    history = policy.history()
    ends = [*(later.since for later in history[1:]), _NO_END]
    rows = [
        (each.since, until, each.months, each.anchor[0], each.anchor[1] if len(each.anchor) > 1 else "")
        for each, until in zip(history, ends, strict=True)
    ]
    return pd.DataFrame(rows, columns=["since", "until", "months", "anchor_1", "anchor_2"])


def reviews(ends: pd.DataFrame, days_before: int, holidays: Iterable[date]) -> pd.DataFrame:
    """Give each `end_date` its `review_on`: so many days before, or the last business day before that."""
    last_days = as_days(ends["end_date"])
    return ends.assign(review_on=last_business_days(last_days - days_before, holidays).astype("datetime64[s]"))
