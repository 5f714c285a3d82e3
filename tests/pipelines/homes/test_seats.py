"""How many nights may be handed out: as many as workers that were heard of have seats."""

from __future__ import annotations

import time

from dagster_project.fleet.rehearsal.parts import Part
from pipelines.homes.seats import Seated, Seats, seated, seats


def wait_until_there_are(database: Part, expected: Seats) -> None:
    until = time.monotonic() + 20
    while seats(database.url) != expected:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_seats_are_counted_by_queue_and_a_worker_of_two_queues_once(database: Part) -> None:
    with seated(database.url, "one", ["nights", "valley"], 2), seated(database.url, "two", ["valley"], 1):
        assert seats(database.url) == Seats(3, {"nights": 2, "valley": 3})
    assert seats(database.url) == Seats(0, {})


def test_a_worker_that_takes_no_other_night_counts_for_those_it_is_at(database: Part) -> None:
    with seated(database.url, "leaving", ["nights"], 4) as its:
        its.leave_but(1)
        wait_until_there_are(database, Seats(1, {"nights": 1}))


def test_a_worker_that_is_heard_of_no_more_has_no_seat(database: Part) -> None:
    dead = Seated(database.url, "dead", ["nights"], 1, seconds=0.5)
    dead.say()
    assert seats(database.url) == Seats(1, {"nights": 1})
    wait_until_there_are(database, Seats(0, {}))
