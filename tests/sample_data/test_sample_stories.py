"""Every story stands in the files of its days, and its expectation follows from the rules and the providers table."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sample_data import NamedPerson, SampleExchange, generate
from sample_data.cast import person_of
from sample_data.people import ACTIVE
from sample_data.providers import npi_of
from sample_data.sources import SOURCES
from sample_data.stories import STORIES
from sample_data.story import Story

Loops = Callable[[Path], dict[str, list[str]]]

ASKED_FOR = {
    "hold_then_release", "short_stay", "notice_before_834", "ji_without_hold", "hold_without_ji", "back_inside",
    "moved_plan", "out_of_county", "referral_without_cin", "referral_for_stranger", "duplicate_referral",
    "provider_full_first", "provider_full_later", "no_provider_in_county", "continuity", "liaison_override", "death",
    "flag_gone", "retro_active", "spanish_speaker", "youth", "mif_member",
}  # fmt: skip


@pytest.fixture(scope="module")
def providers(exchange: SampleExchange) -> list[dict[str, str]]:
    with (exchange.out / "providers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def told_of(exchange: SampleExchange, day: int, username: str) -> Iterator[str]:
    """Every text that a partner's files of a day hold, one row a text."""
    folder = exchange.servers(exchange.dates[day - 1]) / username / "outgoing"
    for file in sorted(folder.glob("*")):
        if file.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(file):
                yield from ("|".join(str(cell) for cell in row) for row in sheet.iter_rows(values_only=True))
        else:
            yield from file.read_text(encoding="cp1252").splitlines()


def daily(exchange: SampleExchange, day: int) -> Path:
    when = exchange.dates[day - 1]
    return exchange.servers(when) / "dhcs/outgoing" / f"DHCS834-DA-{when:%Y%m%d}-SHP-010-001.dat"


def test_the_story_book_is_complete_and_written_beside_the_files(exchange: SampleExchange) -> None:
    written = json.loads((exchange.out / "story.json").read_text(encoding="utf-8"))
    assert {entry["key"] for entry in written} >= ASKED_FOR
    assert len(written) == len(STORIES) == len({story.key for story in STORIES})
    assert [set(entry) for entry in written] == [{"key", "name", "cin", "story", "expect"}] * len(written)
    by_key = {entry["key"]: entry for entry in written}
    assert by_key["hold_then_release"]["expect"] == {
        "authorization_status": "ACTIVE",
        "authorization_basis": "PRESUMPTIVE_JI_834",
        "assignment_method": "RULE",
        "provider_npi": None,
        "unassigned": False,
        "close_reason": None,
        "first_delivered_on": "2026-10-28",
        "record_actions": ["ADD", "CHANGE"],
    }
    assert by_key["referral_for_stranger"]["cin"] is None


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_the_834s_say_what_the_story_says(
    story: Story, exchange: SampleExchange, enrollment_files: list[Path], loops_of: Loops
) -> None:
    person = person_of(story)
    for said in story.enrollment:
        file = enrollment_files[0] if said.day == 0 else daily(exchange, said.day)
        loop = loops_of(file)[person.cin]
        statuses = [segment.partition(";")[2] for segment in loop if segment.startswith("HD*")]
        assert statuses[0] == said.status
        assert tuple(statuses[1 : 1 + len(said.before)]) == said.before
        current = loop[: loop.index("REF*ZZ*;;10") + 1]
        categories = [segment for segment in loop if segment == f"REF*ZZ*{story.marker}"]
        flagged = any(f";{story.marker};" in segment for segment in current) or bool(categories)
        assert flagged == said.ji
        assert f"NM1*IL*1*{person.last.upper()}*{person.first.upper()}" in loop
        assert (loop[0].split("*")[3] == "024") == (said.status == "00")
        assert (f"{said.other_plan}01" in "".join(loop)) or not said.other_plan
    days_told = {said.day for said in story.enrollment if said.day}
    for day in range(1, len(exchange.dates) + 1):
        assert (person.cin in loops_of(daily(exchange, day))) == (day in days_told)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_the_other_partners_say_what_the_story_says(story: Story, exchange: SampleExchange) -> None:
    username = {source.name: source.username for source in SOURCES}
    person = person_of(story)
    for referral in story.referrals:
        rows = [row for row in told_of(exchange, referral.day, username[referral.source]) if person.last in row]
        assert len(rows) == referral.copies
        assert all((npi in row) for row in rows for npi in (npi_of(referral.preferred), npi_of(referral.pre_release)))
        assert all((person.cin in row) == ("cin" not in referral.given) for row in rows)
    for notice in story.notices:
        (row,) = (row for row in told_of(exchange, notice.day, username["jail"]) if person.cin in row)
        assert npi_of(notice.pre_release) in row
        assert npi_of(notice.post_release) in row
    for decision in story.decisions:
        with exchange.liaison_decisions(exchange.dates[decision.day - 1]).open(encoding="utf-8", newline="") as file:
            (decided,) = csv.DictReader(file)
        assert decided == {
            "cin": person.cin, "npi": npi_of(decision.key), "reason": decision.reason, "decided_by": "ji_liaison",
        }  # fmt: skip
    if story.mif_provider:
        rows = [row for row in told_of(exchange, 1, username["delegate"]) if person.cin in row]
        assert len(rows) == 1
        assert npi_of(story.mif_provider) in rows[0]


