"""Which program this is: told by all of it that decides what follows from the facts and what the files look like."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import parsers
import schemas

PROGRAM = "program"
"""The name in `ledger.readings` of the program by which the derived tables stand."""

_FLOORS = (Path(str(schemas.__file__)).parent, Path(str(parsers.__file__)).parent, Path(__file__).parent)
_WRITERS = ("duckdb", "pandas", "pyarrow", "xlsxwriter")
"""Libraries whose next version may write other bytes of the same rows."""


@cache
def program_text() -> str:
    """Name every file of the program with the hash of its content, and the libraries that write with their versions.

    The number of a version alone would be that of the next one before it is out.
    """
    files = [
        f"{path.relative_to(floor.parent)} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for floor in _FLOORS
        for path in sorted(floor.rglob("*"))
        if path.is_file() and path.parent.name != "__pycache__"
    ]
    return "\n".join((*files, *(f"{library} {version(library)}" for library in _WRITERS)))
