"""The roster night by night: who is a member, and what the monthly full and the daily change file say of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sample_data import cast, population
from sample_data.business_days import month_start
from sample_data.identifiers import dice
from sample_data.people import FIRST_BACKGROUND_NUMBER, TERMINATED, Member, Statement
from sample_data.stories import STORIES

LEAST_BACKGROUND = 30
"""However small the exchange, some people without a story, so that a referral list is never mostly bad rows."""


@dataclass(frozen=True)
class Night:
    """What DHCS tells before the nightly run of one business date.

    `full` is the monthly full, `None` on most days; `daily` the change file; `roster` the members after both, by CIN.
    """

    number: int
    day: date
    full: tuple[Statement, ...] | None
    daily: tuple[Statement, ...]
    roster: dict[str, Member]


def nights(dates: Sequence[date], members: int, seed: int) -> Iterator[Night]:
    """Let the roster live through `dates`: a full on the first day and on the first business day of every month."""
    month = month_start(dates[0])
    count = max(LEAST_BACKGROUND, members - len(STORIES))
    next_number = FIRST_BACKGROUND_NUMBER + count
    first = population.background(dice(seed, "population"), range(FIRST_BACKGROUND_NUMBER, next_number), month)
    roster = {member.person.cin: member for member in (*cast.opening_members(), *first)}
    for number, day in enumerate(dates, start=1):
        full = None
        if number == 1 or month_start(day) != month:
            if number > 1:
                month = month_start(day)
                roster = {cin: member.in_next_month() for cin, member in roster.items()}
            full = tuple(Statement(roster[cin], 2 + roster[cin].person.number % 3) for cin in sorted(roster))
        others = [member for member in roster.values() if member.person.number >= FIRST_BACKGROUND_NUMBER]
        told = [
            *cast.statements(number, roster, dates),
            *population.changes(dice(seed, "changes", day), others, next_number, day),
        ]
        told.sort(key=lambda statement: statement.member.person.cin)
        roster = roster | {statement.member.person.cin: statement.member for statement in told}
        next_number = max(next_number, 1 + max(member.person.number for member in roster.values()))
        roster = {cin: member for cin, member in roster.items() if member.now.status not in TERMINATED}
        yield Night(number, day, full, tuple(told), roster)
