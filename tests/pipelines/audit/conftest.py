"""A home with a store in which three things were decided, damaged at will."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from pipelines.audit.log import files_of
from pipelines.audit.mark import mark_of
from pipelines.audit.record import audit_of
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.audit import note
from tests.copies import copy_folder

ON = date(2026, 11, 3)

_DECIDE_AND_DIE = """
import os, signal, sys
from datetime import date
from pathlib import Path
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.audit import note
with open_warehouse(Path(sys.argv[1])) as warehouse:
    for subject in sys.argv[2:]:
        note(warehouse, date(2026, 11, 3), "READ_ANEW", subject)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@dataclass(frozen=True)
class Home:
    path: Path

    @property
    def store(self) -> Path:
        return self.path / "warehouse.duckdb"

    @property
    def wal(self) -> Path:
        return self.path / "warehouse.duckdb.wal"

    @property
    def mark(self) -> Path:
        return mark_of(self.path)

    @property
    def log(self) -> Path:
        (log,) = files_of(audit_of(self.path))
        return log

    def decide(self, *subjects: str) -> None:
        """Note something, and close the store."""
        with open_warehouse(self.path) as warehouse:
            for subject in subjects:
                note(warehouse, ON, "READ_ANEW", subject)

    def decide_and_die(self, *subjects: str) -> None:
        """Note something in a process that is killed before it closes the store: the write-ahead log stays."""
        subprocess.run(
            [sys.executable, "-c", _DECIDE_AND_DIE, self.path, *subjects], check=False, timeout=60, env=dict(os.environ)
        )
        assert self.wal.exists()

    def decided(self) -> list[str]:
        with open_warehouse(self.path) as warehouse:
            return [subject for (subject,) in warehouse.rows("SELECT subject FROM ledger.audit ORDER BY entry")]

    def told(self) -> list[str]:
        """Lines of the log."""
        return self.log.read_text(encoding="ascii").splitlines()


@pytest.fixture(scope="session")
def three_decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("decided") / "home")
    home.decide("one", "two", "three")
    return home.path


@pytest.fixture
def home(three_decided: Path, tmp_path: Path) -> Home:
    return Home(copy_folder(three_decided, tmp_path / "home"))


@pytest.fixture
def in_a_new_home(tmp_path: Path) -> Callable[[], Home]:
    return lambda: Home(tmp_path / "new" / "home")
