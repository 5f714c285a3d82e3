"""Yesterday's backup is put back after tonight's files went out: nothing is sent twice, no word is forgotten."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.assignment import decide
from pipelines.audit.verify import verify
from pipelines.backup import back_up, restore
from pipelines.backup.lost_nights import find_lost_nights
from pipelines.delivery.send import provider_endpoints
from pipelines.nightly import run_night
from pipelines.warehouse import open_warehouse, run_lock
from pipelines.warehouse.door import open_as_it_is
from sample_data.providers import npi_of
from schemas.problems import ExchangeError
from tests.faults.undisturbed import told

RESTORED = "RESTORED"


@dataclass
class History:
    """Four nights in peace, a backup after the second, and what stood after each of the last two."""

    plan: Any
    backup: Path
    nights: tuple[date, ...]
    photographs: dict[str, Path] = field(default_factory=dict)
    tables: dict[date, dict[str, Any]] = field(default_factory=dict)
    found: dict[date, dict[str, bytes]] = field(default_factory=dict)

    @property
    def third(self) -> date:
        return self.nights[2]

    @property
    def fourth(self) -> date:
        return self.nights[3]

    @property
    def home(self) -> Path:
        return Path(self.plan.config.home)

    def note(self, on: date) -> None:
        self.tables[on], self.found[on] = self.plan.tables(), self.plan.found()

    def assert_as_after(self, on: date) -> None:
        """Tables and folders are those of the undisturbed history; only the record has the restore beside it."""
        tables = self.plan.tables()
        tables["ledger.audit"] = [row for row in tables["ledger.audit"] if row[2] != RESTORED]
        differing = [name for name in self.tables[on] if tables[name] != self.tables[on][name]]
        assert differing in ([], ["ledger.marks"])  # how far a run knew the facts, which a run again does not tell
        assert self.plan.found() == self.found[on]

    def assert_the_record_fits(self) -> None:
        with run_lock(self.home), open_as_it_is(self.home) as warehouse:
            assert verify(warehouse, self.home).misfit == ""


@pytest.fixture(scope="module")
def history(make_plan: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    plan = make_plan(
        sources=("dhcs", "probation"), providers=[npi_of(key) for key in ("fresno_all", "fresno_handoff")], days=4
    )
    shelf, nights = tmp_path_factory.mktemp("history"), tuple(plan.exchange.dates)
    with plan.serving():
        for on in nights[:2]:
            plan.partners_leave_files(on)
            plan.run(on)
        with open_warehouse(plan.config.home) as warehouse:
            backup, _ = back_up(warehouse, shelf / "backups")
            cin, npi = warehouse.rows(
                "SELECT cin, npi FROM exchange.ecm_assignments WHERE ended_on IS NULL ORDER BY cin"
            )[0]
            other = next(p.npi for p in plan.roster.providers if p.npi != npi)
            decide(warehouse, plan.roster, cin, other, on=nights[2], reason="knows the family", decided_by="liaison")
        peace = History(plan, backup, nights)
        plan.partners_leave_files(peace.third)
        with open_warehouse(plan.config.home) as warehouse:
            for result in run_night(plan.night(warehouse, peace.third)):
                if result.station == "deliver":
                    peace.photographs["in the midst of it"] = plan.photograph(shelf / "midst")
        peace.note(peace.third)
        peace.photographs["after it"] = plan.photograph(shelf / "after")
        plan.partners_leave_files(peace.fourth)
        plan.run(peace.fourth)
        peace.note(peace.fourth)
        yield peace


def test_a_restored_backup_is_brought_up_to_all_that_went_out_since(history: History, survived: Any) -> None:
    history.plan.set_back(history.photographs["after it"])
    done = restore(history.home, history.backup, history.third)
    assert (done.log, done.unknown, done.again.lost, done.again.nights) == ("KEPT", 0, (), (history.third,))
    assert not done.may_have_forgotten
    assert done.again.rows > done.again.entries > 10
    history.plan.run(history.third)
    history.assert_as_after(history.third)
    history.assert_the_record_fits()
    survived(
        "yesterday's backup put back",
        expected=told(history.found[history.third]), found=told(history.plan.found()),
    )  # fmt: skip


def test_the_next_night_goes_on_from_it_though_the_senders_took_their_files_away(
    history: History, survived: Any
) -> None:
    history.plan.set_back(history.photographs["after it"])
    for source in history.plan.config.sources:
        for path in history.plan.inbox(source.name).iterdir():
            path.unlink()
    restore(history.home, history.backup, history.fourth)
    history.plan.partners_leave_files(history.fourth)
    history.plan.run(history.fourth)
    assert history.plan.found() == history.found[history.fourth]
    survived(
        "yesterday's backup put back, and the next night run",
        expected=told(history.found[history.fourth]), found=told(history.plan.found()),
    )  # fmt: skip


def test_a_lost_write_ahead_log_is_made_good_from_the_record(history: History, survived: Any) -> None:
    history.plan.set_back(history.photographs["in the midst of it"])
    (history.home / "warehouse.duckdb.wal").unlink()
    done = restore(history.home, None, history.third)
    assert done.again.entries > 0
    assert not done.may_have_forgotten
    history.plan.run(history.third)
    history.assert_as_after(history.third)
    survived(
        "a write-ahead log lost after delivery",
        expected=told(history.found[history.third]), found=told(history.plan.found()),
    )  # fmt: skip


def test_after_the_loss_of_the_whole_disk_files_that_stand_there_are_found_and_it_is_said_what_is_not_known(
    history: History, survived: Any
) -> None:
    history.plan.set_back(history.photographs["after it"])
    shutil.rmtree(history.home)
    done = restore(history.home, history.backup, history.third)
    assert (done.log, done.may_have_forgotten) == ("FROM_BACKUP", True)
    with open_warehouse(history.home) as warehouse:
        endpoints = provider_endpoints(history.plan.roster, history.plan.config)
        lost = find_lost_nights(warehouse, history.plan.config, history.plan.roster, endpoints)
        assert (lost.nights, lost.not_asked) == ((history.third,), ())
        cin, other = next((row[3], row[4]) for row in history.tables[history.third]["facts.liaison_decisions"])
        decide(
            warehouse,
            history.plan.roster,
            cin,
            other,
            on=history.third,
            reason="knows the family",
            decided_by="liaison",
        )
    with pytest.raises(ExchangeError, match="K04"):
        history.plan.run(history.fourth)
    history.plan.run(history.third)
    assert history.plan.found() == history.found[history.third]
    history.plan.partners_leave_files(history.fourth)
    history.plan.run(history.fourth)
    assert history.plan.found() == history.found[history.fourth]
    survived(
        "the whole disk lost, the last backup put back",
        expected=told(history.found[history.fourth]), found=told(history.plan.found()),
    )  # fmt: skip
