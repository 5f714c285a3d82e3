"""Codes of the store, its mark and its audit log, of backups, of the run lock and of the machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import duckdb

from parsers.x12.profile_files import load_profile
from parsers.x12.reader import read_834
from pipelines.backup import back_up, restore
from pipelines.backup.manifest import read_manifest, sha256_of, write_manifest
from pipelines.durable import replace_file
from pipelines.warehouse import open_warehouse, run_lock
from pipelines.warehouse.audit import note
from tests.codes.after_a_night import FIRST, SECOND, Plan
from tests.codes.sample import Meeting, Sample, Stage, raised
from tests.codes.typed import ON, typed
from tests.copies import copy_folder
from tests.parsers.x12.examiners import end_the_process

PLANNED = f"ecm-exchange plan {ON}"
RESTORED = f"ecm-exchange restore plan/backup {ON}"


def opened(home: Path) -> None:
    """Open the store, as every command does that writes."""
    with open_warehouse(home):
        pass


def asked_for_too_much(stage: Stage) -> Meeting:
    def ask() -> None:
        with open_warehouse(stage.folder / "home") as warehouse:
            warehouse.run("SET memory_limit = '8MB'")
            warehouse.run("CREATE TEMP TABLE much AS SELECT list(range) AS one FROM range(20000000)")

    return raised(ask)


def edit(name: str, *statements: str) -> Callable[[Plan], None]:
    """Write in a file of the store as no program of ours does."""

    def by_hand(plan: Plan) -> None:
        with duckdb.connect(str(plan.home / name)) as connection:
            for statement in statements:
                connection.execute(statement)

    return by_hand


def cut(name: str, left: int = 0) -> Callable[[Plan], None]:
    """Leave so many bytes of a file of the home."""
    return lambda plan: os.truncate(plan.home / name, left)


def lose(name: str) -> Callable[[Plan], None]:
    return lambda plan: (plan.home / name).unlink()


def no_night_yet(plan: Plan) -> None:
    shutil.rmtree(plan.home)


def a_copy_of_last_week(plan: Plan) -> None:
    copy = shutil.copy(plan.home / "warehouse.duckdb", plan.folder)
    opened(plan.home)
    shutil.copy(copy, plan.home / "warehouse.duckdb")


def the_mark_of_another_home(plan: Plan) -> None:
    opened(plan.folder / "another")
    shutil.copy(plan.folder / "another" / "warehouse.mark.json", plan.home)


def half_of_the_log(plan: Plan) -> None:
    (log,) = (plan.home / "audit").glob("LOG_*.jsonl")
    os.truncate(log, log.stat().st_size // 2)


def a_restore_that_was_broken_off(plan: Plan) -> None:
    (plan.home / "published.duckdb.new").mkdir()
    with suppress(OSError):
        restore(plan.home, None, FIRST)


def the_log_cannot_be_written(stage: Stage) -> Meeting:
    plan = stage.make_plan()
    (log,) = (plan.home / "audit").glob("LOG_*.jsonl")

    def decide() -> None:
        with open_warehouse(plan.home) as warehouse:
            log.rename(plan.folder / "log")
            log.mkdir()
            note(warehouse, FIRST, "READ_ANEW", "834")

    return raised(decide)


def backed_up(*then: Callable[[Plan], object]) -> Callable[[Plan], None]:
    """Let there be a backup, and something happen to it or to the home after it."""

    def steps(plan: Plan) -> None:
        with open_warehouse(plan.home) as warehouse:
            place, _ = back_up(warehouse, plan.folder / "backups")
        place.rename(plan.folder / "backup")
        for step in then:
            step(plan)

    return steps


def a_landed_file_is_removed(plan: Plan) -> None:
    next(path for path in (plan.folder / "backup" / "landing").rglob("*") if path.is_file()).unlink()


def rows_were_lost_before_it_was_sealed(plan: Plan) -> None:
    backup = plan.folder / "backup"
    manifest = read_manifest(backup)
    write_manifest(backup, replace(manifest, rows={**manifest.rows, "ledger.files": 4}))


def its_log_was_edited_before_it_was_sealed(plan: Plan) -> None:
    backup = plan.folder / "backup"
    manifest = read_manifest(backup)
    (log,) = (backup / "audit").glob("LOG_*.jsonl")
    replace_file(log, log.read_bytes().replace(b"DELIVERED", b"DELIVERD.", 1))
    kept = tuple(
        replace(each, sha256=sha256_of(log)) if each.path == f"audit/{log.name}" else each for each in manifest.files
    )
    write_manifest(backup, replace(manifest, files=kept))


def the_home_is_another_plans(plan: Plan) -> None:
    shutil.rmtree(plan.home)
    with open_warehouse(plan.home) as warehouse:
        note(warehouse, FIRST, "READ_ANEW", "834")


def both_went_their_own_way(plan: Plan) -> None:
    """The home is put back from an earlier copy of itself and goes on; the backup knows another continuation."""
    shutil.rmtree(plan.home)
    copy_folder(plan.folder / "earlier", plan.home)
    for reason in ("one", "two", "three"):
        with open_warehouse(plan.home) as warehouse:
            note(warehouse, SECOND, "READ_ANEW", reason)


def after_a_fork(plan: Plan) -> None:
    copy_folder(plan.home, plan.folder / "earlier")
    with open_warehouse(plan.home) as warehouse:
        note(warehouse, SECOND, "READ_ANEW", "834")
    backed_up(both_went_their_own_way)(plan)


def while_another_runs(stage: Stage) -> Meeting:
    plan = stage.make_plan()
    with run_lock(plan.home):
        return stage.command(*PLANNED.split()[1:], "--config", plan.file)


def a_file_where_a_folder_should_be(stage: Stage) -> Meeting:
    (stage.folder / "plan").write_text("", encoding="utf-8")
    return stage.command("init", "--dir", stage.folder / "plan" / "new")


def a_reader_is_ended(stage: Stage) -> Meeting:
    plan = stage.make_plan()
    file = next((plan.folder / "sftp" / "dhcs" / "outgoing").glob("*-MO-*"))
    with patch("parsers.x12.reader.WORTHWHILE", 0):
        return raised(lambda: list(read_834(file, load_profile("dhcs"), processes=2, examine=end_the_process)))


STORE = (
    Sample("D01", "a statement that finds no memory", asked_for_too_much, told="OutOfMemoryException"),
    typed("D02", "a home without a night", "ecm-exchange status", "no night has come to its end yet", first=no_night_yet),
    typed("D03", "an upgrade was taken back after its first night", PLANNED, "a later version of this software",
          first=edit("warehouse.duckdb", "UPDATE ledger.store SET shape = 99")),
    typed("D04", "a version under development has written it", PLANNED, "problems is VARCHAR",
          first=edit("warehouse.duckdb", "ALTER TABLE ledger.runs ALTER problems TYPE VARCHAR")),
    typed("D05", "between an upgrade and the next night", "ecm-exchange status", "published by an earlier version",
          first=edit("published.duckdb", "UPDATE ledger.store SET shape = 1")),
    typed("D06", "tables of a new shape that no night has filled", PLANNED, "1 derived tables anew",
          first=lambda plan: plan.run("INSERT INTO ledger.remade VALUES ('exchange.members')")),
    typed("D07", "the store's file is cut after a power failure", PLANNED, "cannot be opened",
          first=cut("warehouse.duckdb", 5000)),
    typed("D08", "the readers' copy was cut", "ecm-exchange status", "a copy of the store cannot be opened",
          first=cut("published.duckdb", 5000)),
    typed("D11", "the store was removed to make room", PLANNED, "the store is gone", first=lose("warehouse.duckdb")),
    typed("D12", "a copy of last week was put in its place", PLANNED, "has lost what it was known to hold",
          first=a_copy_of_last_week),
    typed("D13", "the mark did not come along in a move", PLANNED, "the mark beside the store is missing",
          first=lose("warehouse.mark.json")),
    typed("D14", "a full disk left the mark empty", PLANNED, "is damaged", first=cut("warehouse.mark.json")),
    typed("D15", "the mark of another home", PLANNED, "is another store's", first=the_mark_of_another_home),
    typed("D16", "half of the audit log is gone", PLANNED, "the audit log was cut", first=half_of_the_log),
    typed("D17", "a restore was stopped before its end", PLANNED, "a restore was broken off",
          first=a_restore_that_was_broken_off),
    Sample("D18", "the audit log cannot be written", the_log_cannot_be_written, told="cannot be written"),
)  # fmt: skip

BACKUPS = (
    typed("B01", "the folder above the backups was named", f"ecm-exchange restore plan/backups {ON}",
          "this is no backup", first=backed_up(lambda plan: (plan.folder / "backups").mkdir(exist_ok=True))),
    typed("B02", "a landed file was removed from it", RESTORED, "the backup is damaged",
          first=backed_up(a_landed_file_is_removed)),
    typed("B03", "rows were lost before it was sealed", RESTORED, "does not hold the rows it should",
          first=backed_up(rows_were_lost_before_it_was_sealed)),
    typed("B04", "its log was edited before it was sealed", RESTORED, "of its audit log",
          first=backed_up(its_log_was_edited_before_it_was_sealed)),
    typed("B05", "the home is another plan's", RESTORED, "of another store",
          first=backed_up(the_home_is_another_plans)),
    typed("B06", "both went on by themselves", RESTORED, "tells another history", first=after_a_fork),
    typed("B07", "the whole home was on the disk that failed", f"ecm-exchange restore {ON}", "there is no store here",
          first=no_night_yet),
)  # fmt: skip

MACHINE = (
    Sample("L01", "the night was started by hand and by the timer", while_another_runs, told="another run is active",
           shown=PLANNED, form="sh"),
    Sample("O01", "a file where a folder should be", a_file_where_a_folder_should_be,
           told="Look at that path"),
    Sample("O03", "the system ends a process that reads", a_reader_is_ended, told="ended before its time"),
)  # fmt: skip

SAMPLES = (*STORE, *BACKUPS, *MACHINE)
