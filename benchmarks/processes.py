"""Run a program as a person would, in a process of its own, and take the system's account of it.

This process must stay small: a child's peak memory counts from the moment it is split off its parent, so that whoever
measures imports no library and leaves the making of files to a child too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[1]
_KIBIBYTES = 1 if sys.platform != "darwin" else 1024
"""What `ru_maxrss` counts in, as parts of a kibibyte."""


class FailedError(Exception):
    """A program ended with an error, or did not read what it was given; the message ends with what it said."""


@dataclass(frozen=True)
class Run:
    """One run of a program."""

    seconds: float
    """From start to end, start-up included"""
    cpu_seconds: float
    """User and system time, of its own child processes too"""
    peak_mb: float
    """Peak memory in MB of the largest single process"""
    answer: dict[str, Any]
    """What it printed"""


def run(command: Sequence[str | Path]) -> Run:
    """Run a program that prints one line of JSON.

    Raises
    ------
    FailedError
        When it ends with an error.
    """
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complaints:
        started = time.perf_counter()
        child = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=printed, stderr=complaints
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said = _text(complaints)[-2000:]
            raise FailedError(f"{' '.join(map(str, command))} ended with {child.returncode}: {said}")
        answer = _text(printed)
    peak = usage.ru_maxrss / _KIBIBYTES * 1024 / 1e6
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak, json.loads(answer or "{}"))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace").strip()
