"""Measure the nights of a fleet of one date: launch them all, wait until the last has ended, and take account."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import dagster as dg

from benchmarks.fleet.cost import Task
from benchmarks.fleet.database import Database
from benchmarks.fleet.fleets import FleetNight, MeasuredFleet
from benchmarks.fleet.plans import FleetPlan
from benchmarks.fleet.stand import Stand, wait_until
from benchmarks.fleet.watch import Taken, watching
from benchmarks.processes import FailedError
from benchmarks.simulation.__main__ import sizes
from pipelines.homes.seats import seats
from pipelines.warehouse import open_published

_AT_REST = 6.0
"""Seconds over which is measured what is busy while there is nothing to do."""
_A_NIGHT_AT_MOST = 1800.0
_LOOK_EVERY = 0.25
_GROUPS = ("workers", "centre", "partners")


def measure(stand: Stand, plans: Sequence[FleetPlan], workers: int, *, kind: str) -> MeasuredFleet:
    """Run the next nights of these plans on so many workers.

    Raises
    ------
    FailedError
        When a night does not end well, or not in time.
    """
    days = {plan.id: plan.next_day() for plan in plans}
    homes = _bytes(plans)
    with stand.workers(workers) as processes:
        groups = {**stand.groups, **{f"worker {number}": [one] for number, one in enumerate(processes, start=1)}}
        wait_until(lambda: seats(stand.address).all >= workers, "the workers")
        with watching(groups) as rest:
            time.sleep(_AT_REST)
        before, ended = stand.database.counted(), stand.database.states().get("SUCCESS", 0)
        with watching(groups) as taken, _most_connections(stand.database) as most:
            stand.launch(days)
            wait_until(lambda: _have_ended(stand.database, ended + len(plans)), "the nights", _A_NIGHT_AT_MOST)
        after = stand.database.counted()
    return MeasuredFleet(
        workers=workers,
        kind=kind,
        nights=_nights(plans, days),
        cpu_seconds=_by_group(taken, lambda one: one.cpu_seconds),
        idle_cores={group: busy / _AT_REST for group, busy in _by_group(rest, lambda one: one.cpu_seconds).items()},
        worker_mb=[round(one.peak_mb) for name, one in taken.items() if name.startswith("worker")],
        centre_mb=round(taken["centre"].together_mb),
        homes_mb=_bytes(plans) - homes,
        database={name: after[name] - before[name] for name in after} | {"connections": most[0]},
    )


def _by_group(taken: Mapping[str, Taken], what: Callable[[Taken], float]) -> dict[str, float]:
    return {
        group: round(sum(what(one) for name, one in taken.items() if name.startswith(group.removesuffix("s"))), 2)
        for group in _GROUPS
    }


def _have_ended(database: Database, many: int) -> bool:
    """Tell whether so many runs have ended; one that failed ends the measurement."""
    states = database.states()
    if failed := states.get("FAILURE", 0) + states.get("CANCELED", 0):
        raise FailedError(f"{failed} nights failed")
    return states.get("SUCCESS", 0) >= many


def _nights(plans: Sequence[FleetPlan], days: Mapping[str, date]) -> tuple[FleetNight, ...]:
    """Read from the orchestrator when each night was what, and from its home what it had to do."""
    with dg.DagsterInstance.get() as instance:
        moments = {plan: _moments(instance, f"{on}|{plan}") for plan, on in days.items()}
    first = min(launched for launched, *_ in moments.values())
    return tuple(
        FleetNight(plan.id, _task(plan, days[plan.id]), *(round(moment - first, 2) for moment in moments[plan.id]))
        for plan in plans
    )


def _moments(instance: dg.DagsterInstance, partition: str) -> Sequence[float]:
    """Tell when a night was launched, handed to the workers, begun and ended, in seconds since 1970."""
    (record,) = instance.get_run_records(dg.RunsFilter(tags={"dagster/partition": partition}))
    stats = instance.get_run_stats(record.dagster_run.run_id)
    return [record.create_timestamp.timestamp(), stats.launch_time or 0, stats.start_time or 0, stats.end_time or 0]


def _task(plan: FleetPlan, on: date) -> Task:
    with open_published(plan.folder / "home") as published:
        members = published.value("SELECT count(*) FROM exchange.members")
        rows = published.value(
            "SELECT coalesce(sum(rows_in), 0)::BIGINT FROM ledger.files WHERE business_date = $on", {"on": on}
        )
        files = published.value("SELECT count(*) FROM delivery.deliveries WHERE delivered_on = $on", {"on": on})
    return Task(members, rows, files)


def _bytes(plans: Sequence[FleetPlan]) -> float:
    """Add up what all homes hold, in MB."""
    homes = (plan.folder / "home" for plan in plans)
    return sum(sum(sizes(home).values()) for home in homes if home.is_dir()) / 1e6


@contextmanager
def _most_connections(database: Database) -> Iterator[list[int]]:
    """Look how many are connected, some times a second; the most of them stands in the list when the block ends."""
    most, ended = [0], threading.Event()

    def look() -> None:
        while not ended.wait(_LOOK_EVERY):
            most[0] = max(most[0], database.connections())

    thread = threading.Thread(target=look, name="connections")
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()
