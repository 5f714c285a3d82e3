"""The words in which a person's story is told: what each file of each day says, and what should come of it.

Days are numbered from 1, the first business day of the exchange; day 0 is the monthly full file that opens it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date


@dataclass(frozen=True)
class Who:
    """The person: `born` is an ISO date, `language` a NISO code."""

    first: str
    last: str
    born: str
    sex: str
    county: str = "Fresno"
    language: str = "ENG"


@dataclass(frozen=True)
class Enrolled:
    """What the 834 of one day says: the month's HCP status, whether the indicator stands, and what changed otherwise.

    `before` corrects the statuses of the months before, latest first; `moved` is a new home; `died_on` is a day
    number; `other_plan` the HCP code of the plan the member is with now.
    """

    day: int
    status: str
    ji: bool = False
    before: tuple[str, ...] = ()
    moved: bool = False
    died_on: int | None = None
    other_plan: str = ""


@dataclass(frozen=True)
class Referral:
    """A row in a referral source's list of one day.

    `released` and `expected` count days before and after the file's date; `preferred` and `pre_release` are keys of
    providers; `given` overrides columns; `copies` repeats the row.
    """

    day: int
    source: str
    released: int | None = None
    expected: int | None = None
    preferred: str = ""
    pre_release: str = ""
    given: Mapping[str, str | date] = field(default_factory=dict)
    copies: int = 1


@dataclass(frozen=True)
class Notice:
    """A row in a jail's list of release notices of one day; the fields are those of a referral."""

    day: int
    released: int | None = None
    expected: int | None = None
    pre_release: str = ""
    post_release: str = ""
    county: str = "Fresno"


@dataclass(frozen=True)
class Decision:
    """The plan's justice-involved liaison assigns the person to the provider `key`."""

    day: int
    key: str
    reason: str


@dataclass(frozen=True)
class Expect:
    """What a reader of the rules expects after the last day; `None` where the story leaves it open.

    `provider` is a provider's key; `first_delivered` the day after whose night that provider first hears;
    `record_actions` what it hears, night after night.
    """

    authorization_status: str | None = None
    authorization_basis: str | None = None
    assignment_method: str | None = None
    provider: str = ""
    unassigned: bool = False
    close_reason: str | None = None
    first_delivered: int | None = None
    record_actions: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Outcome:
    """An expectation with the provider's NPI and the calendar's dates in place of keys and day numbers."""

    authorization_status: str | None
    authorization_basis: str | None
    assignment_method: str | None
    provider_npi: str | None
    unassigned: bool
    close_reason: str | None
    first_delivered_on: date | None
    record_actions: tuple[str, ...] | None

    @classmethod
    def of(cls, expect: Expect, npi: str, dates: Sequence[date]) -> Outcome:
        """Put `expect` on the calendar."""
        fields = asdict(expect)
        first = fields.pop("first_delivered")
        fields.pop("provider")
        return cls(**fields, provider_npi=npi or None, first_delivered_on=dates[first - 1] if first else None)


@dataclass(frozen=True)
class Story:
    """One named person."""

    key: str
    who: Who
    story: str
    expect: Expect
    enrollment: tuple[Enrolled, ...] = ()
    referrals: tuple[Referral, ...] = ()
    notices: tuple[Notice, ...] = ()
    decisions: tuple[Decision, ...] = ()
    mif_provider: str = ""
    marker: str = "JX"

    @property
    def last_day(self) -> int:
        """The day of the last event: an exchange that ends earlier leaves the story unfinished."""
        told: tuple[Enrolled | Referral | Notice | Decision, ...] = (
            *self.enrollment,
            *self.referrals,
            *self.notices,
            *self.decisions,
        )
        return max((event.day for event in told), default=0)
