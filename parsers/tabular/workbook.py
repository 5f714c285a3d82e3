"""XLSX workbooks, opened in a process of their own (`workbook_child`): here that process is started, asked and ended.

Whatever the bytes do to that process, a caller sees rows of text or an F01.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from parsers.tabular.grid import Head, Row
from schemas.findings import file_fault
from schemas.problems import FileFault

_CHILD = Path(__file__).with_name("workbook_child.py")
_NEEDED = ("HOME", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Workbook:
    """A workbook being read.

    Attributes
    ----------
    sheets
        First rows of every sheet, in the order of the tabs.
    since_1904
        Whether serial dates count from 1904 rather than 1900.
    talk, hear
        Pipes to and from the process.
    """

    sheets: tuple[Head, ...]
    since_1904: bool
    talk: IO[str]
    hear: IO[str]

    def rows(self, sheet: int) -> Iterator[Row]:
        """Yield the rows of one sheet (by position, once) that hold anything, each with its row number."""
        try:
            self.talk.write(f"{sheet}\n")
            self.talk.flush()
        except BrokenPipeError:
            raise _damaged() from None
        while isinstance(answer := _answer(self.hear), list):
            yield answer[0], answer[1]


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """Start reading the workbook at `path`.

    Raises
    ------
    FileFault
        F01 when it is not a plain workbook, is damaged, or exceeds memory or time.
    """
    command = [sys.executable, "-P", "-W", "ignore", str(_CHILD), str(path)]
    process = subprocess.Popen(  # noqa: S603  # our own script; the path is one of the landing's
        command, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        encoding="ascii",
    )  # fmt: skip
    talk, hear = process.stdin, process.stdout
    if talk is None or hear is None:
        raise TypeError("the process has no pipes")
    try:
        answer = _answer(hear)
        sheets = tuple(
            Head(sheet["name"], [(number, cells) for number, cells in sheet["rows"]], visible=sheet["visible"])
            for sheet in answer["sheets"]
        )
        yield Workbook(sheets, answer["since_1904"], talk, hear)
    finally:
        process.kill()
        hear.close()
        with suppress(BrokenPipeError):
            talk.close()
        process.wait()


def _environment() -> dict[str, str]:
    """Give what Python needs to start and nothing else: passwords stand in the environment of this process."""
    needed = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return needed | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # each thread would reserve address space


def _answer(hear: IO[str]) -> Any:
    """Read one line of the child's; what it refuses, or its silence, is an F01."""
    try:
        answer = json.loads(hear.readline())
    except ValueError:
        raise _damaged() from None
    if isinstance(answer, dict) and "refused" in answer:
        raise file_fault("F01", answer["refused"])
    return answer


def _damaged() -> FileFault:
    return file_fault("F01", "the workbook is damaged or takes too much memory or time")
