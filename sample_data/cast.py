"""The named people as members: each story's person with identifiers, and what the 834 says of them day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from sample_data.geography import address
from sample_data.identifiers import cin, phone
from sample_data.people import FIRST_BACKGROUND_NUMBER, HOLD, MONTHS_KEPT, Member, Month, Person, Statement
from sample_data.providers import npi_of
from sample_data.stories import STORIES
from sample_data.story import Enrolled, Outcome, Story

_AID_CODE = "M1"
_FIRST_ENTRY = 9000


def person_of(story: Story) -> Person:
    """Give the story's person the identifiers, the phone and the home that its place in the list makes.

    Whoever changes the CIN has the second one here, which counts in the end.
    """
    number = _number(story)
    who = story.who
    return Person(
        number, cin(FIRST_BACKGROUND_NUMBER - number if former_of(story) else number), who.last, who.first, "",
        date.fromisoformat(who.born), who.sex, who.language, phone(number), address(number, who.county),
    )  # fmt: skip


def former_of(story: Story) -> str:
    """Give the first CIN of somebody who changes it in the story, else nothing."""
    return cin(_number(story)) if any(said.new_cin for said in story.enrollment) else ""


def as_named(story: Story, said: Enrolled) -> Person:
    """Give the person as one 834 names it: under the first CIN as long as the story says so."""
    person = person_of(story)
    former = former_of(story)
    return replace(person, cin=former) if former and not said.new_cin else person


def opening_members() -> Iterator[Member]:
    """Give the named people that the opening full file holds."""
    for story in STORIES:
        for said in story.enrollment:
            if said.day == 0:
                month = Month(said.status, said.ji)
                yield Member(as_named(story, said), _AID_CODE, story.marker, (month,) * MONTHS_KEPT)


def statements(day: int, roster: dict[str, Member], dates: Sequence[date]) -> Iterator[Statement]:
    """Say what the daily file of `day` tells about the named people, given the roster as it stood."""
    for story in STORIES:
        for said in story.enrollment:
            if said.day == day > 0:
                yield _statement(story, said, roster, dates)


def outcome_of(story: Story, dates: Sequence[date]) -> Outcome | None:
    """Put the story's expectation on the calendar; `None` when the exchange ends before the story does."""
    if story.last_day > len(dates):
        return None
    return Outcome.of(story.expect, npi_of, dates)


def entry_place(person: Person) -> int:
    """Give the place in a list that stands for a named person on every day, so that a later row can correct it."""
    return _FIRST_ENTRY + person.number


def _number(story: Story) -> int:
    return STORIES.index(story) + 1


def _statement(story: Story, said: Enrolled, roster: dict[str, Member], dates: Sequence[date]) -> Statement:
    person = as_named(story, said)
    month = Month(said.status, said.ji)
    known = roster.get(person.cin)
    if known is None:
        prior = former_of(story)
        return Statement(Member(person, _AID_CODE, story.marker, (month,), category=said.category, prior_cin=prior), 1)
    told = known.with_month(month)
    for back, status in enumerate(said.before, start=1):
        told = told.with_month(Month(status, said.ji), back)
    if said.moved:
        told = replace(told, person=replace(person, home=address(person.number + 501, person.home.county)))
    died = dates[said.died_on - 1] if said.died_on else None
    months = 1 + max(len(said.before), known.now.status in HOLD)
    return Statement(replace(told, died=died, other_plan=said.other_plan, category=said.category), months)
