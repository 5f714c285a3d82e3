"""One process works on a plan's home at a time, whatever becomes of processes, clocks and the database."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from dagster_project.fleet.rehearsal.parts import Part, postgres
from pipelines.homes.database import DatabaseUnreachable
from pipelines.homes.lease import LeaseLost, take_lease
from pipelines.homes.leases import HighWater, Leases, standing
from schemas.problems import AnotherRunActive, ConfigurationError
from tests.pipelines.homes import holder

FORKS = multiprocessing.get_context("forkserver")
"""Holders begin in a moment, and inherit nothing of the tests' process."""
FORKS.set_forkserver_preload(["tests.pipelines.homes.holder", "sqlalchemy.dialects.postgresql.psycopg2", "psycopg2"])

Process = BaseProcess
Holding = Callable[..., Process]


@pytest.fixture
def holding(database: Part, tmp_path: Path) -> Iterator[Holding]:
    """Start processes that hold a home, and leave none behind."""
    started: list[Process] = []

    def start(plan: str, seconds: float, turns: int = 1) -> Process:
        process = FORKS.Process(target=holder.work, args=(database.url, plan, seconds, tmp_path, turns))
        process.start()
        started.append(process)
        if turns == 1:
            until = time.monotonic() + 30
            while told(tmp_path) != [f"{plan} 1"]:
                assert time.monotonic() < until
                time.sleep(0.01)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()


def told(folder: Path) -> list[str]:
    return (folder / "told").read_text().splitlines() if (folder / "told").exists() else []


def send(process: Process, number: signal.Signals) -> None:
    assert process.pid is not None
    with suppress(ProcessLookupError):
        os.kill(process.pid, number)


def how_it_ended(process: Process) -> int | None:
    """Wait for a process that ends by itself."""
    process.join(10)
    return process.exitcode


def test_another_is_refused_and_told_who_holds_the_home(database: Part) -> None:
    with take_lease(database.url, "ONE", "first"):
        with pytest.raises(AnotherRunActive, match=r"S10.*\(first\)"), take_lease(database.url, "ONE", "second"):
            pytest.fail("two hold one home")
        with take_lease(database.url, "OTHER", "second"):
            pass  # another plan's home is free


def test_a_holder_that_ends_gives_the_home_back_at_once(database: Part) -> None:
    with take_lease(database.url, "BACK", "first", seconds=600) as first:
        assert (held := standing(database.url, "BACK")) is not None
        assert held.is_alive
    assert (left := standing(database.url, "BACK")) is not None
    assert (left.held, left.holder, left.seconds_left <= 0) == (False, "first", True)
    with take_lease(database.url, "BACK", "second") as second:
        assert second.token == first.token + 1
    with pytest.raises(LeaseLost, match="S11"):
        first.refuse_lost()


def test_who_has_patience_takes_the_home_when_it_is_free(database: Part) -> None:
    with ExitStack() as first:
        first.enter_context(take_lease(database.url, "WAIT", "first"))
        with take_lease(database.url, "WAIT", "second", patience=60, sleep=lambda _: first.close()) as second:
            second.refuse_lost()


def test_nobody_knows_a_home_that_was_never_held(database: Part) -> None:
    assert standing(database.url, "NEVER") is None


def test_a_new_database_serves_all_that_begin_on_it_at_once(tmp_path: Path) -> None:
    def take(number: int) -> int:
        with take_lease(server.url, f"P{number}", "first") as lease:
            return lease.token

    with postgres(tmp_path) as server, ThreadPoolExecutor(6) as threads:
        assert standing(server.url, "P0") is None
        assert list(threads.map(take, range(6))) == [1] * 6


