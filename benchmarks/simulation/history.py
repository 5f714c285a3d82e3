"""Who is on the plan, and what a day changes: arrays of one small number a member, so that a million live in memory.

Everything else about somebody follows from the number that makes the CIN. The rates are the middle of what is known of
such plans: a day's file tells of about 1 % of the members; of 10,000 members about 120 carry the justice-involved
indicator at a time, one or two are newly flagged a day and as many are released or let go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from sample_data.enrollment_834 import JI_AID_CODES, JI_CATEGORIES
from sample_data.geography import PLAN_COUNTIES, address
from sample_data.identifiers import cin, phone
from sample_data.names import FIRST_NAMES, MIDDLE_NAMES, SURNAMES
from sample_data.people import FIRST_BACKGROUND_NUMBER, Member, Month, Person, Statement

Places = npt.NDArray[np.int64]
"""Members by their place in the arrays."""

STATES = (Month("01"), Month("01", ji=True), Month("05", ji=True), Month("05"), Month("00"))
COVERED, FLAGGED, INSIDE, HELD, GONE = range(len(STATES))
_AT_FIRST = (0.98, 0.008, 0.004, 0.008, 0.0)

_NEWLY_INSIDE, _NEWLY_FLAGGED = 0.00008, 0.00004
"""Share of the members that a day finds inside, and out already."""
_RELEASED, _LET_GO, _INSIDE_AGAIN, _CORRECTED = 0.02, 0.01, 0.0025, 0.002
"""Share of those inside that a day releases; of those flagged that lose the indicator, return, are told otherwise."""
_EVERYDAY, _LEAVING, _JOINING = 0.0085, 0.0007, 0.0007

_COUNTIES = [name for name, tenths in zip(PLAN_COUNTIES, (7, 2, 1), strict=True) for _ in range(tenths)]
_LANGUAGES = ("ENG",) * 13 + ("SPA",) * 5 + ("HMN", "ARM")
_AID_CODES = ("M1", "M1", "M3", "10", "60", "P5")
_TODAY = date(2026, 11, 1)
_OLDEST = 85 * 365
_YOUTH, _ADULT, _OLD = 16 * 365, 21 * 365, 70 * 365


@dataclass
class Day:
    """What a day brought: members by place, each once among those that the daily file tells of."""

    months_told: dict[int, int]
    """How many benefit months the file tells of each."""
    inside: Places = field(default_factory=lambda: np.empty(0, np.int64))
    """Newly inside."""
    released: Places = field(default_factory=lambda: np.empty(0, np.int64))


class History:
    """The members of a plan through the days, always the same for the same numbers."""

    def __init__(self, members: int, days: int, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self.members = members
        """Whoever is or was one; they hold the first places."""
        self._joining = max(1, int(members * _JOINING))
        room = members + days * self._joining
        self.now = self._rng.choice(len(STATES), room, p=_AT_FIRST).astype(np.int8)
        self._age = _days_old(np.arange(room) + FIRST_BACKGROUND_NUMBER)
        self.now[(self.now != COVERED) & ~self._may_be_inside(np.arange(room))] = COVERED
        self._before = self.now.copy()
        self._moves = np.zeros(room, dtype=np.int16)
        self._calls = np.zeros(room, dtype=np.int16)

    @property
    def on_the_plan(self) -> int:
        """How many members there are."""
        return int(np.count_nonzero(self.now[: self.members] != GONE))

    def full(self) -> Iterator[Statement]:
        """Begin a month and tell of everyone who is on the plan in it; of one in ten two months."""
        here = self.now[: self.members] != GONE
        self._before[: self.members] = self.now[: self.members]
        for place in np.flatnonzero(here):
            yield Statement(self.member(int(place)), 2 if place % 10 == 0 else 1)

    def day(self) -> Day:
        """Live through a day."""
        told: dict[int, int] = {}
        covered = self._some(COVERED, _NEWLY_INSIDE + _NEWLY_FLAGGED, of=self.members)
        inside, out = np.split(covered, [int(len(covered) * 2 / 3)])
        released = self._some(INSIDE, _RELEASED)
        back = self._some(FLAGGED, _INSIDE_AGAIN)
        for places, state, months in (
            (inside, INSIDE, 1), (out, FLAGGED, 1), (released, FLAGGED, 2), (back, INSIDE, 1),
            (self._some(FLAGGED, _LET_GO), COVERED, 1), (self._some(FLAGGED, _CORRECTED), FLAGGED, 2),
            (self._some(COVERED, _LEAVING), GONE, 1), (self._some(FLAGGED, _LEAVING), GONE, 1),
        ):  # fmt: skip
            fresh = places[[int(place) not in told for place in places]].astype(np.int64)
            self.now[fresh] = state
            told |= dict.fromkeys(map(int, fresh), months)
        everyday = self._rng.choice(self.members, max(1, int(self.members * _EVERYDAY)), replace=False)
        everyday = everyday[self.now[everyday] != GONE]
        moved, called = np.array_split(everyday, [len(everyday) // 3])
        self._moves[moved] += 1
        self._calls[called] += 1
        joined = range(self.members, self.members + self._joining)
        self.members = joined.stop
        told = {**dict.fromkeys(map(int, everyday), 1), **dict.fromkeys(joined, 1), **told}
        return Day(told, inside, released)

    def statements(self, day: Day) -> Iterator[Statement]:
        """Write what the daily file tells."""
        return (Statement(self.member(place), months) for place, months in sorted(day.months_told.items()))

    def some_covered(self, how_many: int) -> Places:
        """Pick adults on the plan without the indicator."""
        drawn = self._rng.choice(self.members, min(self.members, how_many * 6), replace=False)
        chosen: Places = drawn[(self.now[drawn] == COVERED) & self._may_be_inside(drawn)][:how_many]
        return chosen

    def some_inside(self, how_many: int) -> Places:
        """Pick members who are inside."""
        return self._some(INSIDE, 1.0)[:how_many]

    def member(self, place: int) -> Member:
        """Say all about one member."""
        number = FIRST_BACKGROUND_NUMBER + place
        moves, calls = int(self._moves[place]), int(self._calls[place])
        age = int(self._age[place])
        county = _COUNTIES[(number * 7 + moves * 3) % len(_COUNTIES)]
        person = Person(
            number, cin(number), SURNAMES[number * 31 % len(SURNAMES)], FIRST_NAMES[number // 7 % len(FIRST_NAMES)],
            MIDDLE_NAMES[number % len(MIDDLE_NAMES)], _TODAY - timedelta(days=age), "FM"[number % 2],
            _LANGUAGES[number * 3 % len(_LANGUAGES)], phone(number + 9 * calls), address(number + 17 * moves, county),
        )  # fmt: skip
        marker = (JI_CATEGORIES if number % 3 == 0 else JI_AID_CODES)[age < _ADULT]
        months = (STATES[self.now[place]], STATES[self._before[place]])
        mailing = address(number + 17, county) if number % 20 == 0 else None
        return Member(person, _AID_CODES[number % len(_AID_CODES)], marker, months, mailing)

    def _some(self, state: int, share: float, *, of: int | None = None) -> Places:
        """Draw a share of those in a state, or so many as that share of a number; adults only where it matters."""
        among = np.flatnonzero(self.now[: self.members] == state)
        among = among[self._may_be_inside(among)]
        expected = share * (len(among) if of is None else of)
        wanted = int(expected + self._rng.random())
        return self._rng.permutation(among)[:wanted]

    def _may_be_inside(self, places: Places) -> npt.NDArray[np.bool_]:
        age = self._age[places]
        return (age > _YOUTH) & (age < _OLD)


def _days_old(numbers: Places) -> npt.NDArray[np.int32]:
    return (numbers * 7_919 % _OLDEST + 30).astype(np.int32)
