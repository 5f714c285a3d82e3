"""Codes of workers: homes that another holds, and what a rehearsal of many machines needs."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest

from dagster_project.fleet.home import environment_of_workers
from dagster_project.fleet.rehearsal.parts import HOST, postgres, program_of, redis
from dagster_project.fleet.rehearsal.waiting import wait_for
from pipelines.homes.deadline import Deadline
from pipelines.homes.lease import Lease, take_lease
from pipelines.homes.leases import Leases, standing
from tests.codes.sample import Meeting, Sample, Stage, raised

NO_CLOCK = 99


def taken_twice(stage: Stage) -> Meeting:
    """Take a home that another process of the fleet holds."""
    with postgres(stage.folder) as database, take_lease(database.url, "VALLEY", "run"):
        return raised(lambda: ExitStack().enter_context(take_lease(database.url, "VALLEY", "release")))


def not_taken(_: Stage) -> Meeting:
    """Go on with a home that this process does not hold."""
    return raised(Lease(Leases("postgresql://ecm@127.0.0.1:1/ecm", 1), "VALLEY", "run", 30).refuse_lost)


def no_database(_: Stage) -> Meeting:
    """Take a home where no database listens."""
    return raised(lambda: standing("postgresql://ecm@127.0.0.1:1/ecm", "VALLEY"))


def no_timer(_: Stage) -> Meeting:
    """Hold a home on a system that has no such clock."""
    return raised(lambda: Deadline(clock=NO_CLOCK))


def no_broker(stage: Stage) -> Meeting:
    """Begin a worker in an environment that names the database only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ECM_EXCHANGE_DATABASE", "postgresql://ecm@127.0.0.1/ecm")
        patch.delenv("ECM_EXCHANGE_BROKER", raising=False)
        return raised(lambda: environment_of_workers(stage.folder / "fleet.toml"))


def no_program(_: Stage) -> Meeting:
    """Look for a program that nobody has."""
    return raised(lambda: program_of("postgres-of-nobody", "postgresql", ()))


def taken_port(stage: Stage) -> Meeting:
    """Begin a broker on a port at which another program listens."""
    with redis(stage.folder) as broker:
        broker.stop()
        with socket.create_server((HOST, broker.port)):
            return raised(broker.start)


SAMPLES = (
    Sample("S10", "a command on the home of a plan whose night is under way", taken_twice, told="at work elsewhere"),
    Sample("S11", "a process that goes on without the home", not_taken, told="held by this process no more"),
    Sample("S12", "a database that is not there", no_database, told="did not answer"),
    Sample("S13", "a system without timers", no_timer, told="no timer"),
    Sample(
        "S14",
        "a path in the place of an address",
        lambda _: raised(lambda: standing("fleet.toml", "VALLEY")),
        told="is none",
    ),
    Sample("S15", "a worker that is told of the database only", no_broker, told="ECM_EXCHANGE_BROKER"),
    Sample("S60", "a rehearsal without its programs", no_program, told="is missing"),
    Sample("S61", "a broker on a port at which another program listens", taken_port, told="does not begin"),
    Sample(
        "S62",
        "a rehearsal in which no night begins",
        lambda stage: raised(lambda: wait_for("no night begins", lambda: False, 0.0, stage.folder / "middle.log")),
        told="waited in vain",
    ),
)
