"""A partner's folder that files are pulled from: how it is reached, which files are meant, and when they are whole."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from parsers.x12.profile_files import available_profiles, load_profile, with_cin
from pipelines.config.cells import Npi, suggestion
from pipelines.config.patterns import compiled, may_match_one_name
from pipelines.config.table import Table
from schemas.kinds import KINDS, RETURNED
from schemas.layout import load_layout
from schemas.problems import ConfigurationError


def _names_a_file(marker: str) -> str:
    if marker.count("{name}") + marker.count("{stem}") != 1 or marker in {"{name}", "{stem}"} or "/" in marker:
        raise ValueError("must hold {name} or {stem}, and more than that: it stands for a file's own name")
    return marker


def _known_kind(name: str) -> str:
    if name not in KINDS:
        raise ValueError(f"must be one of {', '.join(KINDS)}{suggestion(name, KINDS)}")
    return name


def _is_a_trailer(pattern: str) -> str:
    compiled(pattern)
    return pattern


def refuse_layout_of_another_kind(layout: str, kind: str) -> None:
    """Refuse the layout of a list that cannot be read, or is for other files than those of the kind.

    Raises
    ------
    ValueError
        Saying so.
    """
    try:
        found = load_layout(layout)
    except ConfigurationError as problem:
        raise ValueError(f"{problem.where}: {problem.what}") from None
    if found.kind != kind:
        raise ValueError(f"the layout {found.name} is for {found.kind} files")


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


class Incoming(Table):
    """Which files of an account are meant, how they are laid out, when they are whole, and what becomes of them."""

    layout: str
    folder: str
    pattern: str
    move_to: str | None = None
    """Folder on the sender's server that files are moved to once they are accepted; they stay unless it is named."""
    responses: str | None = None
    response_workbook: bool | None = None
    """Whether a list is answered by a workbook too; unless it is said, where the list came as one."""
    stable_for: Annotated[float, Field(ge=0, le=600)] = 5.0
    """Seconds between two looks that must have found a file the same; the earlier may be one of another run."""
    marker: Annotated[str, AfterValidator(_names_a_file)] | None = None
    """Name of the empty file that a sender puts beside a whole one, such as `{name}.done` or `{stem}.ok`: then it is
    the marker that counts, and `stable_for` does not."""
    lines_end: bool = False
    """Whether the sender ends every line of its lists with a line break: one that ends without is then cut off."""
    trailer: Annotated[str, AfterValidator(_is_a_trailer)] | None = None
    """What the last line of a list must be, as a regular expression; its group `rows`, if any, counts those above."""

    @model_validator(mode="after")
    def _moves_files_elsewhere(self) -> Self:
        if self.move_to is not None and self.move_to.strip("/") == self.folder.strip("/"):
            raise ValueError("move_to is the folder itself")
        return self


class Source(Server, Incoming):
    """A partner's folder that files are pulled from."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    kind: Annotated[str, AfterValidator(_known_kind)]
    provider: Npi | None = None
    """Whose account it is, where a provider returns files (`rtf`, `otf`): they speak of its members alone."""
    nonconforming: Literal["quarantine", "load"] = "quarantine"
    """What becomes of a member of an 834 that breaks the guide: it is quarantined (R18), or loaded and told (W09)."""
    acknowledge: tuple[Literal["TA1", "999"], ...] = ()
    """X12 acknowledgements that the sender of an 834 gets in its responses folder."""
    referral_status: bool = False
    """Whether the sender of referrals is told in its responses folder what became of each."""
    full_marker: str = "MO"
    """Token in an 834's name that marks a full file; any other is a daily change file."""
    cin_field: str | None = None
    """Place of the CIN in an 834, such as `2000/REF*0F/02`, where it is not the layout's."""
    cin_slot: Annotated[int, Field(ge=1, le=20)] | None = None
    """Which of several values packed there is the CIN."""

    @property
    def place(self) -> tuple[str, int, str, str]:
        """Which folder of which account it is: several sources may read one."""
        return self.host.lower(), self.port, self.username, self.folder.strip("/")

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
    def _is_a_list_in_a_layout_of_its_kind(self) -> Self:
        if self.kind != "834":
            refuse_layout_of_another_kind(self.layout, self.kind)
        return self

    @model_validator(mode="after")
    def _says_whose_returns_they_are(self) -> Self:
        if (self.kind in RETURNED) != (self.provider is not None):
            raise ValueError(
                "provider says whose returns these are: sources of kind rtf and otf need it, others cannot have it"
            )
        return self

    @model_validator(mode="after")
    def _answers_elsewhere(self) -> Self:
        if self.kind != "834" and self.responses is not None and self.responses.strip("/") == self.folder.strip("/"):
            raise ValueError("responses is the folder itself: answers would be taken for new files")
        return self

    @model_validator(mode="after")
    def _ends_as_lists_do(self) -> Self:
        if self.kind == "834" and (self.lines_end or self.trailer is not None):
            raise ValueError("lines_end and trailer are for lists: an 834 counts itself")
        return self

    @model_validator(mode="after")
    def _tells_senders_of_referrals(self) -> Self:
        if self.referral_status and (self.kind != "mini_mif" or self.responses is None):
            raise ValueError("referral_status is for sources of referrals (mini_mif) that have a responses folder")
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


def named_twice(sources: Iterable[Source]) -> bool:
    """Tell whether two sources have one name."""
    names = [source.name for source in sources]
    return len(names) > len(set(names))


def read_twice(sources: Iterable[Source]) -> tuple[Source, Source] | None:
    """Find two sources that may read one file a provider returned: it would count twice, or for two providers."""
    return next(
        (
            (one, other)
            for one, other in combinations(sources, 2)
            if (one.kind in RETURNED or other.kind in RETURNED)
            and one.place == other.place
            and may_match_one_name(one.pattern, other.pattern)
        ),
        None,
    )
