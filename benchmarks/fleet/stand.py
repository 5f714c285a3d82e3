"""Everything that a fleet's nights need, on this machine: database, broker, daemon, partners, and workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from benchmarks.fleet.database import Database
from benchmarks.fleet.plans import FLEET_FILE, FleetPlan
from benchmarks.processes import ROOT, FailedError
from benchmarks.simulation.served import served
from dagster_project.fleet.home import environment_of_workers
from dagster_project.fleet.rehearsal.parts import postgres, redis
from dagster_project.home import make_databases
from pipelines.homes.variables import BROKER_VARIABLE, DATABASE_VARIABLE, WORK_VARIABLE

_WORKSPACE = str(files("dagster_project.fleet").joinpath("workspace.yaml"))
_PATIENCE = 120.0
"""Seconds for whatever is begun to be ready, and to end."""
_LOOK_EVERY = 0.5


@dataclass
class Stand:
    """What runs but for workers, and the database that keeps account of it."""

    folder: Path
    address: str
    """Of the database"""
    database: Database
    groups: Mapping[str, Sequence[int]]
    """By what they count for, the processes at the top"""

    def launch(self, nights: Mapping[str, date]) -> None:
        """Launch nights, each of a plan.

        Raises
        ------
        FailedError
            When the orchestrator refuses.
        """
        partitions = ",".join(f"{on}|{plan}" for plan, on in nights.items())
        command = ["dagster", "job", "backfill", "-w", _WORKSPACE, "-j", "nightly_exchange"]
        told = subprocess.run(
            [sys.executable, "-m", *command, "--partitions", partitions, "--noprompt"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if told.returncode:
            raise FailedError(f"the nights could not be launched: {told.stderr[-2000:]}")

    @contextmanager
    def workers(self, many: int) -> Iterator[Sequence[int]]:
        """Let so many workers take nights; hands over their processes."""
        with ExitStack() as stack:
            command = ["-m", "dagster_project.fleet.worker", "--fleet", str(self.folder.parent / FLEET_FILE)]
            started = []
            for number in range(1, many + 1):
                work = self.folder / f"worker{number}"
                work.mkdir(exist_ok=True)
                started.append(stack.enter_context(_running(command, work / "told.log", **{WORK_VARIABLE: str(work)})))
            yield started


def wait_until(happened: Callable[[], bool], what: str, patience: float = _PATIENCE) -> None:
    """Look twice a second whether something has happened.

    Raises
    ------
    FailedError
        When it has not in time.
    """
    until = time.monotonic() + patience
    while not happened():
        if time.monotonic() > until:
            raise FailedError(f"{what} took longer than {patience:.0f} s")
        time.sleep(_LOOK_EVERY)


@contextmanager
def stand_of(folder: Path, plans: Sequence[FleetPlan]) -> Iterator[Stand]:
    """Set up everything but workers for the fleet in a folder."""
    place = folder / "stand"
    place.mkdir(exist_ok=True)
    with ExitStack() as stack:
        partners = [stack.enter_context(served(plan.folder)) for plan in plans]
        database, broker = stack.enter_context(postgres(place)), stack.enter_context(redis(place))
        os.environ |= {DATABASE_VARIABLE: database.url, BROKER_VARIABLE: broker.url}
        os.environ |= environment_of_workers(folder / FLEET_FILE)
        make_databases(Path(os.environ["DAGSTER_HOME"]))
        daemon = stack.enter_context(_running(["-m", "dagster._daemon", "run", "-w", _WORKSPACE], place / "daemon.log"))
        keeps_account = Database(database.url)
        wait_until(keeps_account.has_daemon, "the daemon")
        centre = [each for each in (database.pid, broker.pid, daemon) if each is not None]
        yield Stand(place, database.url, keeps_account, {"partners": partners, "centre": centre})


@contextmanager
def _running(module: Sequence[str], log: Path, **environment: str) -> Iterator[int]:
    """Run one of our programs until the block ends; hands over its process."""
    with log.open("ab") as told:
        process = subprocess.Popen(
            [sys.executable, *module],
            env=os.environ | environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=told, stderr=told,
        )  # fmt: skip
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
