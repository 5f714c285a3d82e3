"""What every process of the exchange does first, so that what it holds stays inside the plan's home."""

from __future__ import annotations

import logging
import os
import resource
import sys
import threading
import traceback
import warnings
from pathlib import Path
from types import TracebackType

from schemas.problems import ExchangeError, refused_by_system


def write_for_the_owner_alone() -> None:
    """Let this process, and those it starts, write nothing that others can read, and no core dump: it is the memory."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def contain() -> None:
    """Let this process write for its owner alone and tell of no value it stumbled over.

    What a library warns of, logs or raises may quote a member's data: of a defect that nobody caught, kind and place
    are told; warnings, and records that no handler was set up for, are dropped.
    """
    write_for_the_owner_alone()
    warnings.simplefilter("ignore")
    logging.lastResort = None
    sys.excepthook = _tell
    sys.unraisablehook = lambda found: _tell(found.exc_type, found.exc_value, found.exc_traceback)
    threading.excepthook = lambda found: _tell(found.exc_type, found.exc_value, found.exc_traceback)


def kind_and_place(kind: type[BaseException], at: TracebackType | None) -> tuple[str, str]:
    """Name a defect by its type, and by file and line where it arose, without its message."""
    stack = traceback.extract_tb(at)
    place = f"{Path(stack[-1].filename).name} line {stack[-1].lineno}" if stack else "an unknown place"
    return kind.__name__, place


def as_problem(failure: Exception) -> ExchangeError:
    """Say of anything that was raised what may be told of it: of a defect its type and its place in the code."""
    if isinstance(failure, ExchangeError):
        return failure
    if isinstance(failure, (OSError, MemoryError)):
        return refused_by_system(failure)
    kind, place = kind_and_place(type(failure), failure.__traceback__)
    remedy = "This is a defect: report it with the line above, and run the night again."
    return ExchangeError("K99", f"{kind} in {place}", remedy=remedy)


def _tell(kind: type[BaseException], _: BaseException | None, at: TracebackType | None) -> None:
    name, place = kind_and_place(kind, at)
    sys.stderr.write(f"a defect in this software: {name} in {place}\n")
