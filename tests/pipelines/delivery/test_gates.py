"""What a gate holds, and that everything else goes: ends of a roster that melts away, members for who cannot serve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.config import Roster

WEDNESDAY = date(2026, 10, 28)
THURSDAY = WEDNESDAY + timedelta(days=1)


def with_ten_members(world: Any, npi: str) -> list[str]:
    assignments = [world.assign(number, npi) for number in range(1, 11)]
    world.prepare()
    world.post()
    return assignments


def test_a_roster_that_melts_away_is_held_and_judged_anew_the_next_night(world: Any, npis: Sequence[str]) -> None:
    assignments = with_ten_members(world, npis[0])
    world.end(*assignments[:3], on=THURSDAY)
    world.prepare(THURSDAY)
    assert [entry[1:] for entry in world.outbox(npis[0])] == [("DELIVERED", ""), ("PREPARED", ""), ("HELD", "G02")]
    world.post(THURSDAY)
    assert world.told(npis[0])[10:] == [], "the file of the night says nothing of them"

    world.reopen(assignments[0])
    world.prepare(THURSDAY)
    world.post(THURSDAY)
    assert world.told(npis[0])[10:] == [("TERM", assignment) for assignment in sorted(assignments[1:3])]


def test_who_comes_is_told_though_too_many_leave(world: Any, npis: Sequence[str]) -> None:
    world.end(*with_ten_members(world, npis[0])[:3], on=THURSDAY)
    new = world.assign(20, npis[0], on=THURSDAY)
    world.prepare(THURSDAY)
    world.post(THURSDAY)
    assert world.told(npis[0])[10:] == [("ADD", new)]


def test_a_second_run_of_the_night_holds_what_the_first_one_held(world: Any, npis: Sequence[str]) -> None:
    world.end(*with_ten_members(world, npis[0])[:3], on=THURSDAY)
    for number in range(20, 40):
        world.assign(number, npis[0], on=THURSDAY)
    world.prepare(THURSDAY)
    world.post(THURSDAY)
    world.prepare(THURSDAY)
    assert [entry[1:] for entry in world.outbox(npis[0])][-1] == ("HELD", "G02"), "twenty new ones are no reason"


def test_ends_of_one_night_add_up_over_its_runs(world: Any, npis: Sequence[str]) -> None:
    assignments = with_ten_members(world, npis[0])
    for place in (0, 1):
        world.end(assignments[place], on=THURSDAY)
        world.prepare(THURSDAY)
        world.post(THURSDAY)
    world.end(assignments[2], on=THURSDAY)
    world.prepare(THURSDAY)
    assert world.outbox(npis[0])[-1][1:] == ("HELD", "G02")


def test_the_threshold_itself_passes(world: Any, npis: Sequence[str]) -> None:
    world.end(*with_ten_members(world, npis[0])[:2], on=THURSDAY)
    world.prepare(THURSDAY)
    assert world.outbox(npis[0])[-1][1:] == ("PREPARED", "")


def test_a_provider_with_few_members_may_lose_them_all(world: Any, npis: Sequence[str]) -> None:
    assignments = [world.assign(number, npis[0]) for number in range(1, 10)]
    world.prepare()
    world.post()
    world.end(*assignments, on=THURSDAY)
    world.prepare(THURSDAY)
    assert world.outbox(npis[0])[-1][1:] == ("PREPARED", "")


def test_the_full_file_waits_with_a_held_delta(make_world: Any, make_provider: Any, npis: Sequence[str]) -> None:
    world = make_world(make_provider(npis[0], full_day="THU"))
    world.end(*with_ten_members(world, npis[0])[:5], on=THURSDAY)
    world.prepare(THURSDAY)
    held = [entry[1:] for entry in world.outbox(npis[0])][1:]
    assert held == [("PREPARED", ""), ("HELD", "G02"), ("HELD", "G02")], "the full would tell what the delta must not"


@pytest.mark.parametrize("lost", ["active", "ji_provider"])
def test_a_provider_that_may_not_serve_gets_no_member_but_hears_of_ends(
    world: Any, npis: Sequence[str], lost: str
) -> None:
    told = world.assign(1, npis[0])
    world.prepare()
    world.post()
    world.roster = Roster(tuple(p.model_copy(update={lost: p.npi != npis[0]}) for p in world.roster.providers))
    world.assign(2, npis[0])
    world.prepare(THURSDAY)
    assert world.outbox(npis[0])[-1][1:] == ("HELD", "G03")
    world.end(told, f"assignment-2-{npis[0]}", on=THURSDAY)
    world.prepare(THURSDAY)
    world.post(THURSDAY)
    assert world.told(npis[0]) == [("ADD", told), ("TERM", told)]


@pytest.mark.parametrize("lost", ["active", "ji_provider"])
def test_a_provider_that_the_roster_has_closed_hears_that_all_its_members_have_left(
    world: Any, npis: Sequence[str], lost: str
) -> None:
    assignments = with_ten_members(world, npis[0])
    world.roster = Roster(tuple(p.model_copy(update={lost: p.npi != npis[0]}) for p in world.roster.providers))
    world.end(*assignments, on=THURSDAY)
    world.prepare(THURSDAY)
    world.post(THURSDAY)
    assert world.told(npis[0])[10:] == [("TERM", assignment) for assignment in sorted(assignments)]


def test_one_held_file_does_not_keep_others_from_theirs(world: Any, npis: Sequence[str]) -> None:
    world.end(*with_ten_members(world, npis[0]), on=THURSDAY)
    other = world.assign(20, npis[1], on=THURSDAY)
    world.prepare(THURSDAY)
    world.post(THURSDAY)
    assert world.told(npis[1]) == [("ADD", other)]
