"""The store: whether this version can open it, whether a run is at work, hangs or was broken off, and what it left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.config import ExchangeConfig
from pipelines.doctor.ailment import Ailment, counted, fine, found
from pipelines.doctor.recovery import examine_backups, examine_record
from pipelines.reporting.written import reports_due
from pipelines.runs import Unfinished, unfinished
from pipelines.warehouse import Warehouse, open_published
from pipelines.warehouse.door import STORAGE_NUMBER, storage_number
from pipelines.warehouse.lock import is_held
from schemas.problems import ExchangeError

_AT_MOST = 3 * 3600
"""Seconds that a run may take; Dagster ends those that take longer."""


def examine_files_of_store(home: Path) -> Iterator[Ailment]:
    """Read of store and readers' copy by which format they are written; a later one cannot be opened."""
    for name in ("warehouse.duckdb", "published.duckdb"):
        path = home / name
        if not path.exists():
            continue
        number = storage_number(path)
        if number is None:
            yield found("store-damaged", name, "the file does not begin as a store does", path=path)
        elif number > STORAGE_NUMBER:
            what = (
                f"its storage version is {number}, and this version of the software writes and reads {STORAGE_NUMBER}"
            )
            yield found("store-newer", name, what)
    if (home / "published.duckdb").exists() and not (home / "warehouse.duckdb").exists():
        yield found("store-gone", "warehouse.duckdb", "the store is not there, and the readers' copy is")


def examine_runs(home: Path, now: float) -> Iterator[Ailment]:
    """Tell of a run that is not finished: at work, at work for too long, or broken off."""
    left = unfinished(home)
    lock = home / "run.lock"
    if is_held(home):
        since = lock.stat().st_mtime
        process = ""
        with suppress(OSError):
            process = lock.read_text(encoding="ascii", errors="replace").strip()
        began = f"since {datetime.fromtimestamp(since, UTC):%Y-%m-%d %H:%M} UTC"
        who = f"{left.sentence() if left else 'a command has the store open'} (process {process}), {began}"
        yield found("run-hangs" if now - since > _AT_MOST else "run-at-work", "last run", who, process=process)
    elif left is not None:
        yield _broken_off(left)


def _broken_off(left: Unfinished) -> Ailment:
    return found("run-broken-off", "last run", left.sentence(), date=left.run.business_date)


def last_night_of(home: Path) -> date | None:
    """Return the newest night that was run, as the readers' copy has it; `None` where it cannot be asked."""
    try:
        with open_published(home) as warehouse:
            night: date | None = warehouse.value("SELECT max(business_date) FROM ledger.runs")
    except ExchangeError:
        return None
    return night


def examine_nights(config: ExchangeConfig, today: date, last_night: date | None) -> list[Ailment]:
    """Tell what the last night left, as the readers' copy has it."""
    home = config.home
    try:
        with open_published(home) as warehouse:
            told = [
                examine_record(home, warehouse),
                *_unreported(warehouse, config, today),
                examine_backups(config.backups, last_night),
                *_left(warehouse),
            ]
    except ExchangeError as problem:
        if not (home / "warehouse.duckdb").exists() and any(config.backups.glob("BACKUP_*")):
            return [
                found("store-gone", "warehouse.duckdb", f"there is no store in {home}, and there are backups of one")
            ]
        return [_not_readable(problem)]
    if last_night is None:
        told.append(found("no-night-yet", "last night", "none has been run yet"))
    elif not unfinished(home) and all(each.state == "fine" for each in told if each.group == "store"):
        told.append(fine("store", "last night", "finished, nothing held, nothing waiting"))
    return told


def _not_readable(problem: ExchangeError) -> Ailment:
    names = {"D02": "no-night-yet", "D03": "store-newer", "D05": "copy-older"}
    name = names.get(problem.code, "store-damaged")
    return found(name, "published.duckdb", f"{problem.what} [{problem.code}]", path="published.duckdb")


def _left(warehouse: Warehouse) -> Iterator[Ailment]:
    held = warehouse.value("SELECT count(*) FROM ledger.files WHERE status = 'HELD'")
    if held:
        yield found("files-held", "received files", f"{counted(held, 'received file')} held")
    for recipients, files in warehouse.rows(
        """SELECT count(DISTINCT recipient), count(*) FROM delivery.outbox
           WHERE status IN ('PREPARED', 'FAILED', 'HELD') HAVING count(*) > 0"""
    ):
        what = f"{counted(files, 'file')} for {counted(recipients, 'recipient')} not delivered"
        yield found("files-waiting", "outbox", what)


def _unreported(warehouse: Warehouse, config: ExchangeConfig, today: date) -> Iterator[Ailment]:
    """Tell which months wait for their report to the state (R35), as far as the last night knows."""
    for report in reports_due(warehouse, config.reports, today).itertuples():
        month = f"{report.month:%Y-%m}"
        what = f"{'was' if report.is_overdue else 'is'} due on {report.due:%Y-%m-%d}, and not written (R35)"
        yield found("report-due", f"report to the state on {month}", what, report=report.report, month=month)
