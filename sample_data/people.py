"""A person and what the state knows of that person's enrollment, as values that every file is written from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sample_data.geography import Address

ACTIVE = ("01", "51", "S1", "41", "61")
HOLD = ("05", "55", "S5")
TERMINATED = ("00",)
NOT_COVERED = ("59", "P4")

HOLD_OF = {"01": "05", "51": "55", "S1": "S5"}
"""The hold that an active status turns into; others turn into `05`."""
ACTIVE_OF = {hold: active for active, hold in HOLD_OF.items()}

MONTHS_KEPT = 4
"""The benefit month of a file and three before it: as far back as these files speak."""

FIRST_BACKGROUND_NUMBER = 100
"""Numbers below belong to the people who have a story."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody: who it is, and how to reach them.

    `number` makes the identifiers; `language` is a NISO code; `phone` has ten digits.
    """

    number: int
    cin: str
    last: str
    first: str
    middle: str
    born: date
    sex: str
    language: str
    phone: str
    home: Address


class Month(NamedTuple):
    """One benefit month: the HCP status, and whether the justice-involved indicator stands."""

    status: str
    ji: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A person on the plan's roster.

    `months` runs from the current benefit month backwards. `marker` is the value that shows the justice-involved
    indicator in a month that has it: an aid code, or the name of a reporting category. `category` is what the reporting
    category of the justice-involved says where the marker is an aid code. `other_plan` is the HCP code of the plan a
    member left for, `prior_cin` the CIN under which the state knew the person before.
    """

    person: Person
    aid_code: str
    marker: str
    months: tuple[Month, ...]
    mailing: Address | None = None
    died: date | None = None
    other_plan: str = ""
    category: str = ""
    prior_cin: str = ""

    @property
    def now(self) -> Month:
        """The current benefit month."""
        return self.months[0]

    def with_month(self, month: Month, back: int = 0) -> Member:
        """Tell again what one month was: the current one, or the one `back` months earlier."""
        months = (*self.months[:back], month, *self.months[back + 1 :])
        return replace(self, months=months[:MONTHS_KEPT])

    def in_next_month(self) -> Member:
        """Carry the current month's state over into a new benefit month."""
        return replace(self, months=(self.now, *self.months)[:MONTHS_KEPT])


class Statement(NamedTuple):
    """What one 834 says about one member: the state, and how many benefit months of it."""

    member: Member
    months: int
