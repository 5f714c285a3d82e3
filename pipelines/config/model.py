"""The shape of `exchange.toml`. Every key has a meaning here or is refused; secrets never stand in the file itself."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from parsers.x12.profile_files import available_profiles, load_profile, with_cin
from schemas.codes import COUNTIES
from schemas.problems import ConfigurationError

LOCATOR_SEGMENTS = {
    **{f"2000/REF*{q}": f"ref_{q.lower()}" for q in ("0F", "17", "23", "3H", "6O", "DX", "Q4", "QQ", "ZZ")},
    **{f"2300/REF*{q}": f"ref_{q.lower()}" for q in ("CE", "RB", "17", "9V", "ZX", "ZZ", "XX1")},
    "2750/N1*75+REF": "ref_value",
    "2750/N1*75": "category",
}
"""Places of an 834 a locator may name, and the column of the facts that keeps what stood there."""


_NOT_IN_THE_STORE = r"\(\?(?:[=!#>(]|<[=!]|P=)|\\[1-9Z]|[*+?}]\+"
"""Parts of a regular expression that only Python knows: looking around, referring back, possessive repetition, \\Z."""


def _known_county(name: str) -> str:
    if name not in COUNTIES:
        raise ValueError("not a California county")
    return name


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError("not a time zone") from None
    return name


def _usable_pattern(pattern: str) -> str:
    """Check a regular expression that must mean the same here and in the store, and never a blank."""
    try:
        matches_blank = re.fullmatch(pattern, "") is not None
    except re.error as mistake:
        raise ValueError(f"not a regular expression: {mistake.msg}") from None
    if matches_blank:
        raise ValueError("matches a blank: everyone would be justice-involved")
    if re.search(_NOT_IN_THE_STORE, pattern):
        raise ValueError("looks around, refers back, is possessive or uses \\Z, which the store cannot follow")
    return pattern


_Text = Annotated[str, Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Plan(_Table):
    """The managed care plan that runs the exchange."""

    name: str
    id: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,10}$")]
    hcp_codes: tuple[Annotated[str, Field(pattern=r"^[0-9A-Z]{3}$")], ...] = Field(min_length=1)
    counties: tuple[Annotated[str, AfterValidator(_known_county)], ...]
    timezone: Annotated[str, AfterValidator(_known_zone)] = "America/Los_Angeles"
    holidays: tuple[date, ...] = ()


class Paths(_Table):
    """Where the plan's home lies: warehouse, landing, outbox, reports. Relative to `exchange.toml`."""

    home: Path


class Server(_Table):
    """How to reach one account on one sFTP server."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    username: str
    key_file: Path | None = None
    password_env: str | None = None
    host_key: str | None = None
    known_hosts: Path | None = None

    @model_validator(mode="after")
    def _can_log_in_to_a_known_server(self) -> Self:
        if (self.key_file is None) == (self.password_env is None):
            raise ValueError("give either key_file or password_env")
        if (self.host_key is None) == (self.known_hosts is None):
            raise ValueError("give either host_key or known_hosts: a server is never trusted at first sight")
        return self


class Source(Server):
    """A partner's folder that files are pulled from."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    kind: Literal["834", "mini_mif", "mif", "release_notice"]
    layout: str
    folder: str
    pattern: str
    responses: str | None = None
    nonconforming: Literal["quarantine", "load"] = "quarantine"
    """What becomes of a member of an 834 that breaks the guide: it is quarantined (R18), or loaded and told (W09)."""
    acknowledge: tuple[Literal["TA1", "999"], ...] = ()
    """X12 acknowledgements that the sender of an 834 gets in its responses folder."""
    stable_for: Annotated[float, Field(ge=0, le=600)] = 5.0
    """Seconds between the two looks in which a file must not have changed."""
    full_marker: str = "MO"
    """Token in an 834's name that marks a full file; any other is a daily change file."""
    cin_field: str | None = None
    """Place of the CIN in an 834, such as `2000/REF*0F/02`, where it is not the layout's."""
    cin_slot: Annotated[int, Field(ge=1, le=20)] | None = None
    """Which of several values packed there is the CIN."""

    @model_validator(mode="after")
    def _is_an_834_in_a_known_dialect(self) -> Self:
        if self.kind == "834":
            if self.layout in available_profiles() and self.cin_field is None:
                return self  # known to be sound, and it takes a third of a second to hold one against the guide
            try:
                with_cin(load_profile(self.layout), self.cin_field, self.cin_slot)
            except ConfigurationError as problem:
                raise ValueError(f"{problem.where}: {problem.what}") from None
        elif self.cin_field is not None or self.cin_slot is not None:
            raise ValueError("cin_field and cin_slot are for 834 sources")
        return self

    @model_validator(mode="after")
    def _acknowledges_834s_into_a_folder(self) -> Self:
        if self.acknowledge and self.kind != "834":
            raise ValueError("acknowledge is for 834 sources; senders of lists get responses without it")
        if self.acknowledge and self.responses is None:
            raise ValueError("acknowledge needs responses: the folder that acknowledgements go to")
        if len(set(self.acknowledge)) < len(self.acknowledge):
            raise ValueError("acknowledge names one twice")
        return self


