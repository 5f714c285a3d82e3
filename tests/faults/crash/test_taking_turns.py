"""Processes that take turns at one store lose no commit: DuckDB alone does not promise it, the run lock does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pipelines.warehouse import open_warehouse

WRITER = """
import sys, time
from pathlib import Path
from pipelines.warehouse import open_warehouse
from schemas.problems import AnotherRunActive

home, writer, turns = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for turn in range(turns):
    while True:
        try:
            with open_warehouse(home) as warehouse, warehouse.transaction():
                warehouse.run(
                    "INSERT INTO ledger.readings BY NAME SELECT $policy AS policy, $reading AS reading",
                    {"policy": f"{writer} {turn}", "reading": writer},
                )
        except AnotherRunActive:
            time.sleep(0.01)  # somebody else's turn
        else:
            break
"""
WRITERS = ("first", "second", "third")


def test_processes_that_take_turns_lose_no_commit(tmp_path: Path, survived: Callable[..., None], *, deep: bool) -> None:
    turns, home = 200 if deep else 12, tmp_path / "home"
    with open_warehouse(home):
        pass
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, home, writer, str(turns)]) for writer in WRITERS]
    assert [writer.wait(timeout=600) for writer in writers] == [0, 0, 0]
    with open_warehouse(home) as warehouse:
        found = warehouse.rows("SELECT reading, policy FROM ledger.readings ORDER BY ALL")
    due = [(writer, f"{writer} {turn}") for writer in WRITERS for turn in range(turns)]
    survived("processes taking turns at one store", expected=due, found=found)
