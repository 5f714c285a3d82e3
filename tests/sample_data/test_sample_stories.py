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
from sample_data.cast import as_named, entry_place, former_of, person_of
from sample_data.liaison import COLUMNS
from sample_data.people import ACTIVE
from sample_data.providers import npi_of
from sample_data.release_notices import notice_id
from sample_data.sources import SOURCES
from sample_data.stories import STORIES
from sample_data.story import Decision, Story

Loops = Callable[[Path], dict[str, list[str]]]

ASKED_FOR = {
    "hold_then_release", "short_stay", "notice_before_834", "ji_without_hold", "hold_without_ji", "back_inside",
    "moved_plan", "out_of_county", "referral_without_cin", "referral_for_stranger", "duplicate_referral",
    "provider_full_first", "provider_full_later", "no_provider_in_county", "continuity", "liaison_override", "death",
    "flag_gone", "retro_active", "spanish_speaker", "youth", "mif_member", "notice_against_834", "notice_voided",
    "expected_date_moves", "referral_withdrawn", "cin_changed", "name_misspelt", "places_disagree", "provider_closes",
    "contact_in_time", "contact_late", "contact_never", "after_hours_answered", "after_hours_unanswered",
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
    assert [set(entry) for entry in written] == [
        {"key", "name", "cin", "former_cin", "story", "expect"} for _ in STORIES
    ]
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
        "change_reasons": None,
        "prior_provider_npi": None,
        "clocks": [],
        "needs": [],
        "contradictions": None,
        "listed": [],
    }
    assert by_key["referral_for_stranger"]["cin"] is None


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_the_834s_say_what_the_story_says(
    story: Story, exchange: SampleExchange, enrollment_files: list[Path], loops_of: Loops
) -> None:
    for said in story.enrollment:
        person = as_named(story, said)
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
        assert (f"REF*Q4*{former_of(story)};" in loop) == said.new_cin
        assert (f"REF*ZZ*{said.category}" in loop) == bool(said.category)
    days_told = {(as_named(story, said).cin, said.day) for said in story.enrollment if said.day}
    for day in range(1, len(exchange.dates) + 1):
        for cin in {person_of(story).cin, former_of(story)}:
            assert (cin in loops_of(daily(exchange, day))) == ((cin, day) in days_told)


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
        told_first = exchange.dates[(notice.first_told or notice.day) - 1]
        key = notice_id(told_first, entry_place(person))
        (row,) = (row for row in told_of(exchange, notice.day, username["jail"]) if key in row)
        assert row.startswith(f"{key},{notice.action},")
        assert (person.cin in row) == ("cin" not in notice.given)
        assert all(said in row for said in (*notice.given.values(), npi_of(notice.pre_release)))
        assert npi_of(notice.post_release) in row
    for receipt in story.receipts:
        told = [row for row in told_of(exchange, receipt.day, username["receipts"]) if person.cin in row]
        assert any(f"|{receipt.action}|" in row and npi_of(receipt.provider) in row for row in told)
    if story.mif_provider:
        rows = [row for row in told_of(exchange, 1, username["delegate"]) if person.cin in row]
        assert len(rows) == 1
        assert npi_of(story.mif_provider) in rows[0]


def test_a_later_version_of_a_row_bears_the_number_of_the_first(exchange: SampleExchange) -> None:
    username = {source.name: source.username for source in SOURCES}
    corrected = [(story, referral) for story in STORIES for referral in story.referrals if referral.first_told]
    assert [story.key for story, _ in corrected] == ["referral_withdrawn"]
    for story, referral in corrected:
        first, later = (
            next(row for row in told_of(exchange, day, username[referral.source]) if person_of(story).last in row)
            for day in (referral.first_told, referral.day)
        )
        assert first.split(",")[0] == later.split(",")[0]
        assert (first.split(",")[1], later.split(",")[1]) == ("ADD", "TERM")


