"""Looks at a plan's home from outside of a night, for what a night that is not there cannot tell itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.alerts.codes import ALERT_CODES
from pipelines.alerts.decide import knows_of_stop
from pipelines.alerts.matters import at_stop, from_outside
from pipelines.alerts.memory import read_memory
from pipelines.alerts.post import SECONDS
from pipelines.alerts.tell import tell
from pipelines.config import Addressees
from pipelines.reporting.page import Matter, Stop, owed_on, page_below, undelivered
from pipelines.runs import unfinished
from pipelines.warehouse import open_published
from schemas.problems import ExchangeError


@dataclass(frozen=True)
class Seen:
    """What a look found."""

    on: date
    code: str
    """Why the night of this day is not there; nothing where it is."""
    is_due: bool
    """Whether anybody's hour has come."""
    untold: tuple[str, ...] = ()
    """A line for each address that did not take what it was to be told."""

    def sentence(self) -> str:
        """Say it to a person."""
        if not self.code:
            return f"{self.on}: the night is there"
        waits = "" if self.is_due else "; nobody is told before the hour that [[alerts]] names with `by`"
        return f"{self.on}: {ALERT_CODES[self.code].meaning} ({self.code}){waits}"


def check(addressees: Addressees, now: datetime, environment: Mapping[str, str], seconds: float = SECONDS) -> Seen:
    """Tell those whose hour has come whether the night of the day is missing, or files have not arrived."""
    here = now.astimezone(ZoneInfo(addressees.timezone))
    on = here.date()
    code, owed = _look(addressees.home, on)
    alerts = [alert for alert in addressees.alerts if alert.by <= f"{here:%H:%M}"]
    if not alerts:
        return Seen(on, code, is_due=False)
    standing = from_outside(addressees.plan, on, page_below(addressees.home), code, owed)
    return Seen(on, code, is_due=True, untold=tell(addressees, standing, alerts, environment, seconds))


def tell_of_lost_run(
    addressees: Addressees,
    on: date,
    environment: Mapping[str, str],
    why: tuple[str, str, str] | None = None,
    seconds: float = SECONDS,
) -> tuple[str, ...]:
    """Tell of a run that ended in its orchestrator, unless the exchange itself has told why the night stopped.

    `why` is code, sentence and remedy of the problem, where the orchestrator was told one.
    """
    entry = ALERT_CODES["Y14"]
    stop = Stop("its run in Dagster", *(why or (entry.code, entry.meaning, entry.remedy)))
    memory = read_memory(addressees.home)
    alerts = [alert for alert in addressees.alerts if not knows_of_stop(alert.to, on, memory)]
    standing = at_stop(addressees.plan, on, page_below(addressees.home), stop)
    return tell(addressees, standing, alerts, environment, seconds) if alerts else ()


def _look(home: Path, on: date) -> tuple[str, tuple[Matter, ...] | None]:
    """Tell why the night is not there, or what it left undelivered; readers' copy and marks are all that is asked."""
    try:
        with open_published(home) as published:
            finished = published.value("SELECT max(business_date) FROM ledger.runs WHERE status = 'FINISHED'")
            if finished is not None and finished >= on:
                return "", tuple(undelivered(owed_on(published, finished), finished))
    except ExchangeError:
        pass  # nothing was ever published, or it cannot be read: no night is there
    left = unfinished(home)
    if left is not None and left.is_at_work:
        return "Y12", None
    return ("Y13" if left is not None and left.run.business_date == on else "Y11"), None
