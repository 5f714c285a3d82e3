"""A provider is told what is new since what it was last told, once, whatever became of the files on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.config import Roster
from pipelines.delivery.outbox import waiting
from pipelines.delivery.preview import why_nothing

WEDNESDAY = date(2026, 10, 28)
THURSDAY, FRIDAY, MONDAY, TUESDAY = (WEDNESDAY + timedelta(days=n) for n in (1, 2, 5, 6))


def test_a_member_is_told_once_and_its_end_once(world: Any, npis: Sequence[str]) -> None:
    assignment = world.assign(1, npis[0])
    for night, change in ((WEDNESDAY, None), (THURSDAY, None), (FRIDAY, world.end), (MONDAY, None)):
        if change:
            change(assignment)
        world.prepare(night)
        world.post(night)
    deltas = [
        action
        for name, action in world.warehouse.rows(
            """SELECT d.name, r.record_action FROM delivery.delivered_rows AS r JOIN delivery.deliveries AS d
               ON d.delivery = r.delivery ORDER BY r.delivery"""
        )
        if "DELTA" in name
    ]
    assert deltas == ["ADD", "TERM"]


@pytest.mark.parametrize("numbers", [("R1", "R2"), ("R2", "R1")])
def test_of_two_referrals_in_one_file_the_same_is_told_in_whatever_order_they_are_kept(
    world: Any, npis: Sequence[str], numbers: tuple[str, ...]
) -> None:
    world.assign(1, npis[0])
    for number in numbers:
        world.warehouse.run(
            """INSERT INTO exchange.ji_statements BY NAME
               SELECT '90000001B' AS cin, 'REFERRAL' AS said_by, 'court' AS source, 1 AS file_order, $on AS received_on,
                      $number AS referral_id, 'Court ' || $number AS referring_organization""",
            {"on": WEDNESDAY, "number": number},
        )
    world.prepare()
    ((row,),) = (rows for name, _, _ in world.outbox(npis[0]) if (rows := world.table(name)))
    assert (row["referral_id"], row["referring_organization"]) == ("R1", "Court R1")


def test_a_failed_night_is_made_up_for_by_the_next_one(world: Any, npis: Sequence[str]) -> None:
    first, second = world.assign(1, npis[0]), world.assign(2, npis[0])
    world.prepare()
    world.post(fails=lambda parcel: npis[0] in parcel.name)
    assert world.told(npis[0]) == []
    world.drop(npis[0])
    world.end(second)
    third = world.assign(3, npis[0], on=THURSDAY)
    world.prepare(THURSDAY)
    world.post(THURSDAY)
    assert world.told(npis[0]) == [("ADD", first), ("ADD", third)]


def test_while_it_is_unknown_what_a_provider_was_told_it_gets_nothing_new(world: Any, npis: Sequence[str]) -> None:
    world.assign(1, npis[0])
    world.prepare()
    world.post(fails=lambda parcel: npis[0] in parcel.name)
    world.assign(2, npis[0], on=THURSDAY)
    world.prepare(THURSDAY)
    assert [status for _, status, _ in world.outbox(npis[0])] == ["FAILED"]
    assert [status for _, status, _ in world.outbox(npis[1])] == ["DELIVERED", "PREPARED"]


def test_a_lost_manifest_does_not_keep_a_provider_from_its_members(world: Any, npis: Sequence[str]) -> None:
    first = world.assign(1, npis[0])
    world.prepare()
    world.post(fails=lambda parcel: parcel.name.endswith(".manifest.json"))
    second = world.assign(2, npis[0], on=THURSDAY)
    world.prepare(THURSDAY)
    world.post(THURSDAY, fails=lambda parcel: "20261028" in parcel.name)
    assert world.told(npis[0]) == [("ADD", first), ("ADD", second)]


def test_a_full_file_never_goes_ahead_of_its_delta(
    make_world: Callable[..., Any], make_provider: Any, npis: Any
) -> None:
    world = make_world(make_provider(npis[0], full_day="WED"))
    world.assign(1, npis[0])
    world.prepare()
    assert [name.rpartition("_")[2] for name, _, _ in world.outbox(npis[0])] == ["DELTA.csv", "FULL.csv"]
    arrived = world.post(fails=lambda parcel: parcel.name.endswith("DELTA.csv"))
    assert arrived == []


def test_a_full_file_that_did_not_arrive_is_owed_the_next_night(make_world: Any, make_provider: Any, npis: Any) -> None:
    world = make_world(make_provider(npis[0], full_day="WED"))
    world.assign(1, npis[0])
    world.prepare()
    world.post(fails=lambda parcel: "FULL" in parcel.name)
    world.drop(npis[0])
    scopes = []
    for night in (THURSDAY, FRIDAY):
        world.prepare(night)
        scopes.append([name[-9:-4] for name in world.post(night) if name.endswith(".csv")])
    assert scopes == [["DELTA", "_FULL"], ["DELTA"]]


def test_files_of_one_day_are_numbered_on(world: Any, npis: Sequence[str]) -> None:
    for number in (1, 2, 3):
        world.assign(number, npis[0])
        world.prepare()
        world.post()
    world.prepare()
    assert [name[-12:] for name, _, _ in world.outbox(npis[0])] == ["01_DELTA.csv", "02_DELTA.csv", "03_DELTA.csv"]


def test_the_same_file_prepared_again_keeps_its_name(world: Any, npis: Sequence[str]) -> None:
    world.assign(1, npis[0])
    world.prepare()
    before = world.outbox(npis[0])
    world.drop(npis[0])
    world.prepare()
    assert world.outbox(npis[0]) == before


def test_a_name_that_was_on_its_way_is_never_given_to_other_content(world: Any, npis: Sequence[str]) -> None:
    world.assign(1, npis[0])
    world.prepare()
    world.drop(npis[0])
    world.assign(2, npis[0])
    world.prepare()
    assert [name[-12:] for name, _, _ in world.outbox(npis[0])] == ["02_DELTA.csv"]


def test_the_manifest_of_a_full_file_names_the_delta_before_it(make_world: Any, make_provider: Any, npis: Any) -> None:
    world = make_world(make_provider(npis[0], full_day="WED"))
    world.prepare()
    stems = [name.removesuffix(".csv") for name, _, _ in world.outbox(npis[0])]
    assert [world.manifest(f"{stem}.manifest.json")["previous_file"] for stem in stems] == [None, f"{stems[0]}.csv"]


def test_a_move_is_told_to_both_providers(world: Any, npis: Sequence[str]) -> None:
    old = world.assign(1, npis[0])
    world.prepare()
    world.post()
    world.end(old, on=THURSDAY)
    new = world.assign(1, npis[1], on=THURSDAY)
    world.prepare(THURSDAY)
    world.post(THURSDAY)
    assert world.told(npis[0]) == [("ADD", old), ("TERM", old)]
    assert world.told(npis[1]) == [("ADD", new)]


def test_the_row_of_an_end_carries_no_way_to_reach_the_person(world: Any, npis: Sequence[str]) -> None:
    assignment = world.assign(1, npis[0])
    world.warehouse.run("UPDATE exchange.members SET phone = '5595550123', address_1 = '1 SAMPLE ST', city = 'FRESNO'")
    world.prepare()
    world.post()
    world.end(assignment)
    world.prepare(THURSDAY)
    (row,) = world.table(world.outbox(npis[0])[-1][0])
    assert (row["record_action"], row["last_name"]) == ("TERM", "SAMPLE90000001B")
    assert {row[name] for name in ("phone", "address_1", "city", "county", "email")} == {""}


def test_a_provider_that_left_the_roster_is_told_of_ends_when_it_is_back(world: Any, npis: Sequence[str]) -> None:
    assignment, everybody = world.assign(1, npis[0]), world.roster
    world.prepare()
    world.post()
    world.roster = Roster(tuple(p for p in everybody.providers if p.npi != npis[0]))
    world.end(assignment, on=THURSDAY)
    world.prepare(THURSDAY)
    world.post(THURSDAY)
    assert world.told(npis[0]) == [("ADD", assignment)]
    world.roster = everybody
    world.prepare(FRIDAY)
    world.post(FRIDAY)
    assert world.told(npis[0]) == [("ADD", assignment), ("TERM", assignment)]


def test_every_waiting_file_of_a_night_is_of_one_group(make_world: Any, make_provider: Any, npis: Any) -> None:
    world = make_world(make_provider(npis[0], full_day="WED", formats=("csv", "xlsx")))
    world.assign(1, npis[0])
    world.prepare()
    names = [parcel.name.partition(".")[2] for _, parcel in waiting(world.warehouse, npis[0])]
    assert names == ["csv", "xlsx", "manifest.json"] * 2
    assert len({parcel.group for _, parcel in waiting(world.warehouse, npis[0])}) == 1


def test_of_a_night_without_files_it_is_said_why_there_are_none(make_world: Any, make_provider: Any, npis: Any) -> None:
    """Nobody serves; nobody knows yet what an earlier night told them; both have had theirs."""
    closed = make_world(make_provider(npis[0], active="N"))
    world = make_world()
    for each, said in (
        (closed, "no provider of the providers table is active and JI-capable on this day"),
        (
            world,
            "every provider has its files of this night, delivered or waiting to be sent, and nothing is new since",
        ),
    ):
        each.prepare()
        each.post()
        assert why_nothing(each.warehouse, each.config, each.roster, WEDNESDAY) == said
    world.prepare(THURSDAY)
    world.post(THURSDAY, fails=lambda parcel: npis[0] in parcel.name)
    assert why_nothing(world.warehouse, world.config, world.roster, FRIDAY).startswith("of 1 of 2 providers")
