"""The shape of `exchange.toml`. Every key has a meaning here or is refused; secrets never stand in the file itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from parsers.x12.profile_files import available_profiles, load_profile, with_cin
from pipelines.config.patterns import compiled
from pipelines.config.policy import (
    Assignment,
    Authorization,
    Clocks,
    Directory,
    Identity,
    JusticeInvolved,
    Retention,
    Safety,
    WorkLists,
)
from pipelines.config.servers import ServerRules, named_twice, rules_for
from pipelines.config.table import Table
from schemas.codes import COUNTIES
from schemas.problems import ConfigurationError


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


def _names_a_file(marker: str) -> str:
    if marker.count("{name}") + marker.count("{stem}") != 1 or marker in {"{name}", "{stem}"} or "/" in marker:
        raise ValueError("must hold {name} or {stem}, and more than that: it stands for a file's own name")
    return marker


def _is_a_trailer(pattern: str) -> str:
    compiled(pattern)
    return pattern


class Plan(Table):
    """The managed care plan that runs the exchange."""

    name: str
    id: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,10}$")]
    hcp_codes: tuple[Annotated[str, Field(pattern=r"^[0-9A-Z]{3}$")], ...] = Field(min_length=1)
    counties: tuple[Annotated[str, AfterValidator(_known_county)], ...]
    timezone: Annotated[str, AfterValidator(_known_zone)] = "America/Los_Angeles"
    holidays: tuple[date, ...] = ()


class Paths(Table):
    """Where the plan's home lies: warehouse, landing, outbox, reports. Relative to `exchange.toml`."""

    home: Path
    backups: Path | None = None
    """Where backups go; better another disk. Below the home unless given."""


class Server(Table):
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
    move_to: str | None = None
    """Folder on the sender's server that files are moved to once they are accepted; they stay unless it is named."""
    responses: str | None = None
    nonconforming: Literal["quarantine", "load"] = "quarantine"
    """What becomes of a member of an 834 that breaks the guide: it is quarantined (R18), or loaded and told (W09)."""
    acknowledge: tuple[Literal["TA1", "999"], ...] = ()
    """X12 acknowledgements that the sender of an 834 gets in its responses folder."""
    stable_for: Annotated[float, Field(ge=0, le=600)] = 5.0
    """Seconds between two looks that must have found a file the same; the earlier may be one of another run."""
    marker: Annotated[str, AfterValidator(_names_a_file)] | None = None
    """Name of the empty file that a sender puts beside a whole one, such as `{name}.done` or `{stem}.ok`: then it is
    the marker that counts, and `stable_for` does not."""
    lines_end: bool = False
    """Whether the sender ends every line of its lists with a line break: one that ends without is then cut off."""
    trailer: Annotated[str, AfterValidator(_is_a_trailer)] | None = None
    """What the last line of a list must be, as a regular expression; its group `rows`, if any, counts those above."""
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
    def _moves_files_elsewhere(self) -> Self:
        if self.move_to is not None and self.move_to.strip("/") == self.folder.strip("/"):
            raise ValueError("move_to is the folder itself")
        return self

    @model_validator(mode="after")
    def _ends_as_lists_do(self) -> Self:
        if self.kind == "834" and (self.lines_end or self.trailer is not None):
            raise ValueError("lines_end and trailer are for lists: an 834 counts itself")
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


class Delivery(Table):
    """How files go out to the providers of the roster."""

    providers: Path
    known_hosts: Path | None = None


class ExchangeConfig(Table):
    """All of `exchange.toml`, with paths made absolute."""

    plan: Plan
    paths: Paths
    sources: tuple[Source, ...] = Field(min_length=1)
    servers: tuple[ServerRules, ...] = ()
    delivery: Delivery
    justice_involved: JusticeInvolved
    authorization: Authorization = Authorization()
    assignment: Assignment = Assignment()
    clocks: Clocks = Clocks()
    directory: Directory = Directory()
    identity: Identity = Identity()
    retention: Retention = Retention()
    safety: Safety = Safety()
    work_lists: WorkLists = WorkLists()

    @model_validator(mode="after")
    def _source_names_are_unique(self) -> Self:
        names = [source.name for source in self.sources]
        if len(names) != len(set(names)):
            raise ValueError("two sources have the same name")
        return self

    @model_validator(mode="after")
    def _servers_are_named_once(self) -> Self:
        if named_twice(self.servers):
            raise ValueError("two [[servers]] tables are for the same host and port")
        return self

    def server_rules(self, host: str, port: int) -> ServerRules:
        """How a server is treated."""
        return rules_for(self.servers, host, port)

    @property
    def home(self) -> Path:
        """The plan's home folder."""
        return self.paths.home

    @property
    def backups(self) -> Path:
        """The folder of backups."""
        return self.paths.backups if self.paths.backups is not None else self.home / "backups"