def test_the_liaison_knows_by_then_what_an_act_is_about(exchange: SampleExchange) -> None:
    for day, when in enumerate(exchange.dates, start=1):
        acting = [story for story in STORIES if any(act.day == day for act in story.acts)]
        assert exchange.liaison_acts(when).exists() == bool(acting)
        if not acting:
            continue
        with exchange.liaison_acts(when).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert all(tuple(row) == COLUMNS for row in rows)
        known = {
            cin
            for earlier in range(day)
            for story in STORIES
            for said in story.enrollment
            if said.day <= earlier
            for cin in [as_named(story, said).cin]
        }
        assert {row[column] for row in rows for column in ("cin", "other_cin") if row[column]} <= known
        assert all(not row["on"] or date.fromisoformat(row["on"]) <= when for row in rows)
        keys = {row["key"] for row in rows if row["key"]}
        told = [row for earlier in range(1, day) for row in told_of(exchange, earlier, "brindlemoor_jail")]
        assert all(any(row.startswith(f"{key},") for row in told) for key in keys)
    acts = {type(act).__name__ for story in STORIES for act in story.acts}
    assert acts == {"Decision", "Record", "Merge", "Accept"}


def test_the_liaison_s_decision_names_member_provider_and_reason(exchange: SampleExchange) -> None:
    (story,) = (story for story in STORIES if any(isinstance(act, Decision) for act in story.acts))
    with exchange.liaison_acts(exchange.dates[2]).open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert {column: cell for column, cell in row.items() if cell} == {
        "act": "ASSIGN", "cin": person_of(story).cin, "npi": npi_of("kings_plain"),
        "reason": "worked with this care manager for years", "by": "ji_liaison",
    }  # fmt: skip


def test_a_change_of_cin_leaves_all_else_as_it_was(exchange: SampleExchange, loops_of: Loops) -> None:
    person = named(exchange, "cin_changed")
    october = exchange.servers(exchange.dates[0]) / "dhcs/outgoing/DHCS834-MO-20261001-SHP-010-001.dat"
    before, after = loops_of(october)[person.former_cin or ""], loops_of(daily(exchange, 5))[person.cin or ""]
    same = ("NM1*IL", "PER*", "N3*", "N4*", "DMG*", "LUI*")
    assert [s for s in before if s.startswith(same)] == [s for s in after if s.startswith(same)]
    assert not any("JX" in segment for segment in after)


def test_the_dead_are_reported_with_their_day(exchange: SampleExchange, loops_of: Loops) -> None:
    person = named(exchange, "death")
    loop = loops_of(daily(exchange, 6))[person.cin or ""]
    died = f"{exchange.dates[3]:%Y%m%d}"
    assert loop[0] == f"INS*Y*18*024*AI*A*E**TE***D8*{died}"
    assert f"REF*17*;{died};202611;" in loop


def test_a_provider_fixed_by_the_rule_is_the_only_one_that_qualifies(providers: list[dict[str, str]]) -> None:
    full_by_then = {"provider_full_later": {npi_of("tulare_small")}, "provider_closes": {npi_of("kern_closing")}}
    fixed = [story for story in STORIES if story.expect.assignment_method == "RULE" and story.expect.provider]
    assert len(fixed) >= 5
    for story in fixed:
        eligible = qualified(story, providers, full_by_then.get(story.key, set()))
        assert eligible == {npi_of(story.expect.provider)}


def test_the_provider_that_closes_was_the_better_one_until_then(
    providers: list[dict[str, str]], exchange: SampleExchange
) -> None:
    (closing,) = (row for row in providers if row["effective_to"])
    story = next(story for story in STORIES if story.key == "provider_closes")
    assert qualified(story, providers, set()) == {closing["npi"]} == {npi_of(story.expect.prior_provider)}
    assert closing["active"] == "Y"
    assert closing["effective_to"] == exchange.dates[(story.expect.first_delivered or 0) - 2].isoformat()


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
