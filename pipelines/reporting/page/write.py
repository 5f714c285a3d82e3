"""The page of a night in its place: one file a night, and the newest one as `index.html`, for this account alone.

A page that cannot be written is told of and breaks no night.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from pipelines.config import ExchangeConfig
from pipelines.containment import kind_and_place
from pipelines.durable import make_folders, show_file
from pipelines.reporting.page.concerns import Stop
from pipelines.reporting.page.figures import night_figures
from pipelines.reporting.page.render import render_notice, render_page
from pipelines.runs import note_problems
from pipelines.warehouse import Warehouse
from schemas.problems import ExchangeError, refused_by_system

NEWEST = "index.html"


def page_of(config: ExchangeConfig, on: date) -> Path:
    """Where the page of a night lies."""
    return page_below(config.home, f"{on}.html")


def page_below(home: Path, name: str = NEWEST) -> Path:
    """Where a page lies below a home, the newest unless it is named."""
    return home / "reports" / "nightly" / name


def page(warehouse: Warehouse, config: ExchangeConfig, on: date, stop: Stop | None = None) -> bytes:
    """Make the page of the night of `on` from the store as it stands."""
    own = [source.name for source in config.sources if source.provider is None]
    return render_page(night_figures(warehouse, on, own), config.plan.name, stop)


def write_report(warehouse: Warehouse, config: ExchangeConfig, on: date, stop: Stop | None = None) -> Path:
    """Write the page of the night of `on` and return its path; as the newest one too, unless a later night was run."""
    latest = warehouse.value("SELECT max(business_date) FROM ledger.runs WHERE status <> 'LOST'")
    path = page_of(config, on)
    _put(config, (path.name, *([NEWEST] if latest is None or latest <= on else [])), page(warehouse, config, on, stop))
    return path


def report(warehouse: Warehouse, config: ExchangeConfig, on: date, stop: Stop | None = None) -> str | None:
    """Write the page of a night; return a line for a person when that is not possible."""
    try:
        write_report(warehouse, config, on, stop)
    except Exception as failure:  # noqa: BLE001 - whatever it is: the files of the night matter more than its page
        kind, place = kind_and_place(type(failure), failure.__traceback__)
        return f"the page of the night could not be written ({kind} in {place})"
    return None


def report_stop(warehouse: Warehouse, config: ExchangeConfig, on: date, stop: Stop, problems: Sequence[str]) -> None:
    """Write the page of a night that was stopped, as far as what stopped it lets anything be read and written."""
    with suppress(ExchangeError):
        note_problems(warehouse, on, problems)
    report(warehouse, config, on, stop)


def stop_by(station: str, failure: Exception) -> Stop:
    """Say what stopped a night, without a word of a library's message: that may quote a value."""
    if isinstance(failure, OSError | MemoryError):
        failure = refused_by_system(failure)
    if isinstance(failure, ExchangeError):
        return Stop(station, failure.code, failure.what, failure.remedy)
    kind, place = kind_and_place(type(failure), failure.__traceback__)
    return Stop(station, "X01", f"a defect in this software ({kind} in {place})", "Report it, and run the night again.")


def put_up_notice(warehouse: Warehouse, config: ExchangeConfig, on: date) -> None:
    """Say in the place of the newest page that a night has begun: the page of the one before would pass for it."""
    attempt, earlier = warehouse.rows(
        """SELECT max(attempt) FILTER (business_date = $on), max(business_date) FILTER (status = 'FINISHED'
                  AND business_date < $on) FROM ledger.runs""",
        {"on": on},
    )[0]
    with suppress(OSError):  # the night goes on, and its own page replaces whatever stands there
        _put(config, (NEWEST,), render_notice(on, config.plan.name, attempt, earlier))


def _put(config: ExchangeConfig, names: Sequence[str], content: bytes) -> None:
    """Put a page below the home, and into the folder that the plan wants it in as well."""
    for folder in filter(None, (page_below(config.home).parent, config.paths.pages)):
        make_folders(folder)
        for name in names:
            show_file(folder / name, content)
