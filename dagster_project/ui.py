"""Opens Dagster's UI on one plan's home or on a fleet, on loopback: it has no login of its own.

`python -m dagster_project.ui --config exchange.toml --port 3000` becomes `dagster dev`: webserver, and the daemon that
runs schedules and sensors once somebody switches them on. With `--part` it becomes one of the two, for a machine that
keeps each of them running by itself (`docs/operations/scheduling.md`). With `--fleet` it shows every plan of a fleet.
Other machines reach no more than pages to look at: `--host` goes with `--read-only`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from dagster_project.fleet.home import environment_of_fleet
from dagster_project.home import environment_of, make_databases
from pipelines.containment import contain
from schemas.problems import ExchangeError
from schemas.visible import visible

HOST = "127.0.0.1"
PARTS = ("webserver", "daemon", "liveness")
"""Of Dagster; the last one tells by its exit code whether the daemon has been heard of."""

QUIETER = "ignore:Function `dev_command` is superseded"
"""`dg dev`, which it is superseded by, works in a checkout only; this works wherever the package is installed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare the home and become `dagster dev` or a part of it; returns only when the configuration is wrong."""
    options = options_of(arguments)
    contain()
    try:
        environment = environment_of_fleet(options.fleet) if options.fleet else environment_of(options.config)
    except ExchangeError as problem:
        sys.stderr.write(visible(f"{problem}\n"))
        return problem.exit_code
    os.environ.update(environment)
    if options.part in {"webserver", "daemon"}:
        make_databases(Path(environment["DAGSTER_HOME"]))
    shown = "dagster_project.fleet" if options.fleet else "dagster_project"
    looks = ["--read-only"] if options.read_only else []
    below = ["--path-prefix", options.path_prefix] if options.path_prefix else []
    command = [sys.executable, *command_of(options.part, options.port, shown, options.host), *looks, *below]
    # A shell's background jobs ignore SIGINT, and Dagster treats SIGTERM alike: it could not be stopped by either.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(sys.executable, command)  # noqa: S606 - no shell, the arguments are ours
    return 0


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read what this is started with; ends the process where that is wrong."""
    parser = argparse.ArgumentParser(prog="python -m dagster_project.ui", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("exchange.toml"), help="the plan's configuration")
    parser.add_argument("--fleet", type=Path, help="the file that names the plans, for all of them")
    parser.add_argument("--port", type=int, default=3000, help="port on 127.0.0.1")
    parser.add_argument("--part", choices=PARTS, help="only this one; both unless given")
    parser.add_argument("--read-only", action="store_true", help="pages that no night can be started from")
    parser.add_argument("--host", default=HOST, help="address that such pages listen on in place of 127.0.0.1")
    parser.add_argument("--path-prefix", default="", help="path below which a proxy shows the pages, such as /watch")
    options = parser.parse_args(arguments)
    if options.path_prefix and options.part != "webserver":
        parser.error("--path-prefix is for --part webserver")
    if options.read_only and options.part != "webserver":
        parser.error("--read-only is for --part webserver")
    if options.host != HOST and not options.read_only:
        parser.error("--host is for --read-only: whoever reaches the other pages may start nights")
    return options


def command_of(part: str | None, port: int, shown: str = "dagster_project", host: str = HOST) -> list[str]:
    """Return what the interpreter is given to become Dagster's webserver, its daemon, or both; `shown` is a package."""
    workspace = ["-w", str(files(shown).joinpath("workspace.yaml"))]
    place = ["-h", host, "-p", str(port)]
    match part:
        case "webserver":
            return ["-m", "dagster_webserver", *workspace, *place]
        case "daemon":
            return ["-m", "dagster._daemon", "run", *workspace]
        case "liveness":
            return ["-m", "dagster._daemon", "liveness-check"]
        case _:
            return ["-W", QUIETER, "-m", "dagster", "dev", *workspace, *place]


if __name__ == "__main__":
    sys.exit(main())
