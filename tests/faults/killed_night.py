"""A process that runs a night and is killed the first time it comes to a function. To be started by a test."""

from __future__ import annotations

import os
import pickle
import pkgutil
import signal
import sys
from pathlib import Path
from typing import Any

from pipelines.nightly import Night, run_night
from pipelines.warehouse import open_warehouse


def kill(*_: Any, **__: Any) -> None:
    """End this process as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(order: Path) -> None:
    """Read what to run and where to die, and do it."""
    config, roster, on, function = pickle.loads(order.read_bytes())  # noqa: S301 - written by the test that starts this
    module, _, name = function.rpartition(".")
    setattr(pkgutil.resolve_name(module), name, kill)
    with open_warehouse(config.home) as warehouse:
        list(run_night(Night(warehouse, config, roster, on, sleep=lambda _: None)))


main(Path(sys.argv[1]))
