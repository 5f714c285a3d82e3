"""The shape of `exchange.toml`. Every key has a meaning here or is refused; secrets never stand in the file itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from pipelines.config.alerts import Addressees, Alert, told_twice
from pipelines.config.cells import known_outbound_layout
from pipelines.config.contact import Contact
from pipelines.config.depot import known_depot
from pipelines.config.policy import (
    Assignment,
    Authorization,
    Clocks,
    Directory,
    Identity,
    JusticeInvolved,
    Needs,
    Reports,
    Retention,
    Safety,
    WorkLists,
)
from pipelines.config.providers import Roster
from pipelines.config.returns import Returns, sources_of, two_for_one
from pipelines.config.servers import ServerRules, rules_for, treated_twice
from pipelines.config.sources import Source, named_twice, read_twice
from pipelines.config.table import Table
from pipelines.homes.held import home_of
from schemas.codes import COUNTIES
from schemas.outbound import DEFAULT


def _known_county(name: str) -> str:
    if name not in COUNTIES:
        raise ValueError("not a California county")
    return name


def known_zone(name: str) -> str:
    """Refuse a time zone that this machine does not know."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError("not a time zone that this machine knows: correct it, or install tzdata") from None
    return name


class Plan(Table):
    """The managed care plan that runs the exchange."""

    name: str
    id: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,10}$")]
    hcp_codes: tuple[Annotated[str, Field(pattern=r"^[0-9A-Z]{3}$")], ...] = Field(min_length=1)
    counties: tuple[Annotated[str, AfterValidator(_known_county)], ...]
    timezone: Annotated[str, AfterValidator(known_zone)] = "America/Los_Angeles"
    holidays: tuple[date, ...] = ()
    contact: Contact | None = None
    """Whom providers call: told in their workbooks."""


class Paths(Table):
    """Where the plan's home lies: warehouse, landing, outbox, reports. Relative to `exchange.toml`."""

    home: Path
    backups: Path | None = None
    """Where backups go; better another disk. Below the home unless given."""
    pages: Path | None = None
    """Where the pages of the nights lie as well as below the home, for who may read them and nothing else."""
    depot: Annotated[str, AfterValidator(known_depot)] | None = None
    """Where the home is kept between nights, so that any machine can work on it: its own folder is a copy then."""

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder of this machine that the plan writes into."""
        depot = Path(self.depot.removeprefix("file://")) if self.depot and self.depot.startswith("file://") else None
        return tuple(folder for folder in (self.home, self.backups, self.pages, depot) if folder is not None)


class Delivery(Table):
    """How files go out to the providers of the roster."""

    providers: Path
    known_hosts: Path | None = None
    layout: Annotated[str, AfterValidator(known_outbound_layout)] = DEFAULT
    """Layout of the assignment files of every provider that has none of its own."""


class ExchangeConfig(Table):
    """All of `exchange.toml`, with paths made absolute."""

    plan: Plan
    paths: Paths
    sources: tuple[Source, ...] = Field(min_length=1)
    """As configured and, once the providers table was read with them, those of `returns`."""
    returns: tuple[Returns, ...] = ()
    servers: tuple[ServerRules, ...] = ()
    alerts: tuple[Alert, ...] = ()
    delivery: Delivery
    justice_involved: JusticeInvolved
    authorization: Authorization = Authorization()
    assignment: Assignment = Assignment()
    clocks: Clocks = Clocks()
    directory: Directory = Directory()
    identity: Identity = Identity()
    needs: Needs = Needs()
    reports: Reports = Reports()
    retention: Retention = Retention()
    safety: Safety = Safety()
    work_lists: WorkLists = WorkLists()

    @model_validator(mode="after")
    def _sources_are_apart(self) -> Self:
        if named_twice(self.sources):
            raise ValueError("two sources have the same name")
        if (pair := read_twice(self.sources)) is not None:
            raise ValueError(f"the sources {pair[0].name} and {pair[1].name} may read the same file: narrow a pattern")
        return self

    @model_validator(mode="after")
    def _returns_are_apart(self) -> Self:
        if two_for_one(self.returns):
            raise ValueError("two [[returns]] tables of one kind are for the same provider")
        if self.returns and self.delivery.known_hosts is None:
            raise ValueError("[[returns]] needs known_hosts of [delivery]: a server is never trusted at first sight")
        return self

    @model_validator(mode="after")
    def _servers_are_named_once(self) -> Self:
        if treated_twice(self.servers):
            raise ValueError("two [[servers]] tables are for the same host and port")
        return self

    @model_validator(mode="after")
    def _addresses_are_named_once(self) -> Self:
        if told_twice(self.alerts):
            raise ValueError("two [[alerts]] tables are for the same address: put all of `on` into one")
        return self

    def with_returns(self, roster: Roster) -> ExchangeConfig:
        """Return the configuration with a source for all that `returns` says of each provider.

        Raises
        ------
        ValidationError
            When one has the name of another source, or may read the same file.
        """
        more = sources_of(self.returns, roster, self.delivery.known_hosts)
        return type(self).model_validate(dict(self) | {"sources": (*self.sources, *more)})

    def server_rules(self, host: str, port: int) -> ServerRules:
        """How a server is treated."""
        return rules_for(self.servers, host, port)

    @property
    def home(self) -> Path:
        """The plan's home folder; of a home that is kept in a depot, the copy that this process holds.

        Raises
        ------
        ConfigurationError
            S20 when it holds none.
        """
        return self.paths.home if self.paths.depot is None else home_of(self.plan.id)

    @property
    def addressees(self) -> Addressees:
        """Who is told how nights went."""
        return Addressees(self.plan.id, self.plan.timezone, self.home, self.alerts)

    @property
    def backups(self) -> Path:
        """The folder of backups."""
        return self.paths.backups if self.paths.backups is not None else self.paths.home / "backups"