def test_how_far_the_shared_copy_has_come_is_said_by_the_holder_alone(database: Part) -> None:
    first_mark, second_mark = HighWater("C1", "store", 3, "aa"), HighWater("C2", "store", 9, "bb")
    leases = Leases(database.url, 5)
    with take_lease(database.url, "MARK", "first") as first:
        assert first.high_water == HighWater()
        first.raise_high_water(first_mark)
    with take_lease(database.url, "MARK", "second") as second:
        assert second.high_water == first_mark
        assert not leases.raise_high_water("MARK", first.token, second_mark)
        with pytest.raises(LeaseLost):
            first.raise_high_water(second_mark)
        assert (now := standing(database.url, "MARK")) is not None
        assert now.high_water == first_mark
    leases.close()


def test_a_database_that_is_away_is_told_without_its_account(database: Part) -> None:
    nowhere = database.url.replace(str(database.port), "1")
    with pytest.raises(DatabaseUnreachable, match="S12") as told, take_lease(nowhere, "AWAY", "first"):
        pytest.fail("nobody can know that it is free")
    assert database.password not in str(told.value)
    with pytest.raises(ConfigurationError, match="S14"):
        standing("exchange.toml", "AWAY")


def test_a_holder_that_was_stopped_is_dead_before_another_begins(database: Part, holding: Holding) -> None:
    stopped = holding("STOP", 1.0)
    send(stopped, signal.SIGSTOP)
    with take_lease(database.url, "STOP", "second", patience=20, look_again=0.01) as second:
        assert stopped.exitcode == -signal.SIGKILL  # never continued, and dead all the same
        assert second.token == 2


def test_a_killed_holder_holds_up_others_for_seconds_only(database: Part, holding: Holding) -> None:
    killed = holding("KILL", 1.0)
    killed.kill()
    began = time.monotonic()
    with take_lease(database.url, "KILL", "second", patience=20, look_again=0.01):
        assert time.monotonic() - began < 3


def test_a_holder_outlives_a_database_that_is_back_in_time(database: Part, holding: Holding) -> None:
    first = holding("AGAIN", 3.0)
    with take_lease(database.url, "AGAIN-HERE", "here", seconds=3.0) as lease:
        database.stop()
        database.start()
        lease.raise_high_water(HighWater("C1", "store", 1, "aa"))
        until = time.monotonic() + 3.5  # longer than either was held when the database went
        while time.monotonic() < until:
            lease.refuse_lost()
            time.sleep(0.05)
    assert first.is_alive()
    assert (now := standing(database.url, "AGAIN")) is not None
    assert (now.is_alive, now.token) == (True, 1)


def test_a_holder_whose_database_stays_away_is_dead_when_its_time_is_over(database: Part, holding: Holding) -> None:
    first = holding("GONE", 1.0)
    database.stop()
    try:
        assert how_it_ended(first) == -signal.SIGKILL
    finally:
        database.start()


def test_a_holder_whose_home_was_given_to_another_ends_at_once(database: Part, holding: Holding) -> None:
    first = holding("TAKEN", 2.0)
    leases = Leases(database.url, 5)
    assert leases.give_back("TAKEN", 1)  # as an operator's hand in the database would
    assert leases.take("TAKEN", "second", 60)
    leases.close()
    assert how_it_ended(first) == -signal.SIGKILL


def test_two_never_work_on_one_home(database: Part, holding: Holding, tmp_path: Path, *, deep: bool) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    holders = [holding("RACE", 0.5, 1000) for _ in range(3)]
    until = time.monotonic() + (60 if deep else 4)
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.05, 0.3))
        number, harm = chance.randrange(3), chance.choice(("stop", "stop", "kill", "database"))
        if harm == "stop" and holders[number].is_alive():
            send(holders[number], signal.SIGSTOP)
            time.sleep(chance.choice((0.05, 0.7)))
            send(holders[number], signal.SIGCONT)
        elif harm == "kill":
            holders[number].kill()
        elif harm == "database":
            database.stop()
            database.start()
        holders = [each if each.is_alive() else holding("RACE", 0.5, 1000) for each in holders]
    lines = told(tmp_path)
    held = [int(line.split()[1]) for line in lines if line.startswith("RACE ")]
    assert "MET" not in lines
    assert len(held) > 5
    assert held == sorted(set(held))
