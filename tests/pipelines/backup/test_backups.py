"""A backup is good or is refused; restoring it is all or nothing and puts aside what it replaces."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.audit.record import unfinished_restore
from pipelines.backup import back_up, restore, verify_backup
from pipelines.backup.manifest import BackupRefused
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.audit import note
from schemas.problems import ExchangeError
from tests.copies import copy_folder

ON = date(2026, 11, 4)


def decide(home: Path, *subjects: str) -> None:
    with open_warehouse(home) as warehouse:
        for subject in subjects:
            note(warehouse, ON, "READ_ANEW", subject)


def decided(home: Path) -> list[tuple[str, str]]:
    with open_warehouse(home) as warehouse:
        return warehouse.rows("SELECT event, subject FROM ledger.audit ORDER BY entry")


def take(home: Path, to: Path) -> Path:
    with open_warehouse(home) as warehouse:
        place, _ = back_up(warehouse, to)
    return place


@pytest.fixture(scope="session")
def a_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which two things were decided, with a file that came and one that went."""
    home = tmp_path_factory.mktemp("backed up") / "home"
    decide(home, "one", "two")
    for name in ("landing/ab/abcd", "outbox/2026-11-04/1234567893/file.csv", "landing/.half.part"):
        (home / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (home / name).write_bytes(name.encode())
    return home


@pytest.fixture(scope="session")
def a_backup(a_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return take(a_home, tmp_path_factory.mktemp("backups"))


@pytest.fixture
def home(a_home: Path, a_backup: Path, tmp_path: Path) -> Path:
    return copy_folder(a_home, tmp_path / "home")


@pytest.fixture
def backup(a_backup: Path, tmp_path: Path) -> Path:
    return copy_folder(a_backup, tmp_path / a_backup.name)


def test_a_backup_holds_what_came_and_went_for_nobody_else_to_read(backup: Path) -> None:
    held = {kept.path for kept in verify_backup(backup).files}
    assert {"warehouse.duckdb", "warehouse.mark.json", "audit/LOG_202611.jsonl", "landing/ab/abcd"} <= held
    assert "landing/.half.part" not in held
    assert {path.stat().st_mode & 0o077 for path in (backup, *backup.rglob("*"))} == {0}


def test_the_next_backup_shares_what_has_not_changed(home: Path, tmp_path: Path) -> None:
    first, second = (take(home, tmp_path / "backups") for _ in range(2))
    assert first != second
    assert (first / "landing/ab/abcd").samefile(second / "landing/ab/abcd")
    assert not (first / "warehouse.duckdb").samefile(second / "warehouse.duckdb")
    shutil.rmtree(first)
    verify_backup(second)


@pytest.mark.parametrize("name", ["backup.json", "warehouse.duckdb", "audit/LOG_202611.jsonl", "landing/ab/abcd"])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(home: Path, backup: Path, name: str) -> None:
    content = bytearray((backup / name).read_bytes())
    content[len(content) // 2] ^= 1
    (backup / name).write_bytes(content)
    with pytest.raises(BackupRefused, match=r"B0[12]"):
        restore(home, backup, ON)
    (backup / name).unlink()
    with pytest.raises(BackupRefused, match=r"B0[12]"):
        restore(home, backup, ON)
    assert not (home / "replaced").exists()
    assert decided(home) == [("READ_ANEW", "one"), ("READ_ANEW", "two")]


def test_what_was_decided_since_is_entered_again_and_what_is_replaced_is_kept(home: Path, backup: Path) -> None:
    decide(home, "three")
    done = restore(home, backup, ON)
    assert (done.again.entries, done.log, done.may_have_forgotten) == (1, "KEPT", False)
    assert decided(home) == [*(("READ_ANEW", each) for each in ("one", "two", "three")), ("RESTORED", "0001")]
    assert {path.name for path in done.replaced.iterdir()} >= {"warehouse.duckdb", "warehouse.mark.json"}


def test_the_store_that_was_replaced_stays_behind_the_mark(home: Path, backup: Path) -> None:
    for _ in range(3):
        decide(home)
    done = restore(home, backup, ON)
    shutil.copy(done.replaced / "warehouse.duckdb", home / "warehouse.duckdb")
    with pytest.raises(ExchangeError, match="D12"), open_warehouse(home):
        pass


def test_a_restore_that_is_broken_off_is_run_again(home: Path, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decide(home, "three")
    with monkeypatch.context() as patched:
        patched.setattr("pipelines.backup.put_back.publish", lambda _: (_ for _ in ()).throw(OSError("no room")))
        with pytest.raises(OSError, match="no room"):
            restore(home, backup, ON)
    with pytest.raises(ExchangeError, match="D17"), open_warehouse(home):
        pass
    restore(home, backup, ON)
    assert not unfinished_restore(home).exists()
    assert [subject for event, subject in decided(home) if event == "READ_ANEW"] == ["one", "two", "three"]


def test_into_an_empty_home_the_backup_s_own_record_is_taken_and_it_is_said_that_more_may_have_been(
    backup: Path, tmp_path: Path
) -> None:
    done = restore(tmp_path / "empty", backup, ON)
    assert (done.log, done.may_have_forgotten) == ("FROM_BACKUP", True)
    assert decided(tmp_path / "empty")[:2] == [("READ_ANEW", "one"), ("READ_ANEW", "two")]
    assert (tmp_path / "empty" / "landing/ab/abcd").read_bytes() == b"landing/ab/abcd"


def test_a_backup_of_another_store_or_another_history_is_refused(home: Path, backup: Path, tmp_path: Path) -> None:
    decide(tmp_path / "other", "one", "two")
    with pytest.raises(BackupRefused, match="B05"):
        restore(tmp_path / "other", backup, ON)
    shutil.rmtree(home)
    restore(home, backup, ON)  # from here on this home goes another way
    decide(home, "one thing")
    beyond = take(home, tmp_path / "backups")
    shutil.rmtree(home)
    restore(home, backup, ON)
    decide(home, "another thing")
    with pytest.raises(BackupRefused, match="B06"):
        restore(home, beyond, ON)


def without_mark(home: Path) -> None:
    (home / "warehouse.mark.json").unlink()


def with_half_a_log(home: Path) -> None:
    log = home / "audit" / "LOG_202611.jsonl"
    log.write_text(log.read_text().splitlines(keepends=True)[0])


def with_a_changed_log(home: Path) -> None:
    log = home / "audit" / "LOG_202611.jsonl"
    log.write_text(log.read_text().replace("one", "ONE"))


@pytest.mark.parametrize(
    ("damage", "log"), [(without_mark, "KEPT"), (with_half_a_log, "KEPT"), (with_a_changed_log, "ANEW")]
)
def test_without_a_backup_the_store_is_kept_as_it_lies_there(
    home: Path, damage: Callable[[Path], Any], log: str
) -> None:
    damage(home)
    done = restore(home, None, ON)
    assert done.log == log
    assert decided(home) == [("READ_ANEW", "one"), ("READ_ANEW", "two"), ("RESTORED", "0001")]


def test_entries_that_only_the_mark_knew_are_counted(home: Path, tmp_path: Path) -> None:
    photograph = copy_folder(home, tmp_path / "photograph")
    decide(home, "three", "four", "five")
    for name in ("warehouse.duckdb", "audit/LOG_202611.jsonl"):
        shutil.copy(photograph / name, home / name)
    done = restore(home, None, ON)
    assert (done.unknown, done.may_have_forgotten) == (3, True)


def test_without_store_and_backup_there_is_nothing_to_restore(home: Path) -> None:
    (home / "warehouse.duckdb").unlink()
    with pytest.raises(BackupRefused, match="B07"):
        restore(home, None, ON)


def test_a_home_that_is_gone_is_not_begun_anew_while_its_backups_are_there(a_backup: Path, tmp_path: Path) -> None:
    """As on a machine that came up without the volume of the home: providers would be told, and chosen, anew."""
    home = tmp_path / "home"
    with pytest.raises(ExchangeError) as refused, open_warehouse(home, a_backup.parent):
        pass
    assert refused.value.code == "D11"
    assert not (home / "warehouse.duckdb").exists()
    restore(home, a_backup, ON)
    with open_warehouse(home, a_backup.parent) as warehouse:
        assert warehouse.value("SELECT count(*) FROM ledger.audit WHERE event = 'READ_ANEW'") == 2


def test_a_folder_for_backups_that_holds_none_keeps_nobody_from_the_first_night(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    with open_warehouse(tmp_path / "home", tmp_path / "backups"):
        pass
    with open_warehouse(tmp_path / "other home", tmp_path / "not yet there"):
        pass
