"""What a gate holds: another's row, a roster that melts away, members for a provider that cannot serve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.config import Roster
from pipelines.delivery.gates import gate
from pipelines.delivery.prepare import ProviderRows, due_rows
from pipelines.delivery.render import render_csv

WEDNESDAY = date(2026, 10, 28)
THURSDAY = WEDNESDAY + timedelta(days=1)


def due(world: Any, npi: str) -> ProviderRows:
    return next(
        rows for rows in due_rows(world.warehouse, world.config, world.roster, WEDNESDAY) if rows.provider.npi == npi
    )


def verdict(world: Any, rows: ProviderRows, told: Sequence[dict[str, Any]]) -> str:
    return gate(world.warehouse, world.config, rows, rows.delta, render_csv(told))


@pytest.fixture
def two_rows(world: Any, npis: Sequence[str]) -> ProviderRows:
    for number, npi in ((1, npis[0]), (2, npis[0]), (3, npis[1])):
        world.assign(number, npi)
    return due(world, npis[0])


def test_a_provider_s_own_rows_pass(world: Any, two_rows: ProviderRows) -> None:
    assert verdict(world, two_rows, [dict(row) for row in two_rows.delta]) == ""


@pytest.mark.parametrize(
    "tampering",
    [
        {"ecm_provider_npi": "the other's"},
        {"cin": "90000003B"},
        {"assignment_id": "the other's"},
        {"assignment_id": "the other's", "cin": "90000003B"},
        {"assignment_id": None},
        {"ecm_provider_npi": None},
    ],
)
def test_one_row_that_is_not_the_provider_s_holds_the_file(
    world: Any, npis: Sequence[str], two_rows: ProviderRows, tampering: dict[str, str | None]
) -> None:
    others = {"ecm_provider_npi": npis[1], "assignment_id": f"assignment-3-{npis[1]}"}
    wrong = {key: others[key] if value == "the other's" else value for key, value in tampering.items()}
    rows = [dict(row) for row in two_rows.delta]
    assert verdict(world, two_rows, [rows[0], rows[1] | wrong]) == "G01"


def test_a_whole_row_of_another_provider_in_place_of_one_s_own_holds_the_file(
    world: Any, npis: Sequence[str], two_rows: ProviderRows
) -> None:
    stranger = dict(due(world, npis[1]).delta[0])
    own = dict(two_rows.delta[0])
    assert verdict(world, two_rows, [own, stranger]) == "G01"
    assert verdict(world, two_rows, [own, stranger | {"ecm_provider_npi": npis[0]}]) == "G01"


@pytest.mark.parametrize("how_many", [0, 1, 3])
def test_a_row_lost_or_doubled_in_rendering_holds_the_file(world: Any, two_rows: ProviderRows, how_many: int) -> None:
    rows = [dict(row) for row in two_rows.delta] * 2
    assert verdict(world, two_rows, rows[:how_many]) == "G01"


def with_ten_members(world: Any, npi: str) -> list[str]:
    assignments = [world.assign(number, npi) for number in range(1, 11)]
    world.prepare()
    world.post()
    return assignments


def test_a_roster_that_melts_away_is_held_and_judged_anew_the_next_night(world: Any, npis: Sequence[str]) -> None:
    assignments = with_ten_members(world, npis[0])
    world.end(*assignments[:3], on=THURSDAY)
    world.prepare(THURSDAY)
    assert [entry[1:] for entry in world.outbox(npis[0])] == [("DELIVERED", ""), ("HELD", "G02")]
    assert all("20261029" not in name for name in world.post(THURSDAY) if npis[0] in name)

    world.reopen(assignments[0])
    world.prepare(THURSDAY)
    assert [entry[1:] for entry in world.outbox(npis[0])] == [("DELIVERED", ""), ("PREPARED", "")]
    world.post(THURSDAY)
    assert world.told(npis[0])[10:] == [("TERM", assignment) for assignment in sorted(assignments[1:3])]


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
    assert held == [("HELD", "G02"), ("HELD", "G02")], "the full would tell what the delta must not"


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
