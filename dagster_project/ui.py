"""Opens Dagster's UI on one plan's home, on loopback only: it has no login of its own.

`python -m dagster_project.ui --config exchange.toml --port 3000` becomes `dagster dev`: webserver, and the daemon that
runs schedules and sensors once somebody switches them on.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from dagster_project.home import environment_of
from pipelines.containment import contain
from schemas.problems import ExchangeError
from schemas.visible import visible

HOST = "127.0.0.1"

QUIETER = "ignore:Function `dev_command` is superseded"
"""`dg dev`, which it is superseded by, works in a checkout only; this works wherever the package is installed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare the home and become `dagster dev`; returns only when the configuration is wrong."""
    parser = argparse.ArgumentParser(prog="python -m dagster_project.ui", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("exchange.toml"), help="the plan's configuration")
    parser.add_argument("--port", type=int, default=3000, help="port on 127.0.0.1")
    options = parser.parse_args(arguments)
    contain()
    try:
        environment = environment_of(options.config)
    except ExchangeError as problem:
        sys.stderr.write(visible(f"{problem}\n"))
        return problem.exit_code
    command = [
        sys.executable, "-W", QUIETER, "-m", "dagster", "dev",
        "-w", str(files("dagster_project").joinpath("workspace.yaml")),
        "-h", HOST, "-p", str(options.port),
    ]  # fmt: skip
    # A shell's background jobs ignore SIGINT, and Dagster treats SIGTERM alike: it could not be stopped by either.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execve(sys.executable, command, os.environ | environment)  # noqa: S606 - no shell, the arguments are ours
    return 0


if __name__ == "__main__":
    sys.exit(main())
