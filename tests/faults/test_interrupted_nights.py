"""Break a night off anywhere, run it again: tables, folders and ledger are those of a night that was left in peace."""

from __future__ import annotations

import pickle
import pkgutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipelines.nightly import STATIONS, run_night
from pipelines.warehouse import open_warehouse
from sample_data.providers import npi_of

KILLER = Path(__file__).with_name("killed_night.py")
BOUNDARIES = [name for name, _ in STATIONS]


@dataclass
class Undisturbed:
    """A plan whose second night was run in peace, and photographed on the way."""

    plan: Any
    on: date
    photographs: dict[str, Path] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)
    found: dict[str, bytes] = field(default_factory=dict)

    def assert_same(self) -> None:
        tables = self.plan.tables()
        assert [name for name in self.tables if tables[name] != self.tables[name]] == []
        assert self.plan.found() == self.found


@pytest.fixture(scope="module")
def undisturbed(make_plan: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    plan = make_plan(
        sources=("dhcs", "probation"), providers=[npi_of(key) for key in ("fresno_all", "fresno_handoff")], days=2
    )
    shelf = tmp_path_factory.mktemp("photographs")
    first, second = plan.exchange.dates
    with plan.serving():
        plan.partners_leave_files(first)
        plan.run(first)
        plan.partners_leave_files(second)
        peace = Undisturbed(plan, second)
        peace.photographs["before"] = plan.photograph(shelf / "before")
        with open_warehouse(plan.config.home) as warehouse:
            for result in run_night(plan.night(warehouse, second)):
                peace.photographs[result.station] = plan.photograph(shelf / result.station)
        peace.tables, peace.found = plan.tables(), plan.found()
        yield peace


@pytest.mark.parametrize("station", BOUNDARIES)
def test_a_crash_after_a_station_leaves_no_trace(undisturbed: Undisturbed, station: str) -> None:
    undisturbed.plan.set_back(undisturbed.photographs[station])
    undisturbed.plan.run(undisturbed.on)
    undisturbed.assert_same()


class Broken(Exception):
    """Something went wrong for no reason of its own."""


@pytest.mark.parametrize(
    ("function", "call"),
    [
        ("pipelines.load.tabular.ledger.settle", 1),  # one file loaded, the next in the midst of it
        ("pipelines.delivery.prepare.store", 4),  # some files of the outbox written
        ("pipelines.delivery.send.push", 2),  # the first provider has its files, the second not
        ("pipelines.delivery.send.confirm", 2),  # sent, not confirmed
        ("pipelines.delivery.send.confirm", 3),  # providers done; an answer to a sender sent, not confirmed
    ],
)
def test_an_error_in_the_midst_of_a_station_leaves_no_trace(
    undisturbed: Undisturbed, monkeypatch: pytest.MonkeyPatch, function: str, call: int
) -> None:
    plan = undisturbed.plan
    plan.set_back(undisturbed.photographs["before"])
    original, calls = pkgutil.resolve_name(function), count(1)

    def failing(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == call:
            raise Broken
        return original(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(function, failing)
        with pytest.raises(Broken):
            plan.run(undisturbed.on)
    plan.run(undisturbed.on)
    undisturbed.assert_same()


@pytest.mark.parametrize(
    "function",
    [
        "pipelines.intake.pull_sources.ledger.record",  # landed, not recorded
        "pipelines.load.enrollment.ledger.settle",  # facts inserted, not committed
        "pipelines.delivery.send.confirm",  # uploaded, not confirmed
        "pipelines.nightly.publish",  # all done but the readers' copy
    ],
)
def test_a_killed_process_leaves_no_trace(undisturbed: Undisturbed, tmp_path: Path, function: str) -> None:
    plan = undisturbed.plan
    plan.set_back(undisturbed.photographs["before"])
    order = tmp_path / "order"
    order.write_bytes(pickle.dumps((plan.config, plan.roster, undisturbed.on, function)))
    killed = subprocess.run([sys.executable, KILLER, order], capture_output=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    plan.run(undisturbed.on)
    undisturbed.assert_same()
