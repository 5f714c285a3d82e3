"""The same files and business dates give the same bytes, wherever and however the process runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sample_data.providers import npi_of
from tests.faults.attempts import Attempts
from tests.faults.undisturbed import told

HERE = {"TZ": "UTC", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "0"}
THERE = {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "", "PYTHONHASHSEED": "4711"}


@pytest.fixture(scope="module")
def two_nights(make_plan: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    plan = make_plan(
        sources=("dhcs", "probation", "prison"),
        providers=[npi_of(key) for key in ("fresno_all", "two_counties")],
        days=2,
    )
    (plan.root / "home").mkdir(mode=0o700)
    return plan, plan.photograph(tmp_path_factory.mktemp("before"))


def outputs(plan: Any) -> dict[str, Any]:
    """Everything two nights bring forth: folders, outbox, work lists and tables."""
    home: Path = plan.config.home
    files = {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("landing", "outbox", "work_lists")
        for path in sorted((home / folder).rglob("*"))
        if path.is_file()
    }
    return {"folders": plan.found(), "files": files, **plan.tables()}


def run_two_nights(two_nights: tuple[Any, Path], **process: Any) -> dict[str, Any]:
    plan, before = two_nights
    plan.set_back(before)
    with Attempts(**process) as attempts, plan.serving():
        for on in plan.exchange.dates:
            plan.partners_leave_files(on)
            made = attempts.make("run", "--config", plan.root / "exchange.toml", "--date", on)
            assert made.code in (0, 1), made.err
    return outputs(plan)


def test_zone_language_hash_seed_and_threads_change_no_byte(
    two_nights: tuple[Any, Path], survived: Callable[..., None]
) -> None:
    here = run_two_nights(two_nights, environment=HERE, cpus=1)
    there = run_two_nights(two_nights, environment=THERE)
    assert [name for name in here if there[name] != here[name]] == []
    survived(
        "another time zone, language, hash seed and number of threads",
        expected=told(here["folders"]),
        found=told(there["folders"]),
    )


@pytest.mark.parametrize("first", [date(2028, 2, 29), date(2027, 3, 12), date(2026, 10, 30)], ids=str)
def test_nights_around_a_leap_day_and_the_changes_of_the_clock_are_run_once_each(
    make_plan: Callable[..., Any], first: date
) -> None:
    plan = make_plan(sources=("dhcs", "probation"), providers=[npi_of("fresno_all")], days=2, start=first)
    with plan.serving():
        for on in plan.exchange.dates:
            plan.partners_leave_files(on)
            plan.run(on)
            seen = plan.found()
            plan.run(on)
            assert plan.found() == seen
    days = [f"{on:%Y%m%d}" for on in plan.exchange.dates]
    deltas = sorted(path.name for path in plan.folder(npi_of("fresno_all")).glob("*_DELTA.csv"))
    assert [name.split("_")[3] for name in deltas] == days
    assert plan.ask(
        "SELECT count(*) FROM ledger.files WHERE rows_in <> rows_loaded + rows_rejected + rows_duplicate"
    ) == [(0,)]
