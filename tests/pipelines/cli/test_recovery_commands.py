"""`ecm-exchange backup` and `restore`, what `doctor` says of them, and what goes when its time is over."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.audit.purge import purge, years_earlier
from pipelines.config import read_config
from pipelines.warehouse import open_warehouse
from tests.copies import copy_folder

Command = Callable[..., Any]
NEXT_NIGHT = "2026-11-05"


@pytest.fixture
def folder(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the finished demo."""
    return copy_folder(demo_folder, tmp_path / "copy")


def test_a_backup_put_back_leaves_everything_as_it_was(command: Command, folder: Path) -> None:
    config = folder / "exchange.toml"
    told = command("backup", "--config", config, "--json")
    assert told.code == 0, told.err
    place = Path(json.loads(told.out)["backup"])
    planned = command("plan", "--date", NEXT_NIGHT, "--config", config, "--json").out
    (folder / "home" / "warehouse.duckdb").unlink()
    assert command("status", "--config", config).code == 0, "readers have their copy"
    assert command("plan", "--date", NEXT_NIGHT, "--config", config).code == 74
    told = command("restore", place, "--date", NEXT_NIGHT, "--config", config, "--json")
    assert (told.code, json.loads(told.out)["audit_log"]) == (0, "KEPT"), told.err
    assert command("plan", "--date", NEXT_NIGHT, "--config", config, "--json").out == planned
    assert command("verify-audit", "--config", config).code == 0


def test_what_may_be_forgotten_ends_with_one_and_is_said(command: Command, folder: Path) -> None:
    config = folder / "exchange.toml"
    config.write_text(config.read_text().replace('home = "home"', 'home = "home"\nbackups = "kept"'))
    place = Path(json.loads(command("backup", "--config", config, "--json").out)["backup"])
    shutil.rmtree(folder / "home")
    told = command("run", "--date", NEXT_NIGHT, "--config", config)
    assert (told.code, told.err.split()[0]) == (74, "D11"), "a night on an empty home would tell everybody anew"
    told = command("restore", place, "--date", NEXT_NIGHT, "--config", config)
    assert told.code == 1
    assert "is not known here" in told.err.replace("\n", " ")
    assert command("incident", "--config", config).code == 2


def test_the_doctor_misses_a_backup_and_sees_a_record_that_was_cut(command: Command, folder: Path) -> None:
    config = folder / "exchange.toml"

    def found() -> dict[str, str]:
        told = json.loads(command("doctor", "--config", config, "--json").out)
        return {each["subject"]: each["state"] for each in told if each["subject"] in ("backup", "audit log")}

    assert found() == {"backup": "look", "audit log": "fine"}
    assert command("backup", "--config", config).code == 0
    assert found() == {"backup": "fine", "audit log": "fine"}
    log = max((folder / "home" / "audit").glob("LOG_*.jsonl"))
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    assert found() == {"backup": "fine", "audit log": "wrong"}


def test_after_six_years_bytes_and_contents_go_and_the_accounting_stays_whole(
    command: Command, folder: Path, people: dict[str, str]
) -> None:
    config = folder / "exchange.toml"
    asked = [("incident", "--cin", people[key], "--members", "--config", config, "--json")
             for key in ("youth", "hold_then_release")]  # fmt: skip
    before = [command(*question).out for question in asked]
    planned = command("plan", "--date", NEXT_NIGHT, "--config", config, "--json").out
    home, years = folder / "home", read_config(config).retention.years
    kept = {path for name in ("landing", "outbox", "audit") for path in (home / name).rglob("*") if path.is_file()}
    with open_warehouse(home) as warehouse:
        assert purge(warehouse, years, date(2032, 10, 27)) == 0, "not a day before"
        assert all(path.exists() for path in kept)
        assert purge(warehouse, years, date(2033, 1, 1)) > 0
        assert purge(warehouse, years, date(2033, 1, 1)) == 0
        assert warehouse.value("SELECT count(*) FROM delivery.outbox_rows AS r SEMI JOIN delivery.deliveries AS d "
                               "ON d.outbox_id = r.outbox_id") == 0  # fmt: skip
        assert warehouse.value("SELECT count(*) FROM quarantine.rows WHERE original IS NOT NULL") == 0
    left = {path for path in kept if path.exists()}
    assert {path.parent.name for path in left} == {"audit"}
    assert [command(*question).out for question in asked] == before
    assert command("plan", "--date", NEXT_NIGHT, "--config", config, "--json").out == planned
    assert command("verify-audit", "--config", config).code == 0


def test_years_are_counted_from_leap_days_too() -> None:
    assert years_earlier(date(2032, 2, 29), 6) == date(2026, 2, 28)
    assert years_earlier(date(2032, 3, 1), 6) == date(2026, 3, 1)