class Delivery(_Table):
    """How files go out to the providers of the roster."""

    providers: Path
    known_hosts: Path | None = None


class Locator(_Table):
    """One place in the 834 where the justice-involved (JI) indicator may stand."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    segment: str
    slots: tuple[Annotated[int, Field(ge=1, le=20)], ...] = ()
    """Semicolon positions from 1; empty means the whole value."""
    equals: _Text | None = None
    one_of: Annotated[tuple[_Text, ...], Field(min_length=1)] | None = None
    regex: Annotated[str, AfterValidator(_usable_pattern)] | None = None
    months: Literal["any", "current"] = "any"

    @model_validator(mode="after")
    def _says_one_match_at_a_known_place(self) -> Self:
        if self.segment not in LOCATOR_SEGMENTS:
            raise ValueError(f"segment is none of {', '.join(LOCATOR_SEGMENTS)}")
        if sum(match is not None for match in (self.equals, self.one_of, self.regex)) != 1:
            raise ValueError("give exactly one of equals, one_of, regex")
        return self

    @property
    def pattern(self) -> str:
        """The match as one regular expression for the whole value."""
        if self.regex is not None:
            return self.regex
        wanted = (self.equals,) if self.equals is not None else self.one_of or ()
        return "|".join(re.escape(value) for value in wanted)


class JusticeInvolved(_Table):
    """Where the JI indicator stands and what each HCP status means."""

    locators: tuple[Locator, ...]
    hcp_status: dict[Literal["active", "hold", "terminated", "not_covered"], tuple[str, ...]]

    @model_validator(mode="after")
    def _each_status_means_one_thing(self) -> Self:
        if not self.hcp_status.get("active"):
            raise ValueError("hcp_status names no active status: nobody would ever count as enrolled")
        statuses = [status for listed in self.hcp_status.values() for status in listed]
        if len(statuses) != len(set(statuses)):
            raise ValueError("an HCP status stands under two meanings")
        return self


class Authorization(_Table):
    """Length and start of the first authorization (rules R4, R5)."""

    months: Annotated[int, Field(ge=1, le=36)] = 12
    anchor: Annotated[tuple[Literal["release_date", "effectuation_date"], ...], Field(min_length=1, max_length=2)] = (
        "release_date",
        "effectuation_date",
    )
    """The first date known, in this order, starts the authorization; never before enrolment is active."""


class Clocks(_Table):
    """Days of the clocks of rules R9 to R14; the day of the trigger is not counted."""

    first_contact_days: Annotated[int, Field(ge=1, le=10)] = 2
    follow_up_days: Annotated[int, Field(ge=1, le=60)] = 7
    handoff_days_after: Annotated[int, Field(ge=1, le=60)] = 7
    handoff_days_before: Annotated[int, Field(ge=1, le=90)] = 14
    care_plan_business_days: Annotated[int, Field(ge=1, le=10)] = 1
    materials_days: Annotated[int, Field(ge=1, le=60)] = 7


class Safety(_Table):
    """Thresholds that hold a file instead of letting it through."""

    max_rejected_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    cin_slot_min_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    stale_after_days: Annotated[int, Field(ge=1)] = 45
    max_full_shrink: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Share of the roster that a full 834 may leave out, or be smaller by than the one before."""
    max_roster_shrink: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Share of a provider's open members that may leave in one night before the file is held."""


class ExchangeConfig(_Table):
    """All of `exchange.toml`, with paths made absolute."""

    plan: Plan
    paths: Paths
    sources: tuple[Source, ...] = Field(min_length=1)
    delivery: Delivery
    justice_involved: JusticeInvolved
    authorization: Authorization = Authorization()
    clocks: Clocks = Clocks()
    safety: Safety = Safety()

    @model_validator(mode="after")
    def _source_names_are_unique(self) -> Self:
        names = [source.name for source in self.sources]
        if len(names) != len(set(names)):
            raise ValueError("two sources have the same name")
        return self

    @property
    def home(self) -> Path:
        """The plan's home folder."""
        return self.paths.home
