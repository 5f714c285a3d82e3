"""The exchange as the last night of a month left it: from what was known then, as of the month's last day.

Nothing that came later changes it: a file that arrives afterwards, though it speaks of the month, shows in the next
month. So a month comes out alike whenever it is asked for. What is not kept of then is taken from today, as a replay
does (`pipelines/replay`): the configuration, and this software.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from pipelines.config import ExchangeConfig, Roster
from pipelines.derivation import AsOf
from pipelines.directory import derive_directory
from pipelines.replay.known import derive_known, roster_of_then
from pipelines.replay.marks import go_back
from pipelines.reporting.months import Month, MonthRefused
from pipelines.warehouse import Warehouse

_LAST_NIGHT = """
    SELECT business_date, max(batch) FROM ledger.marks
    WHERE business_date BETWEEN $first AND $last GROUP BY business_date ORDER BY business_date DESC LIMIT 1
"""


@contextmanager
def as_it_stood(
    warehouse: Warehouse, config: ExchangeConfig, roster: Roster, month: Month, *, today: date
) -> Iterator[date]:
    """Let the block see the exchange at the month's end; all of it is undone. Yields the night that knew it.

    Raises
    ------
    MonthRefused
        When the month is not over, or no night of it has written files.
    """
    if today <= month.last:
        raise MonthRefused(
            "V02", "the month is not over", where=str(month), remedy=f"Ask from {month.following.first} on."
        )
    found = warehouse.rows(_LAST_NIGHT, {"first": month.first, "last": month.last})
    if not found:
        raise MonthRefused(
            "V03",
            "no night of this month is known: nothing can be said of how it ended",
            where=str(month),
            remedy="Ask for a month in which `ecm-exchange run` has been run.",
        )
    ((night, batch),) = found
    with warehouse.rehearsal():
        go_back(warehouse, night, batch)
        then = roster_of_then(warehouse, roster.as_of(month.last))
        derive_known(AsOf(warehouse, config, then, month.last))
        derive_directory(warehouse, config, month.last)
        yield night
