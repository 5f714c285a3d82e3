"""Each process of the exchange writes for its owner alone, leaves no core dump and quotes no value it stumbled over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SECRET = "QUILLWORT 91234567B"  # pragma: allowlist secret: an invented person


def ended(program: str, *, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program with the loosest umask a caller can have."""
    prelude = "import os, sys; from pipelines.containment import contain; contain()\n"
    return subprocess.run(
        [sys.executable, "-c", prelude + program], cwd=folder, umask=0, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": ":".join(sys.path)}, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    "defect",
    [
        f"raise ValueError('could not convert {SECRET}')",
        f"import threading; t = threading.Thread(target=int, args=('{SECRET}',)); t.start(); t.join()",
        f"class A:\n def __del__(self): raise KeyError('{SECRET}')\nA()",
        f"import warnings; warnings.warn('{SECRET}')",
        f"import logging; logging.getLogger('library').error('{SECRET}')",
    ],
    ids=["uncaught", "in a thread", "in a finalizer", "warning", "log record"],
)
def test_a_defect_is_told_without_what_it_stumbled_over(tmp_path: Path, defect: str) -> None:
    told = ended(defect, folder=tmp_path)
    assert "QUILLWORT" not in told.stdout + told.stderr
    assert "Traceback" not in told.stderr


def test_an_uncaught_defect_names_kind_and_place(tmp_path: Path) -> None:
    (tmp_path / "station.py").write_text(f"\nint('{SECRET}')\n", encoding="utf-8")
    told = ended("import station", folder=tmp_path)
    assert told.stderr == "a defect in this software: ValueError in station.py line 2\n"
    assert told.returncode == 1


def test_files_are_for_their_owner_and_a_crash_leaves_no_memory_behind(tmp_path: Path) -> None:
    program = """
import multiprocessing, resource, subprocess
open("mine", "w").close(); os.mkdir("folder")
subprocess.run([sys.executable, "-c", "open('of_a_child', 'w').close()"], check=True)
print(resource.getrlimit(resource.RLIMIT_CORE)[0])
"""
    told = ended(program, folder=tmp_path)
    assert told.stdout == "0\n"
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "mine": 0o600, "folder": 0o700, "of_a_child": 0o600,
    }  # fmt: skip
