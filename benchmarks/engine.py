"""The stages of the 834 engine, each run in a process of its own: `python -m benchmarks.engine STAGE FILE`.

A stage does what the one before it does and adds its own part, so that the difference is what that part costs. It
prints as JSON how many members it saw, or what is absent from this checkout.
"""

from __future__ import annotations

import argparse
import inspect
import json
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.files import FULL_DATE
from parsers.x12 import reader
from parsers.x12.blocks import BlockReader
from parsers.x12.conformance import FileJudge, check_conformance, examine
from parsers.x12.profile_files import load_profile
from parsers.x12.reader import CHUNK_SIZE, EnrollmentChunk, read_834
from parsers.x12.symbols import key_number

_CHECKED_AT_A_TIME = 3 << 20
"""Bytes of an 834 that the load station has checked and stored at a time."""


class AbsentError(Exception):
    """What was asked is not in this checkout; the message says what is missing."""


def start_up(_path: Path, _processes: int) -> None:
    """Do nothing but import what the others need."""


def tokens(path: Path, _processes: int) -> int:
    """Find all segments and elements."""
    with path.open("rb") as stream:
        return sum(int((found.heads[0] == key_number("INS")).sum()) for found, _ in BlockReader(stream, CHUNK_SIZE))


def tables(path: Path, processes: int) -> int:
    """Read the three tables."""
    return sum(len(chunk.members) for chunk in _chunks(path, processes, CHUNK_SIZE))


def conformance(path: Path, processes: int) -> None:
    """Judge the file by the guide, without making tables."""
    if len(check_conformance(path, **in_processes(check_conformance, processes))):
        raise ValueError("the file does not conform to the guide")


def tables_and_conformance(path: Path, processes: int) -> int:
    """Read the three tables and judge the file by the guide, in one pass."""
    judge = FileJudge()
    members = deviations = 0
    chunks = read_834(path, load_profile("dhcs"), examine=examine, **in_processes(read_834, processes))
    for chunk in chunks:
        members += len(chunk.members)
        deviations += sum(len(judge.take(before, examined)) for before, examined in chunk.examined)
    if deviations + len(judge.end()):
        raise ValueError("the file does not conform to the guide")
    return members


def checked(path: Path, processes: int) -> int:
    """Read the three tables and check them by Pandera, which is imported where it is measured."""
    check_chunk = import_module("schemas.enrollment").check_chunk
    members = 0
    for chunk in _chunks(path, processes, _CHECKED_AT_A_TIME):
        if len(check_chunk(chunk.members, chunk.coverage, chunk.reporting, as_of=FULL_DATE)):
            raise ValueError("a member is not valid")
        members += len(chunk.members)
    return members


Stage = Callable[[Path, int], int | None]
"""Takes the file and the number of processes, and returns how many members it saw."""

STAGES: dict[str, Stage] = {
    stage.__name__: stage for stage in (start_up, tokens, tables, conformance, tables_and_conformance, checked)
}


def in_processes(function: Callable[..., Any], processes: int) -> dict[str, int]:
    """Return the arguments by which a function shares its work among this many processes.

    Raises
    ------
    AbsentError
        When it works in one process only.
    """
    if processes == 1:
        return {}
    if "processes" not in inspect.signature(function).parameters:
        raise AbsentError(f"{function.__name__} works in one process")
    return {"processes": processes}


def _chunks(path: Path, processes: int, size: int) -> Iterator[EnrollmentChunk]:
    shared: dict[str, Any] = in_processes(read_834, processes)
    return read_834(path, load_profile("dhcs"), chunk_size=size, **shared)


def main() -> None:
    """Run one stage."""
    parser = argparse.ArgumentParser(description="Run one stage of the 834 engine.")
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("file", type=Path)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    reader.WORTHWHILE = 0  # what was asked for, also where it does not pay
    try:
        members = STAGES[asked.stage](asked.file, asked.processes)
        print(json.dumps({} if members is None else {"members": members}))
    except AbsentError as absent:
        print(json.dumps({"absent": str(absent)}))


if __name__ == "__main__":
    main()
