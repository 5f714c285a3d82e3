"""What the machine lets a night do: write where it must, open as many files as it needs, know the time."""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.clocks.calendar import is_business_day
from pipelines.config import ExchangeConfig
from pipelines.doctor.ailment import Ailment, fine, found
from pipelines.doctor.visit import Visit

_OPEN_FILES = 768
"""Eight servers with 64 files under way at each, the store, and the libraries."""

_SKEW = 120.0
"""Seconds; less is told of nobody: clocks are read in whole seconds, over a line."""

_CALENDAR_AHEAD = timedelta(days=60)
"""Due dates reach this far ahead."""


def examine_limits(needed: int = _OPEN_FILES) -> Iterator[Ailment]:
    """Look at how many files this process may open; a night that a scheduler starts may be allowed another number."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed != resource.RLIM_INFINITY and allowed < needed:
        what = f"a process may open {allowed} files, and a night opens up to {needed}"
        yield found("open-files-low", "open files", what, needed=needed)
    else:
        yield fine("machine", "open files", f"up to {allowed if allowed != resource.RLIM_INFINITY else 'any number'}")


def examine_writing(config: ExchangeConfig) -> Iterator[Ailment]:
    """Write a file into each folder that a night writes to, and remove it."""
    pages = config.paths.pages
    folders = {config.home: "home", config.home / "spill": "what the store sorts in", config.backups: "backups"}
    folders |= {pages: "pages"} if pages is not None else {}
    for folder, use in folders.items():
        place = folder
        while not place.exists():
            place = place.parent
        try:
            with tempfile.TemporaryFile(dir=place, prefix=".ecm-exchange-doctor-"):
                pass
        except OSError as refusal:
            what = f"nothing can be written to it ({use}): {os.strerror(refusal.errno or 0)}"
            yield found("not-writable", str(place), what, path=place)
        else:
            yield fine("machine", use, "can be written to")


def examine_calendar(config: ExchangeConfig, today: date, last_night: date | None) -> Iterator[Ailment]:
    """Look at the holiday table, and whether the last business day had its night."""
    last = max(config.plan.holidays, default=None)
    if last is None or last < today:
        yield found("holidays-over", "calendar", "no holiday from today on is known", year=today.year + 1)
    elif last < today + _CALENDAR_AHEAD:
        yield found("holidays-end", "calendar", f"the last holiday is {last}", year=last.year + 1)
    else:
        yield fine("calendar", "holidays", f"known until {last}")
    due = _business_day_before(today, config.plan.holidays)
    if last_night is not None and last_night < due:
        what = f"the last night that was run is that of {last_night}; {due} was a business day"
        yield found("night-missed", "nights", what, due=due)
    if last_night is not None and last_night > today:
        yield found("night-ahead", "nights", f"the last night is that of {last_night}, and today is {today}")


def _business_day_before(today: date, holidays: Iterable[date]) -> date:
    day = today - timedelta(days=1)
    while not is_business_day(day, holidays):
        day -= timedelta(days=1)
    return day


def examine_clock(config: ExchangeConfig, now: float, environment: Mapping[str, str]) -> Iterator[Ailment]:
    """Hold the clock against what the last run left, and say which time it is where."""
    written = [
        path.stat().st_mtime for path in (config.home / "warehouse.duckdb", config.home / "run.lock") if path.exists()
    ]
    if written and now < max(written) - _SKEW:
        what = f"the clock shows {_instant(now)}, and the store was written at {_instant(max(written))}"
        yield found("clock-behind-store", "clock", what)
    zone = environment.get("TZ", "").removeprefix(":")
    if zone and not zone.startswith("/") and not _is_zone(zone):
        yield found("zone-unknown", "time zone", "TZ names a time zone that this machine does not know", zone=zone)
    here = datetime.fromtimestamp(now).astimezone()
    there = datetime.fromtimestamp(now, ZoneInfo(config.plan.timezone))
    aside = "" if here.utcoffset() == there.utcoffset() else f"; cron and timers of this machine go by {here:%H:%M %Z}"
    yield fine("clock", "time", f"{there:%Y-%m-%d %H:%M} in {config.plan.timezone}{aside}")


def examine_skew(visits: Sequence[Visit]) -> Iterator[Ailment]:
    """Hold the clock against those of partners' servers, which put the time on what was written there.

    One that differs says that one of the two is wrong, not which. Where most of several differ alike, it is ours.
    """
    ahead = {made.account.server: made.skew for made in visits if made.skew is not None}
    off = {server: skew for server, skew in ahead.items() if abs(skew) > _SKEW}
    usual = median(ahead.values()) if ahead else 0.0
    if len(ahead) > 1 and abs(usual) > _SKEW:
        way = "behind" if usual > 0 else "ahead"
        what = f"by the clocks of {len(ahead)} servers, this machine's is {_apart(usual)} {way}"
        yield found("clock-off", "clock", what)
        return
    for server, skew in off.items():
        what = (
            f"its clock is {_apart(skew)} {'ahead of' if skew > 0 else 'behind'} this machine's; one of them is wrong"
        )
        yield found("clocks-apart", server, what)
    if ahead and not off:
        yield fine("clock", "clocks of servers", f"{len(ahead)} agree with this machine within two minutes")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return name.rstrip("0123456789+-:").isalpha() and any(letter.isdigit() for letter in name)  # as in PST8PDT
    return True


def _instant(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def _apart(seconds: float) -> str:
    minutes = round(abs(seconds) / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
