"""Derive `exchange.clocks` from episodes, assignments, care plans, reported contacts and the liaison's records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.clocks.calendar import Days, as_days, business_days_after, calendar_version, years_without_holidays
from pipelines.clocks.rules import clock_rules
from pipelines.config.policy import Clocks
from pipelines.identity import lend_standing_rows
from pipelines.liaison import lend_standing_records
from pipelines.liaison.kinds import kinds_table
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent


def derive_clocks(
    warehouse: Warehouse,
    policy: Clocks,
    business_date: date,
    holidays: Iterable[date],
    timezone: str,
) -> dict[str, int]:
    """Fill `exchange.clocks` anew and return the number of clocks by status."""
    closed = tuple(holidays)
    warehouse.lend("clock_rules", clock_rules(policy))
    warehouse.lend("record_kinds", kinds_table())
    with warehouse.transaction():
        lend_standing_rows(warehouse)
        lend_standing_records(warehouse)
        warehouse.run_file(_HERE / "clock_events.sql", business_date=business_date)
        warehouse.run_file(_HERE / "started.sql")
        counts = warehouse.table("SELECT DISTINCT trigger_date, days, unit FROM started")
        warehouse.lend("due_days", due_days(counts, closed, calendar_version(timezone, closed)))
        warehouse.run_file(_HERE / "clocks.sql")
    return dict(warehouse.rows("SELECT status, count(*) FROM exchange.clocks GROUP BY status ORDER BY status"))


def due_days(counts: pd.DataFrame, holidays: tuple[date, ...], version: str) -> pd.DataFrame:
    """Give each trigger_date, days and unit its `due` day and the `calendar` that it was counted by.

    Business days in a year of which the holiday table does not speak are counted without holidays, and say so: the
    calendar is then called `<version>;no holidays for <years>`.
    """
    triggers, days = as_days(counts["trigger_date"]), counts["days"].to_numpy().astype(np.int64)
    business = (counts["unit"] == "BUSINESS").to_numpy(dtype=bool)
    due = triggers + days
    due[business] = business_days_after(triggers[business], days[business], holidays)
    calendar = np.where(business, _marks(triggers, due, holidays, version), version)
    return counts.assign(due=due.astype("datetime64[s]"), calendar=calendar)


def _marks(triggers: Days, due: Days, holidays: tuple[date, ...], version: str) -> npt.NDArray[np.object_]:
    spans = pd.DataFrame({"first": triggers.astype("datetime64[Y]"), "last": due.astype("datetime64[Y]")})
    told = {
        (first, last): years_without_holidays(first.date(), last.date(), holidays)
        for first, last in spans.drop_duplicates().itertuples(index=False)
    }
    years = [told[span] for span in zip(spans["first"], spans["last"], strict=True)]
    return np.array(
        [f"{version};no holidays for {', '.join(map(str, each))}" if each else version for each in years], dtype=object
    )
