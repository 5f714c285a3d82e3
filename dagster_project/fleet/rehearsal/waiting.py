"""Waiting for what must happen in a rehearsal, and no longer than it may take."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from schemas.problems import ExchangeError

_GLANCE = 0.25
"""Seconds between two looks."""

T = TypeVar("T")


def wait_for(what: str, look: Callable[[], T | None], seconds: float, where: Path) -> T:
    """Look again and again until something is found, and return it.

    Raises
    ------
    ExchangeError
        S62, when `what` has not happened after `seconds`; `where` is the log to read then.
    """
    until = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() >= until:
            raise did_not(what, where)
        time.sleep(_GLANCE)
    return found


def did_not(what: str, where: Path) -> ExchangeError:
    """Say what a rehearsal waited for in vain."""
    return ExchangeError(
        "S62",
        f"the rehearsal waited in vain: {what}",
        where=str(where),
        remedy="What stands there says why. Mend that and begin anew; a machine with much else to do may be too slow.",
    )
