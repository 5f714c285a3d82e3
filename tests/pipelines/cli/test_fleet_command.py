"""`ecm-exchange fleet status`: every plan is told of, whatever is wrong with another one."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from pipelines.fleet import Stands, read_fleet, survey
from pipelines.fleet.page import render_fleet
from pipelines.fleet.standing import night_due
from pipelines.warehouse.lock import run_lock
from schemas.problems import ConfigurationError, ExitCode
from tests.pipelines.cli.conftest import Command
from tests.security.canaries import people_in

NOW = datetime(2026, 11, 30, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Bureau:
    """A folder of plans and the fleet file that names them."""

    folder: Path
    last_night: date

    @property
    def file(self) -> Path:
        return self.folder / "fleet.toml"

    def add(self, plan: str) -> Path:
        """Put a plan that has run its nights into the fleet; return its folder."""
        folder = self.folder / plan
        self.name(plan)
        return folder

    def name(self, plan: str, folder: str = "") -> None:
        with self.file.open("a", encoding="utf-8") as file:
            file.write(f'\n[[plans]]\nid = "{plan}"\nconfig = "{folder or plan}/exchange.toml"\n')

    def stands(self, patience: float = 30.0) -> dict[str, tuple[Stands, str]]:
        found = survey(read_fleet(self.file), NOW, self.last_night, patience)
        return {each.plan: (each.stands, each.says) for each in found}


@pytest.fixture
def bureau(tmp_path: Path, demo_folder: Path) -> Bureau:
    """Two plans, ONE and TWO, whose nights are as they should be."""
    made = Bureau(tmp_path, date.fromisoformat(max(path.name for path in (demo_folder / "days").iterdir())))
    made.file.write_text('name = "A bureau"\n', encoding="utf-8")
    for plan in ("ONE", "TWO"):
        folder = made.add(plan)
        (folder / "home").mkdir(parents=True)
        shutil.copy(demo_folder / "home" / "published.duckdb", folder / "home")
        for name in ("providers.csv", "networks.csv", "keys"):
            (folder / name).symlink_to(demo_folder / name)
        text = (demo_folder / "exchange.toml").read_text(encoding="utf-8")
        text = re.sub(r'^id = ".*"', f'id = "{plan}"', text, count=1, flags=re.MULTILINE)
        (folder / "exchange.toml").write_text(text, encoding="utf-8")
    return made


def test_how_a_plan_stands_is_told_to_who_may_not_read_its_secrets(bureau: Bureau) -> None:
    secrets = bureau.folder / "TWO" / "secrets.env"
    with bureau.file.open("a", encoding="utf-8") as file:
        file.write(f'environment = "{secrets.relative_to(bureau.folder)}"\n')
    assert not secrets.exists()
    assert bureau.stands()["TWO"][0] is Stands.RIGHT


def test_plans_whose_nights_are_right_stand_right(bureau: Bureau, command: Command) -> None:
    told = command("fleet", "status", "--fleet", bureau.file, "--date", bureau.last_night, "--json")
    plans = json.loads(told.out)
    assert told.code == ExitCode.OK
    assert [(each["plan"], each["stands"], each["night"]) for each in plans] == [
        ("ONE", "right", str(bureau.last_night)),
        ("TWO", "right", str(bureau.last_night)),
    ]
    assert all(each["providers_told"] and each["files_in"] for each in plans)


def test_plans_of_one_queue_can_be_looked_at_alone(bureau: Bureau, command: Command) -> None:
    with bureau.file.open("a", encoding="utf-8") as file:
        file.write('queue = "of-two"\n')
    look = ("fleet", "status", "--fleet", bureau.file, "--date", bureau.last_night, "--json")
    assert [each["plan"] for each in json.loads(command(*look, "--queue", "of-two").out)] == ["TWO"]
    assert command(*look, "--queue", "none").code == ExitCode.USAGE


def test_a_plan_whose_configuration_is_broken_hides_no_other(bureau: Bureau) -> None:
    (bureau.folder / "ONE" / "exchange.toml").write_text("[plan", encoding="utf-8")
    stands = bureau.stands()
    assert stands["ONE"][0] is Stands.UNREADABLE
    assert "C02" in stands["ONE"][1]
    assert stands["TWO"][0] is Stands.RIGHT


def test_a_plan_whose_disk_does_not_answer_is_told_and_waited_for_no_longer(bureau: Bureau) -> None:
    silent = bureau.folder / "ONE" / "exchange.toml"
    silent.unlink()
    os.mkfifo(silent)  # whoever reads it waits for somebody to write
    try:
        stands = bureau.stands(patience=3)
    finally:
        with silent.open("w", encoding="utf-8"):
            pass  # lets the reader go
    assert stands["ONE"] == (Stands.UNREADABLE, "its home did not answer in time (S03)")
    assert stands["TWO"][0] is Stands.RIGHT


def test_another_plan_s_configuration_under_a_plan_s_id_is_not_read_as_its_own(bureau: Bureau) -> None:
    bureau.name("THREE", "TWO/../TWO")
    stands = bureau.stands()
    assert stands["THREE"] == (Stands.UNREADABLE, "the configuration is that of another plan (S01)")
    assert stands["TWO"][0] is Stands.RIGHT


@pytest.mark.parametrize("shared", ["../TWO/home", "../TWO/home/backups", ".."])
def test_plans_that_write_into_one_another_s_folders_are_not_shown(bureau: Bureau, shared: str) -> None:
    config = bureau.folder / "ONE" / "exchange.toml"
    text = config.read_text(encoding="utf-8").replace("[paths]", f'[paths]\npages = "{shared}"', 1)
    config.write_text(text, encoding="utf-8")
    told = {plan: stands for plan, (stands, says) in bureau.stands().items() if "S02" in says}
    assert told == {"ONE": Stands.UNREADABLE, "TWO": Stands.UNREADABLE}


def test_a_night_that_is_due_and_not_there_is_missing(bureau: Bureau) -> None:
    found = survey(read_fleet(bureau.file), NOW, date(2026, 11, 30))
    assert {each.stands for each in found} == {Stands.MISSING}
    assert all(f"the last was {bureau.last_night}" in each.says for each in found)


def test_a_plan_without_a_night_is_missing_its_first(bureau: Bureau) -> None:
    (bureau.folder / "ONE" / "home" / "published.duckdb").unlink()
    assert bureau.stands()["ONE"] == (Stands.MISSING, "no night has ended yet")


def test_a_run_under_way_is_at_work_and_one_without_a_process_broke_off(bureau: Bureau) -> None:
    for plan in ("ONE", "TWO"):
        (bureau.folder / plan / "home" / "run.unfinished").write_text("2026-11-30 1\n", encoding="ascii")
    with run_lock(bureau.folder / "ONE" / "home"):
        stands = bureau.stands()
    assert {plan: stands for plan, (stands, _) in stands.items()} == {"ONE": Stands.AT_WORK, "TWO": Stands.BROKEN_OFF}


@pytest.mark.parametrize(
    ("hour", "due"), [(13, date(2026, 11, 29)), (15, date(2026, 11, 30)), (23, date(2026, 11, 30))]
)
def test_a_night_is_due_by_the_plan_s_own_clock(hour: int, due: date) -> None:
    now = datetime(2026, 11, 30, hour, tzinfo=UTC)  # Los Angeles is eight hours behind
    assert night_due(now, "America/Los_Angeles", time(7)) == due


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('[[plans]]\nid = "ONE"\nconfg = "x"', "did you mean `config`?"),
        ('[[plans]]\nid = "ONE"\nconfig = "other.toml"', "two [[plans]] tables have the id ONE"),
        ('[[plans]]\nid = "NEW"\nconfig = "ONE/exchange.toml"', "two [[plans]] tables have the config"),
    ],
)
def test_a_mistake_in_the_fleet_file_is_told_with_its_line(bureau: Bureau, line: str, says: str) -> None:
    with bureau.file.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    with pytest.raises(ConfigurationError) as told:
        read_fleet(bureau.file)
    assert says in told.value.what


def test_the_page_names_no_member_loads_nothing_and_says_who_needs_a_person(bureau: Bureau, command: Command) -> None:
    (bureau.folder / "ONE" / "home" / "run.unfinished").write_text("2026-11-30 1\n", encoding="ascii")
    page = bureau.folder / "fleet.html"
    told = command("fleet", "status", "--fleet", bureau.file, "--date", bureau.last_night, "--page", page)
    text = page.read_text(encoding="utf-8")
    assert told.code == ExitCode.PROBLEMS_FOUND
    assert "1 of 2 plans needs a person now." in text
    assert f"{bureau.folder / 'ONE' / 'exchange.toml'}" in told.out
    assert people_in(text) == 0
    assert "script" not in text
    assert re.findall(r"(?:src|href)=\"(?!data:)", text) == []


def test_the_same_standings_at_the_same_time_give_the_same_page(bureau: Bureau) -> None:
    fleet = read_fleet(bureau.file)
    pages = {render_fleet(fleet, survey(fleet, NOW, bureau.last_night), NOW) for _ in range(2)}
    assert len(pages) == 1
