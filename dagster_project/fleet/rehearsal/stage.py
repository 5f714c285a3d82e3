"""What a rehearsal takes place on: the real parts of a fleet, each of them a process, and workers on machines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg
import yaml
from dagster._core.storage.tags import WILL_RETRY_TAG

from dagster_project.fleet.home import environment_of_workers
from dagster_project.fleet.homes import WORKER_TAG
from dagster_project.fleet.partitions import partition_of
from dagster_project.fleet.rehearsal.asking import ask_for_nights
from dagster_project.fleet.rehearsal.machines import Machine, Site, site
from dagster_project.fleet.rehearsal.parts import postgres, redis
from dagster_project.fleet.rehearsal.plans import Bureau, Cast, invent
from dagster_project.partitions import PLAN_TAG
from dagster_project.resources import DELIVER_VARIABLE
from pipelines.config import read_config
from pipelines.fleet.own import in_environment
from pipelines.homes.begin import begin_with
from pipelines.homes.lease import take_lease
from pipelines.homes.variables import BROKER_VARIABLE, CONFINE_VARIABLE, DATABASE_VARIABLE, WORK_VARIABLE

PROGRAM = Path(sys.executable).with_name("ecm-exchange")
"""The command, as it is installed beside this Python."""


@dataclass(frozen=True)
class Night:
    """One attempt at a plan's night."""

    plan: str
    run: str
    status: dg.DagsterRunStatus
    worker: str
    """Which has it, or had; empty until it has begun."""
    is_given_up: bool
    """Whether it failed, and is not begun anew: it waits for a person."""


@dataclass
class Stage:
    """A fleet that is up, and the workers that were switched on."""

    folder: Path
    place: Site
    bureau: Bureau
    environment: Mapping[str, str]
    """Of every process of the fleet."""
    instance: dg.DagsterInstance
    middle: Machine
    """Where Dagster is."""
    workers: dict[str, Machine] = field(default_factory=dict)

    def switch_on(self, name: str) -> Machine:
        """Have a machine with a worker that takes one night at a time; one of a name of before has that one's disk."""
        machine = self.place.machine(name, self.folder / "workers" / name)
        command = [str(PROGRAM), "fleet", "worker", "--fleet", str(self.bureau.fleet_file), "--name", name]
        machine.start(command, {**self.environment, WORK_VARIABLE: str(machine.work / "homes")})
        self.workers[name] = machine
        return machine

    def ask_for_nights(self, plans: Sequence[str]) -> None:
        """Ask Dagster for the night of each plan, as one backfill."""
        ask_for_nights(self.instance, [partition_of(self.bureau.night, plan) for plan in plans])

    def nights(self, plan: str = "") -> list[Night]:
        """Tell of every attempt, or of those at the night of one plan, the earliest first."""
        wanted = dg.RunsFilter(tags={PLAN_TAG: plan} if plan else {})
        runs = self.instance.get_runs(wanted, ascending=True)
        return [_night(run) for run in runs]

    def begin(self) -> None:
        """Begin Dagster's daemon, which hands out nights that wait, and notices those whose worker is gone."""
        self._dagster("--part", "daemon")

    def show(self, port: int) -> None:
        """Begin Dagster's UI on the loopback."""
        self._dagster("--part", "webserver", "--port", str(port))

    def _dagster(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "dagster_project.ui", "--fleet", str(self.bureau.fleet_file), *arguments]
        self.middle.start(command, self.environment)


def _night(run: dg.DagsterRun) -> Night:
    is_given_up = run.is_failure and run.tags.get(WILL_RETRY_TAG) == "false"
    return Night(run.tags[PLAN_TAG], run.run_id, run.status, run.tags.get(WORKER_TAG, ""), is_given_up)


@contextmanager
def open_stage(
    folder: Path, casts: Sequence[Cast], *, apart: bool, lease: float, silent: Mapping[str, int], hurry: bool = False
) -> Iterator[Stage]:
    """Have plans, their partners, PostgreSQL and Redis in `folder` while the block runs, and no Dagster or worker yet.

    A worker holds a plan's home for `lease` seconds at a time. In a `hurry` Dagster looks every second whether a night
    waits, and whether one has lost its worker.

    Raises
    ------
    ExchangeError
        S60, when PostgreSQL or Redis is not installed; S61, when one does not begin.
    """
    folder = folder.absolute()
    with ExitStack() as stack:
        place = stack.enter_context(site(apart=apart))
        servers = folder / "servers"
        servers.mkdir(parents=True)
        database = stack.enter_context(postgres(servers, place.address))
        broker = stack.enter_context(redis(servers, place.address))
        bureau = invent(folder, casts, place.address, lease=lease, silent=silent)
        _begin_homes(bureau, database.url)
        stack.enter_context(bureau.serving_partners())
        home = folder / "dagster"
        told = {
            DATABASE_VARIABLE: database.url,
            BROKER_VARIABLE: broker.url,
            DELIVER_VARIABLE: "1",
            CONFINE_VARIABLE: "1",
            "DAGSTER_HOME": str(home),
        }
        stack.enter_context(in_environment(told))
        told |= environment_of_workers(bureau.fleet_file)
        stack.enter_context(in_environment(told))
        if hurry:
            _hurry(home / "dagster.yaml")
        instance = stack.enter_context(dg.DagsterInstance.from_config(str(home)))
        yield Stage(folder, place, bureau, os.environ | told, instance, place.middle(servers))


def _begin_homes(bureau: Bureau, database: str) -> None:
    """Bring a new home into the depot of each plan whose home moves."""
    for plan in bureau.plans:
        if plan.cast.moves:
            with TemporaryDirectory() as work, take_lease(database, plan.cast.id, "begin") as lease:
                begin_with(read_config(plan.config), lease, None, {WORK_VARIABLE: work}, {})


def _hurry(settings: Path) -> None:
    """Let Dagster look more often."""
    told = yaml.safe_load(settings.read_text(encoding="utf-8"))
    told["run_coordinator"]["config"]["dequeue_interval_seconds"] = 1
    told["run_monitoring"]["poll_interval_seconds"] = 1
    settings.write_text(yaml.safe_dump(told), encoding="utf-8")
