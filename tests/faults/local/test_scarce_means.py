"""A folder that nobody may write, too few open files, no memory, a connection that a full disk killed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.warehouse import open_warehouse
from pipelines.warehouse.store import WarehouseFault
from schemas.problems import ExitCode
from tests.faults.local.small_disk import small_disk
from tests.faults.undisturbed import Undisturbed, told

MB = 1 << 20


@pytest.mark.parametrize(
    "folder", ["outbox", *(pytest.param(each, marks=pytest.mark.deep) for each in (".", "work_lists"))]
)
def test_a_folder_that_cannot_be_written_stops_the_night_with_a_sentence(
    undisturbed: Undisturbed, folder: str, survived: Callable[..., None]
) -> None:
    undisturbed.set_back()
    with small_disk(undisturbed.plan.config.home / folder, MB, writable=False) as mend:
        stopped = undisturbed.attempt()
        assert stopped.code == ExitCode.INPUT_OUTPUT
        assert "Read-only file system" in " ".join(stopped.err.split())
        assert "Traceback" not in stopped.err
        undisturbed.assert_nothing_is_cut()
        mend()
        assert undisturbed.attempt().code in (0, 1)
        undisturbed.assert_same()
        found = told(undisturbed.plan.found())
    survived("a folder of the home that cannot be written", expected=undisturbed.told(), found=found)


@pytest.mark.parametrize("files", [16, *(pytest.param(each, marks=pytest.mark.deep) for each in (12, 24))])
def test_too_few_open_files_stop_the_night_or_leave_partners_for_the_next_run(
    undisturbed: Undisturbed, files: int, survived: Callable[..., None]
) -> None:
    undisturbed.set_back()
    scarce = undisturbed.attempt(limits={"RLIMIT_NOFILE": files})
    assert "X01" not in scarce.err, scarce.err
    assert "Traceback" not in scarce.err
    assert scarce.code in (ExitCode.PROBLEMS_FOUND, ExitCode.INPUT_OUTPUT)
    undisturbed.assert_nothing_is_cut()
    assert undisturbed.attempt().code in (0, 1)
    survived("too few open files", expected=undisturbed.told(), found=told(undisturbed.plan.found()))


def test_a_statement_that_finds_no_memory_is_refused_and_the_store_goes_on(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        warehouse.run("SET memory_limit = '8MB'")
        with pytest.raises(WarehouseFault, match="OutOfMemoryException"):
            warehouse.run("CREATE TEMP TABLE much AS SELECT list(range) AS one FROM range(20000000)")
        warehouse.run("INSERT INTO ledger.remade VALUES ('still there')")
        assert warehouse.rows("FROM ledger.remade") == [("still there",)]


def test_a_store_on_a_disk_that_filled_up_dies_with_a_sentence_and_opens_again_with_what_was_committed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = tmp_path / "home"
    caplog.set_level(logging.DEBUG)
    with open_warehouse(home) as warehouse:
        warehouse.run("INSERT INTO ledger.remade VALUES ('committed')")
    with small_disk(home, MB) as make_room:
        with pytest.raises(WarehouseFault), open_warehouse(home) as warehouse:  # noqa: PT012 - each may be what fails
            with warehouse.transaction():
                warehouse.run("INSERT INTO ledger.remade SELECT repeat('x', 1000) || range FROM range(100000)")
            warehouse.run("INSERT INTO ledger.remade VALUES ('on a dead connection')")
        make_room()
        with open_warehouse(home) as warehouse:
            assert warehouse.rows("FROM ledger.remade") == [("committed",)]
    assert "xxx" not in caplog.text
