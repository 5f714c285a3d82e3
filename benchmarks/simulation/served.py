"""Let the partners' servers of a plan be reachable, in a process of their own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.processes import ROOT, FailedError


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serve the partners of the plan in a folder; hands over the number of the process that does.

    Raises
    ------
    FailedError
        When it does not begin.
    """
    command = [sys.executable, "-m", "benchmarks.simulation.partners", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            if server.stdout is None or server.stdout.readline() != "ready\n":
                raise FailedError("the partners' servers did not start")
            yield server.pid
        finally:
            if server.stdin is not None:
                server.stdin.close()


def put_files_of_the_day(day: Path, folder: Path) -> None:
    """Move what partners wrote for a day into the folders of their accounts."""
    for file in [path for path in day.rglob("*") if path.is_file()]:
        target = folder / "sftp" / file.relative_to(day)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)


def free_ports(many: int) -> list[int]:
    """Find ports of this machine that nobody listens at; all are held until the last is found: none comes twice."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(many)]
        return [int(probe.getsockname()[1]) for probe in probes]
