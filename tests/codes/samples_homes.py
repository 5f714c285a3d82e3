"""Codes of homes that move: what keeps one from coming out of its depot, or from going in."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from pipelines.config import ExchangeConfig
from pipelines.homes.begin import begin_with
from pipelines.homes.brought import brought
from pipelines.homes.depot import Depot
from pipelines.homes.fetch import fetch_backup
from pipelines.homes.held import reading
from pipelines.homes.hold import hold
from pipelines.warehouse import open_warehouse
from tests.codes.sample import Meeting, Sample, Stage, raised
from tests.faults.homes.machine import LeaseOnDisk


def of_a_plan_that_moves(stage: Stage) -> ExchangeConfig:
    """Give the plan on the stage a depot."""
    plan = stage.make_plan()
    plan.write("exchange.toml", "[paths]\n", f'[paths]\ndepot = "file://{stage.folder}/depot"\n')
    return plan.config


def entered(way: Callable[[], AbstractContextManager[object]]) -> Meeting:
    """Enter a block that is refused."""
    return raised(lambda: ExitStack().enter_context(way()))


def not_held(stage: Stage) -> Meeting:
    return raised(lambda: of_a_plan_that_moves(stage).home)


def only_to_read(stage: Stage) -> Meeting:
    with reading("SHP", stage.folder, is_at_work=False):
        return entered(lambda: open_warehouse(stage.folder))


def no_room(stage: Stage) -> Meeting:
    (stage.folder / "depot").write_text("a file where a folder should be", encoding="ascii")
    with Depot(f"file://{stage.folder}/depot", {}) as depot:
        return raised(lambda: depot.put(b"members"))


def an_object_lost(stage: Stage) -> Meeting:
    with Depot(f"file://{stage.folder}/depot", {}) as depot:
        sha256 = depot.put(b"members")
        os.truncate(stage.folder / "depot" / "objects" / sha256[:2] / sha256, 3)
        return raised(lambda: depot.get(sha256))


def never_brought_in(stage: Stage) -> Meeting:
    config = of_a_plan_that_moves(stage)
    return entered(lambda: brought(config, LeaseOnDisk(stage.folder / "lease"), stage.folder / "copy", {}))


def a_new_database(stage: Stage) -> Meeting:
    config = of_a_plan_that_moves(stage)
    begin_with(config, LeaseOnDisk(stage.folder / "lost"), config.paths.home, {}, {})
    return entered(lambda: brought(config, LeaseOnDisk(stage.folder / "new"), stage.folder / "copy", {}))


def no_leases(stage: Stage) -> Meeting:
    config = of_a_plan_that_moves(stage)
    return entered(lambda: hold(config, database=None, holder="run"))


def begun_though_there_is_one(stage: Stage) -> Meeting:
    config = of_a_plan_that_moves(stage)
    return raised(lambda: begin_with(config, LeaseOnDisk(stage.folder / "lease"), None, {}, {}))


def no_such_checkpoint(stage: Stage) -> Meeting:
    config = of_a_plan_that_moves(stage)
    return raised(lambda: fetch_backup(config, "20261106_000055", Path(stage.folder / "backups"), secrets={}))


SAMPLES = (
    Sample("S20", "a command that is typed without `fleet do`", not_held, told="does not hold it"),
    Sample("S21", "a command that writes, behind `fleet do --reading`", only_to_read, told="needs its whole home"),
    Sample("S22", "a depot that is a file", no_room, told="cannot be written"),
    Sample("S23", "an object of which the end is missing", an_object_lost, told="is gone or was changed"),
    Sample("S24", "a plan that was given a depot, and nothing else", never_brought_in, told="no home was ever brought"),
    Sample("S25", "a database that was set up anew", a_new_database, told="knows nothing"),
    Sample("S26", "a shell without ECM_EXCHANGE_DATABASE", no_leases, told="no database says"),
    Sample("S27", "a new home for a plan that has one", begun_though_there_is_one, told="is not the one"),
    Sample("S28", "a backup of a checkpoint that is gone", no_such_checkpoint, told="no such checkpoint"),
)
