"""A fleet whose nights are run by workers: the real database, broker and daemon, and real worker processes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.fleet.home import environment_of_fleet
from dagster_project.fleet.partitions import partition_of
from dagster_project.fleet.rehearsal.asking import ask_for_nights
from dagster_project.fleet.rehearsal.parts import Part, redis
from dagster_project.partitions import PLAN_TAG
from pipelines.config import read_config
from pipelines.fleet.at_hand import at_hand
from pipelines.homes.begin import begin_with
from pipelines.homes.lease import take_lease
from pipelines.homes.leases import Standing, standing
from pipelines.warehouse import open_published
from tests.dagster_project.conftest import Plan, change, served
from tests.dagster_project.fleet.conftest import write_fleet

LEASE = 5
QUICKER = {
    "dequeue_interval_seconds: 5": "dequeue_interval_seconds: 2",
    "poll_interval_seconds: 10": "poll_interval_seconds: 2",
    "start_timeout_seconds: 180": "start_timeout_seconds: 60",
    "grace_seconds: 60": "grace_seconds: 30",
}
"""Nobody needs to wait here as long as a fleet does."""

Process = subprocess.Popen[bytes]


@dataclass
class FleetAtWork:
    folder: Path
    plans: Mapping[str, Plan]
    database: Part
    broker: Part
    instance: dg.DagsterInstance
    started: list[Process] = field(default_factory=list)

    def start(self, *module: str) -> Process:
        """Start a module in a process group of its own and with a folder for homes that move, as on a machine."""
        here = os.environ | {"ECM_EXCHANGE_WORK": str(self.folder / f"machine-{len(self.started)}")}
        with (self.folder / "log").open("ab") as log:
            self.started.append(
                subprocess.Popen(
                    [sys.executable, "-m", *module], stdout=log, stderr=log, start_new_session=True, env=here
                )
            )
        return self.started[-1]

    def start_worker(self) -> None:
        self.start("dagster_project.fleet.worker", "--fleet", str(self.folder / "fleet.toml"))

    def ask(self, plan: str, query: str) -> object:
        """Ask what a plan published last for one value."""
        config = read_config(self.plans[plan].config_file)
        with at_hand(config, {}), open_published(config.home) as warehouse:
            return warehouse.value(query)

    def stop(self) -> None:
        for process in self.started:
            if process.poll() is None:
                send(process.pid, signal.SIGKILL)
            process.wait()

    def ask_for(self, on: date) -> None:
        """Ask for a night of every plan."""
        ask_for_nights(self.instance, [partition_of(on, plan) for plan in self.plans])

    def runs(self, plan: str) -> list[dg.DagsterRun]:
        """Return the runs of a plan, the first one first."""
        found = self.instance.get_runs(dg.RunsFilter(tags={PLAN_TAG: plan}))
        return sorted(found, key=lambda run: int(run.tags.get("dagster/retry_number", 0)))

    def lease(self, plan: str) -> Standing | None:
        return standing(self.database.url, plan)

    def is_at_work(self, plan: str) -> bool:
        now = self.lease(plan)
        return now is not None and now.is_alive

    def events(self, run: dg.DagsterRun, kind: str) -> list[str]:
        """Return what the events of a kind say, the first one first."""
        told = self.instance.all_logs(run.run_id, of_type=dg.DagsterEventType(kind))
        return [entry.dagster_event.message or "" for entry in told if entry.dagster_event is not None]

    def process(self, run: dg.DagsterRun) -> int:
        """Return the process that a run is in."""
        found = re.search(r"\(pid: (\d+)\)", " ".join(self.events(run, "ENGINE_EVENT")))
        assert found is not None
        return int(found[1])

    def has_come_to(self, plan: str, step: str) -> bool:
        """Whether the last run of a plan has begun a step."""
        begun = self.instance.get_run_step_stats(self.runs(plan)[-1].run_id, [step])
        return any(each.start_time is not None for each in begun)

    def has_ended(self, plan: str) -> bool:
        return any(run.is_success for run in self.runs(plan))


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a whole process group, as to a whole machine."""
    os.killpg(os.getpgid(pid), number)


def wait_until(what: Callable[[], bool], seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.25)


@contextmanager
def at_work(folder: Path, database: Part, *named: str, moving: Sequence[str]) -> Iterator[FleetAtWork]:
    """Have a fleet of these plans whose partners have left their files for the first night, and its daemon.

    The homes of those `moving` are kept in depots; those of the others lie on a disk that all workers share.
    """
    with ExitStack() as stack:
        plans = {each: stack.enter_context(served(folder / each)) for each in named}
        for each, plan in plans.items():
            change(plan.config_file, ('id = "SHP"', f'id = "{each}"'))
            plan.partners_leave_files(plan.dates[0])
        fleet = write_fleet(folder, *named)
        fleet.write_text(f"lease_seconds = {LEASE}\n{fleet.read_text(encoding='utf-8')}", encoding="utf-8")
        broker = stack.enter_context(redis(folder))
        settings = files("dagster_project.fleet").joinpath("workers.yaml").read_text("utf-8")
        for ours, here in QUICKER.items():
            assert ours in settings
            settings = settings.replace(ours, here)
        home = folder / "fleet" / "workers"
        home.mkdir(parents=True)
        (home / "dagster.yaml").write_text(settings, encoding="utf-8")
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("ECM_EXCHANGE_DATABASE", database.url)
        patch.setenv("ECM_EXCHANGE_BROKER", broker.url)
        patch.setenv("DAGSTER_DISABLE_TELEMETRY", "yes")
        for name, value in environment_of_fleet(fleet).items():
            patch.setenv(name, value)
        for each in moving:
            change(plans[each].config_file, ("[paths]\n", f'[paths]\ndepot = "file://{folder}/depot/{each}"\n'))
            with take_lease(database.url, each, "begin") as lease:
                begin_with(read_config(plans[each].config_file), lease, None, {"ECM_EXCHANGE_WORK": str(folder)}, {})
            shutil.rmtree(folder / each / "home")
        instance = stack.enter_context(dg.DagsterInstance.from_config(str(home)))
        fleet_at_work = FleetAtWork(folder, plans, database, broker, instance)
        stack.callback(fleet_at_work.stop)
        fleet_at_work.start("dagster_project.ui", "--fleet", str(fleet), "--part", "daemon")
        yield fleet_at_work
