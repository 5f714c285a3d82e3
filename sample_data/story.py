"""The words in which a person's story is told: what each file of each day says, and what should come of it.

Days are numbered from 1, the first business day of the exchange; day 0 is the monthly full file that opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    number; `other_plan` the HCP code of the plan the member is with now; `category` the value that stands in the
    reporting category of the justice-involved beside the story's marker. `new_cin` tells it under the person's second
    CIN, with the first one as the prior identifier.
    """

    day: int
    status: str
    ji: bool = False
    before: tuple[str, ...] = ()
    moved: bool = False
    died_on: int | None = None
    other_plan: str = ""
    category: str = ""
    new_cin: bool = False


@dataclass(frozen=True)
class Referral:
    """A row in a referral source's list of one day.

    `released` and `expected` count days before and after the file's date; `preferred` and `pre_release` are keys of
    providers; `given` overrides columns; `copies` repeats the row; `action` is the record's action. `first_told` is the
    day of the row that this one is a later version of.
    """

    day: int
    source: str
    released: int | None = None
    expected: int | None = None
    preferred: str = ""
    pre_release: str = ""
    given: Mapping[str, str | date] = field(default_factory=dict)
    copies: int = 1
    action: str = "ADD"
    first_told: int = 0


@dataclass(frozen=True)
class Notice:
    """A row in a jail's list of release notices of one day; the fields are those of a referral."""

    day: int
    released: int | None = None
    expected: int | None = None
    pre_release: str = ""
    post_release: str = ""
    county: str = "Fresno"
    given: Mapping[str, str] = field(default_factory=dict)
    action: str = "ADD"
    first_told: int = 0


@dataclass(frozen=True)
class Receipt:
    """A row in the list of care plan receipts of one day: who has the person's reentry care plan.

    `provider` is the key of the provider that has it, empty where it is the plan; `handed_off` counts the days since a
    warm hand-off that the row tells. The other fields are those of a referral.
    """

    day: int
    provider: str = ""
    handed_off: int | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    action: str = "ADD"
    first_told: int = 0


@dataclass(frozen=True)
class Decision:
    """The plan's justice-involved liaison assigns the person to the provider `key` before the night of `day`."""

    day: int
    key: str
    reason: str


@dataclass(frozen=True)
class Record:
    """The liaison writes down before the night of `day` what happened on the day `happened`: a contact, an answer."""

    day: int
    kind: str
    happened: int
    reason: str = ""


@dataclass(frozen=True)
class Merge:
    """The liaison says that the person's two CINs are one person."""

    day: int
    reason: str


@dataclass(frozen=True)
class Accept:
    """The liaison says that the jail's notice of the day `told` speaks of the person."""

    day: int
    told: int
    reason: str


Act = Decision | Record | Merge | Accept
"""What the liaison does, before the night of its day: it knows what the nights before have loaded."""


@dataclass(frozen=True)
class Expect:
    """What a reader of the rules expects after the last day; `None` where the story leaves it open.

    `provider` and `prior_provider` are keys of providers; `first_delivered` the day after whose night the provider
    first hears; `record_actions` and `change_reasons` what it hears, night after night. `clocks` are names of clocks
    with their status, `needs` those at the release with theirs, `contradictions` all kinds that are open, `listed` work
    lists with the reason for standing there.
    """

    authorization_status: str | None = None
    authorization_basis: str | None = None
    assignment_method: str | None = None
    provider: str = ""
    unassigned: bool = False
    close_reason: str | None = None
    first_delivered: int | None = None
    record_actions: tuple[str, ...] | None = None
    change_reasons: tuple[str, ...] | None = None
    prior_provider: str = ""
    clocks: tuple[tuple[str, str], ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    contradictions: tuple[str, ...] | None = None
    listed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """An expectation with the providers' NPIs and the calendar's dates in place of keys and day numbers."""

    authorization_status: str | None
    authorization_basis: str | None
    assignment_method: str | None
    provider_npi: str | None
    unassigned: bool
    close_reason: str | None
    first_delivered_on: date | None
    record_actions: tuple[str, ...] | None
    change_reasons: tuple[str, ...] | None
    prior_provider_npi: str | None
    clocks: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, str], ...]
    contradictions: tuple[str, ...] | None
    listed: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, expect: Expect, npi_of: Callable[[str], str], dates: Sequence[date]) -> Outcome:
        """Put `expect` on the calendar."""
        fields = asdict(expect)
        first = fields.pop("first_delivered")
        return cls(
            provider_npi=npi_of(fields.pop("provider")) or None,
            prior_provider_npi=npi_of(fields.pop("prior_provider")) or None,
            first_delivered_on=dates[first - 1] if first else None,
            **fields,
        )


@dataclass(frozen=True)
class Story:
    """One named person.

    `settled` is the day after whose night the expectation holds, where that is later than the day of the last event.
    """

    key: str
    who: Who
    story: str
    expect: Expect
    enrollment: tuple[Enrolled, ...] = ()
    referrals: tuple[Referral, ...] = ()
    notices: tuple[Notice, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    acts: tuple[Act, ...] = ()
    mif_provider: str = ""
    marker: str = "JX"
    settled: int = 0

    @property
    def last_day(self) -> int:
        """The day after which nothing more is to come: an exchange that ends earlier leaves the story unfinished."""
        told: tuple[Enrolled | Referral | Notice | Receipt | Act, ...] = (
            *self.enrollment,
            *self.referrals,
            *self.notices,
            *self.receipts,
            *self.acts,
        )
        return max((self.settled, *(event.day for event in told)))
