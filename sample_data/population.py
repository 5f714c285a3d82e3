"""The many who have no story: who is on the roster at first, and who of them changes on a day.

About 1.2 % carry the justice-involved indicator, in every state the rules know; about 1 % of all change per day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from sample_data.enrollment_834 import JI_AID_CODES, JI_CATEGORIES
from sample_data.geography import address, counties
from sample_data.identifiers import cin, phone
from sample_data.names import FIRST_NAMES, MIDDLE_NAMES, SURNAMES
from sample_data.people import ACTIVE, ACTIVE_OF, HOLD, HOLD_OF, MONTHS_KEPT, Member, Month, Person, Statement

Item = TypeVar("Item")

_AID_CODES = ("M1", "M3", "10", "60", "17", "P5", "13")
_LANGUAGES, _SPOKEN_BY = ("ENG", "SPA", "HMN", "ARM", "VIE"), (66, 27, 4, 2, 1)
_STATES = {"covered": 0, "inside": 8.3, "inside, not covered": 1.8, "flagged": 8.4, "held": 8.0, "not covered": 8.0}
"""Of a thousand adults, how many are in a state other than covered; the first takes the rest."""
_YOUTH_UNDER = 21
_OTHER_PLANS = ("304", "315")

_CHANGES = {"phone": 32, "move": 22, "mailing": 8, "aid code": 16, "past month": 12, "leaves": 10}


def background(rng: Random, numbers: range, today: date) -> Iterator[Member]:
    """Invent one member for each of `numbers`, enrolled for some months up to the month of `today`."""
    people = len(numbers)
    weights = [1000 - sum(_STATES.values()), *list(_STATES.values())[1:]]
    columns = (
        rng.choices(SURNAMES, k=people),
        rng.choices(FIRST_NAMES, k=people),
        rng.choices(MIDDLE_NAMES, k=people),
        rng.choices(range(365, 85 * 365), k=people),
        counties(rng, people),
        rng.choices(_LANGUAGES, _SPOKEN_BY, k=people),
        rng.choices(_AID_CODES, (40, 20, 10, 15, 3, 10, 2), k=people),
        rng.choices(tuple(_STATES), weights, k=people),
        rng.choices(("01", "51", "S1", "41"), (90, 6, 3, 1), k=people),
    )
    for number, last, first, middle, days_old, county, language, aid_code, state, covered in zip(
        numbers, *columns, strict=True
    ):
        born = today - timedelta(days=days_old)
        person = Person(
            number, cin(number), last, first, middle, born, "FM"[number % 2], language, phone(number),
            address(number, county),
        )  # fmt: skip
        adult = 16 * 365 < days_old < 70 * 365
        month = _month(state, covered) if adult else Month(covered)
        youth = days_old < _YOUTH_UNDER * 365
        marker = (JI_CATEGORIES if number % 3 == 0 else JI_AID_CODES)[youth]
        mailing = address(number + 17, county) if number % 20 == 0 else None
        yield Member(person, aid_code, marker, (month,) * MONTHS_KEPT, mailing)


def _month(state: str, covered: str) -> Month:
    match state:
        case "inside":
            return Month(HOLD_OF.get(covered, "05"), ji=True)
        case "inside, not covered":
            return Month("59", ji=True)
        case "flagged":
            return Month(covered, ji=True)
        case "held":
            return Month(HOLD_OF.get(covered, "05"))
        case "not covered":
            return Month("P4")
        case _:
            return Month(covered)


def changes(rng: Random, roster: Sequence[Member], first_new: int, today: date) -> list[Statement]:
    """Say what the daily file of `today` tells about the background: each member at most once.

    `roster` holds the background members in a fixed order; newcomers get numbers from `first_new` on.
    """
    told: dict[int, Statement] = {}
    for moved in (*_custody(rng, roster), *_ordinary(rng, roster, today)):
        told.setdefault(moved.member.person.number, moved)
    newcomers = range(first_new, first_new + _how_many(rng, len(roster), 0.001))
    for member in background(rng, newcomers, today):
        told[member.person.number] = Statement(replace(member, months=member.months[:1]), 1)
    return list(told.values())


def _custody(rng: Random, roster: Sequence[Member]) -> Iterator[Statement]:
    """People go inside, come out, are put on or off a hold for other reasons, or lose the indicator."""
    held = [member for member in roster if member.now.status in HOLD]
    for member in _some(rng, held, 0.05):
        active = ACTIVE_OF[member.now.status]
        yield Statement(member.with_month(Month(active, member.now.ji)), 2)
    outside = [member for member in roster if member.now.status in ACTIVE]
    flagged = [member for member in outside if member.now.ji]
    for member in _some(rng, flagged, 0.01):
        yield Statement(member.with_month(Month(member.now.status)), 1)
    for member in _some(rng, flagged, 0.01):
        yield Statement(member.with_month(Month(HOLD_OF.get(member.now.status, "05"), ji=True)), 1)
    for member in _some(rng, outside, 0.0004):
        yield Statement(member.with_month(Month(HOLD_OF.get(member.now.status, "05"), ji=rng.random() < 0.5)), 1)


def _ordinary(rng: Random, roster: Sequence[Member], today: date) -> Iterator[Statement]:
    """Everyday changes; at least one, because an 834 without a member is not valid."""
    for member in rng.sample(roster, max(1, _how_many(rng, len(roster), 0.009))):
        (kind,) = rng.choices(tuple(_CHANGES), tuple(_CHANGES.values()))
        person = member.person
        other = person.number + rng.randrange(1, 100_000)
        match kind:
            case "move":
                home = address(other, counties(rng, 1)[0])
                yield Statement(replace(member, person=replace(person, home=home)), 1)
            case "mailing":
                yield Statement(replace(member, mailing=address(other, person.home.county)), 1)
            case "aid code":
                yield Statement(replace(member, aid_code=rng.choice(_AID_CODES)), 1)
            case "past month" if len(member.months) > 1:
                before = member.months[1]
                past = Month("59" if before.status in ACTIVE else "01", before.ji)
                yield Statement(member.with_month(past, back=1), rng.choice((2, 3)))
            case "leaves":
                yield Statement(_leaving(rng, member, today), 2)
            case _:
                yield Statement(replace(member, person=replace(person, phone=phone(other))), 1)


def _leaving(rng: Random, member: Member, today: date) -> Member:
    gone = member.with_month(Month("00", member.now.ji))
    match rng.choices(("died", "other plan", "gone"), (10, 45, 45)):
        case ["died"]:
            return replace(gone, died=today - timedelta(days=rng.randrange(1, 8)))
        case ["other plan"]:
            return replace(gone, other_plan=rng.choice(_OTHER_PLANS))
        case _:
            return gone


def _some(rng: Random, items: Sequence[Item], share: float) -> list[Item]:
    return rng.sample(items, min(len(items), _how_many(rng, len(items), share)))


def _how_many(rng: Random, among: int, share: float) -> int:
    """Round by chance, so that small populations see rare things now and then."""
    return int(among * share + rng.random())
