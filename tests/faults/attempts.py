"""Attempts at a command, each in a process of its own that may be killed on the way.

Imports cost more than a small night. So one process imports everything, opens nothing and starts no thread, and forks a
child for each attempt: what dies is a real process with its own connection, sockets and lock.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import typer.main

from parsers.tabular import read_tabular
from pipelines.checkpoints import Checkpoint, watched_by
from pipelines.cli.app import app
from pipelines.program import program_text
from pipelines.reporting import page
from pipelines.reporting.page.render import page_templates
from sample_data import DEFAULT_START
from schemas.enrollment import members_schema
from schemas.layout import load_layout
from tests.faults.hostile_834 import read_whole

_ROOT = Path(__file__).parents[2]
_PATIENCE = 120  # seconds until an attempt that hangs is ended


@dataclass(frozen=True)
class Attempt:
    """How an attempt ended."""

    code: int
    """Exit status; that of a process ended by a signal is the signal's number below zero."""
    out: str
    err: str
    reached: tuple[str, ...]
    """Names of the checkpoints it came to, in order."""

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL


@dataclass(frozen=True)
class End:
    """Where an attempt receives a signal: at the `nth` reach of a checkpoint."""

    place: str
    nth: int = 1
    signal: signal.Signals = signal.SIGKILL


class Attempts:
    """The process that forks; an order is a line of JSON, an answer is a line with an exit status.

    `environment` is added to that of this process. With `cpus` only so many may be used, and so many threads are made.
    """

    def __init__(self, *, environment: Mapping[str, str] | None = None, cpus: int | None = None) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.attempts"],
            cwd=_ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        if cpus is not None:
            os.sched_setaffinity(self._server.pid, sorted(os.sched_getaffinity(0))[:cpus])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate(timeout=_PATIENCE)

    def make(
        self,
        *arguments: object,
        end: End | None = None,
        program: str = "ecm-exchange",
        limits: Mapping[str, int] | None = None,
    ) -> Attempt:
        """Run `ecm-exchange` (or `dagster_project.record`) with these arguments to its end.

        `limits` are soft limits by the name of `resource`, such as `RLIMIT_NOFILE`.
        """
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            order = {
                "folder": folder, "program": program, "arguments": [str(each) for each in arguments],
                "end": end and [end.place, end.nth, int(end.signal)],
                "limits": dict(limits or {}),
            }  # fmt: skip
            self._server.stdin.write(json.dumps(order).encode() + b"\n")
            self._server.stdin.flush()
            code = int(self._server.stdout.readline())
            out, err, reached = ((Path(folder) / name).read_text() for name in ("out", "err", "reached"))
        return Attempt(code, out, err, tuple(reached.split()))


def serve() -> None:
    """Fork a child for each order that comes in, and answer how it ended."""
    _warm_up()
    programs = {"ecm-exchange": import_module("pipelines.cli").main, "dagster": _by_dagster, "machine": _on_a_machine}
    gc.collect()
    gc.freeze()  # a child that looked for garbage in all of this would make it a copy of its own
    answers = os.dup(1)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _attempt(order, programs[order["program"]])
        _, status = os.waitpid(child, 0)
        os.write(answers, f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _warm_up() -> None:
    """Read a file of each kind, and what else a night loads when it first needs it: no child has to load it again."""
    examples = _ROOT / "sample_data" / "examples"
    read_whole(examples / "DHCS834-DA-20261029-SHP-010-001.dat")
    referrals = examples / "PROBATION_REFERRALS_20261029.csv"
    read_tabular(referrals, load_layout("mini_mif"), name=referrals.name).examine(date(2026, 10, 29))
    members_schema(DEFAULT_START)
    page_templates(Path(str(page.__file__)).parent).get_template("night.html")
    program_text()
    typer.main.get_command = cache(typer.main.get_command)
    typer.main.get_command(app)


def _by_dagster() -> None:
    sys.exit(import_module("dagster_project.record").main())


def _on_a_machine() -> None:
    import_module("tests.faults.homes.machine").main()


def _attempt(order: Mapping[str, Any], program: Any) -> None:
    """Do what is ordered and leave; nothing of the child comes back from here."""
    folder = Path(order["folder"])
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for descriptor, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, flags), descriptor)
    signal.alarm(_PATIENCE)
    code = 70
    try:
        with _watched(order, os.open(folder / "reached", flags)):
            for name, limit in order["limits"].items():
                which = getattr(resource, name)
                resource.setrlimit(which, (limit, resource.getrlimit(which)[1]))
            sys.argv = [order["program"], *order["arguments"]]
            program()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@contextmanager
def _watched(order: Mapping[str, Any], journal: int) -> Iterator[None]:
    """Note every checkpoint, and send this process the signal ordered for one of them."""
    place, nth, number = order["end"] or ("", 0, 0)
    counted: Counter[str] = Counter()
    one_at_a_time = threading.Lock()

    def watcher(checkpoint: Checkpoint) -> None:
        with one_at_a_time:
            counted[checkpoint.name] += 1
            os.write(journal, f"{checkpoint.name}\n".encode())
            if checkpoint.name == place and counted[place] == nth:
                os.kill(os.getpid(), number)

    with watched_by(watcher):
        yield


if __name__ == "__main__":
    serve()