def test_the_dead_are_reported_with_their_day(exchange: SampleExchange, loops_of: Loops) -> None:
    person = named(exchange, "death")
    loop = loops_of(daily(exchange, 6))[person.cin or ""]
    died = f"{exchange.dates[3]:%Y%m%d}"
    assert loop[0] == f"INS*Y*18*024*AI*A*E**TE***D8*{died}"
    assert f"REF*17*;{died};202611;" in loop


def test_a_provider_fixed_by_the_rule_is_the_only_one_that_qualifies(providers: list[dict[str, str]]) -> None:
    full_by_then = {"provider_full_later": {npi_of("tulare_small")}}
    fixed = [story for story in STORIES if story.expect.assignment_method == "RULE" and story.expect.provider]
    assert len(fixed) >= 5
    for story in fixed:
        eligible = qualified(story, providers, full_by_then.get(story.key, set()))
        assert eligible == {npi_of(story.expect.provider)}


def test_nobody_qualifies_for_the_unassigned(providers: list[dict[str, str]]) -> None:
    unassigned = [story for story in STORIES if story.expect.unassigned]
    assert unassigned
    assert all(not qualified(story, providers, set()) for story in unassigned)


def test_the_liaison_overrides_what_the_rule_would_choose(providers: list[dict[str, str]]) -> None:
    story = next(story for story in STORIES if story.key == "liaison_override")
    assert qualified(story, providers, set()) == {npi_of("kings_spanish")} != {npi_of(story.expect.provider)}


def test_every_expected_provider_is_active_and_serves_the_justice_involved(
    providers: list[dict[str, str]], exchange: SampleExchange
) -> None:
    capable = {row["npi"] for row in providers if row["active"] == row["ji_provider"] == "Y"}
    expected = {
        person.expect.provider_npi for person in exchange.people if person.expect and person.expect.provider_npi
    }
    assert expected
    assert expected <= capable


def test_nobody_else_lives_where_the_small_provider_works(enrollment_files: list[Path], loops_of: Loops) -> None:
    named_there = {person_of(story).cin for story in STORIES if story.who.county in {"Tulare", "Kern"}}
    for file in enrollment_files:
        there = {cin for cin, loop in loops_of(file).items() if {"REF*ZX*54", "REF*ZX*15"} & set(loop)}
        assert there <= named_there


def test_an_exchange_that_ends_early_leaves_the_late_stories_open(tmp_path: Path) -> None:
    exchange = generate(tmp_path, members=1, days=3)
    assert named(exchange, "hold_then_release").expect is None
    short = named(exchange, "short_stay").expect
    assert short is not None
    assert short.first_delivered_on == date(2026, 10, 30)


def named(exchange: SampleExchange, key: str) -> NamedPerson:
    return next(person for person in exchange.people if person.key == key)


def qualified(story: Story, providers: list[dict[str, str]], full: set[str]) -> set[str]:
    """Apply the assignment rule by hand: capable, county, scope, age, room; then language where one speaks it."""
    population = "YOUTH" if date.fromisoformat(story.who.born) > date(2005, 10, 28) else "ADULT"
    first_flagged = next((said for said in story.enrollment if said.ji), story.enrollment[0])
    inside = first_flagged.status not in ACTIVE
    serving = [
        row
        for row in providers
        if row["active"] == row["ji_provider"] == "Y"
        and story.who.county in row["counties"].split(";")
        and population in row["populations"].split(";")
        and (not inside or row["service_scope"] == "PRE_RELEASE")
        and row["npi"] not in full
    ]
    speaking = [row for row in serving if story.who.language in row["languages"].split(";")]
    return {row["npi"] for row in speaking or serving}
