"""The providers table: who may receive members, where their folder is, how many people they can take, and from when.

A provider has one line, or several whose periods (`effective_from`, `effective_to`, both included) do not overlap: so a
change is announced ahead. What leads to the folder is the same on all lines of one provider.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.config.cells import Counties, Day, Email, Listed, Npi, Phone, Texts, YesNo, known_outbound_layout
from pipelines.config.csv_table import read_csv_table, refuse
from pipelines.pgp import read_public_key

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI")

_WAY_TO_THE_FOLDER = ("host", "port", "username", "key_file", "folder")


class Provider(BaseModel):
    """One ECM provider of the roster, as it is during a period."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    npi: Npi
    name: Annotated[str, Field(min_length=1)]
    tin: str
    active: YesNo
    ji_provider: YesNo
    service_scope: Literal["PRE_RELEASE", "HANDOFF_ONLY"]
    """Pre-release services and warm hand-off, or warm hand-off only (R34)."""
    counties: Counties
    populations: Annotated[tuple[Literal["ADULT", "YOUTH"], ...], Listed, Field(min_length=1)]
    languages: Texts
    capacity: Annotated[int, Field(ge=0)]
    """How many open assignments the provider takes at most."""
    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)]
    username: Annotated[str, Field(min_length=1)]
    key_file: Path
    folder: Annotated[str, Field(min_length=1)]
    formats: Annotated[tuple[Literal["csv", "xlsx", "return_sheet"], ...], Listed, Field(min_length=1)]
    full_day: Literal["MON", "TUE", "WED", "THU", "FRI"]
    ffs_enrolled: YesNo | None = None
    """Whether enrolled with Medi-Cal fee-for-service, which pays for services before release (R24, R34), if known."""
    facility_contracts: Texts = ()
    """Correctional facilities that the provider is contracted with (R34)."""
    phone: Phone | None = None
    """For the public directory, as is the e-mail address."""
    email: Email | None = None
    layout: str | None = None
    """Layout of its assignment files: one that the project brings, or a file of the plan's (`.toml`); not given: as
    `[delivery]` has it."""
    pgp_key_file: Path | None = None
    """The provider's OpenPGP public key, to which all its files are encrypted; not given: they are not."""
    effective_from: Day | None = None
    """First day of the line; not given: it always was so."""
    effective_to: Day | None = None
    """Last day of the line; not given: until further notice."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.starts > self.ends:
            raise ValueError("effective_to is before effective_from")
        return self

    @property
    def starts(self) -> date:
        """First day of the line."""
        return self.effective_from or date.min

    @property
    def ends(self) -> date:
        """Last day of the line."""
        return self.effective_to or date.max


@dataclass(frozen=True)
class Roster:
    """All providers, ordered by NPI and period; as of a day, one line each."""

    providers: tuple[Provider, ...]

    def as_of(self, day: date) -> Roster:
        """Give each provider the line that is in force on `day`.

        One without such a line is inactive and otherwise as it last was, or else as it will be first: it stays known,
        because the members it was told of still have to be ended in its folder.
        """
        lines: defaultdict[str, list[Provider]] = defaultdict(list)
        for provider in self.providers:
            lines[provider.npi].append(provider)
        return Roster(tuple(_line_of_the_day(each, day) for _, each in sorted(lines.items())))

    def by_npi(self) -> dict[str, Provider]:
        """Providers keyed by NPI, of a roster as of a day."""
        self._refuse_several_lines()
        return {provider.npi: provider for provider in self.providers}

    def table(self) -> pd.DataFrame:
        """The roster as of a day without its folders, a row a provider; lists in a cell are joined by `;`.

        Columns: npi, name, tin, service_scope, counties, populations, languages (text); active, ji_provider (boolean);
        capacity (open assignments at most).
        """
        self._refuse_several_lines()
        columns = ("npi", "name", "tin", "active", "ji_provider", "service_scope", "capacity")
        frame = pd.DataFrame([{c: getattr(p, c) for c in columns} for p in self.providers], columns=list(columns))
        for listed in ("counties", "populations", "languages"):
            frame[listed] = [";".join(getattr(p, listed)) for p in self.providers]
        texts = ("npi", "name", "tin", "service_scope", "counties", "populations", "languages")
        return frame.astype(dict.fromkeys(texts, "str"))

    def _refuse_several_lines(self) -> None:
        if len({provider.npi for provider in self.providers}) < len(self.providers):
            raise ValueError("a provider has several lines: take the roster as of a day first")


def _line_of_the_day(lines: Sequence[Provider], day: date) -> Provider:
    begun = [line for line in lines if line.starts <= day]
    line = max(begun, key=lambda each: each.starts) if begun else min(lines, key=lambda each: each.starts)
    return line if line.starts <= day <= line.ends else line.model_copy(update={"active": False})


def read_roster(path: Path) -> Roster:
    """Read the providers CSV with all its lines; relative key files are taken from its folder.

    Raises
    ------
    ConfigurationError
        With all mistakes at once, each with its line and column.
    """
    rows, mistakes = read_csv_table(path, Provider, name="providers table")
    if not rows and not mistakes:
        mistakes.append("the table names no provider: every assignment would end")
    base = path.parent.resolve()
    rows = [(line, _located(provider, base)) for line, provider in rows]
    refuse([*mistakes, *_confusions(rows), *_not_usable(rows)], path)
    return Roster(tuple(sorted((provider for _, provider in rows), key=lambda each: (each.npi, each.starts))))


def _located(provider: Provider, base: Path) -> Provider:
    """Take relative paths from the folder of the table."""
    own = provider.layout if provider.layout is not None and provider.layout.endswith(".toml") else None
    layout = provider.layout if own is None else str(base / own)
    pgp_key_file = None if provider.pgp_key_file is None else base / provider.pgp_key_file
    located = {"key_file": base / provider.key_file, "layout": layout, "pgp_key_file": pgp_key_file}
    return provider.model_copy(update=located)


def _not_usable(rows: Sequence[tuple[int, Provider]]) -> Iterator[str]:
    """Tell of layouts and keys that are not there, or no such thing; whether a key has run out depends on the day."""
    for line, provider in rows:
        for name, read in (("layout", known_outbound_layout), ("pgp_key_file", read_public_key)):
            given = getattr(provider, name)
            try:
                if given is not None:
                    read(given)
            except ValueError as mistake:
                yield f"line {line}, {name}: {mistake}"


def _confusions(rows: Sequence[tuple[int, Provider]]) -> Iterator[str]:
    """Tell where a row could reach the wrong folder, or be judged by the wrong line."""
    owners: dict[str, tuple[int, str]] = {}
    lines: defaultdict[str, list[tuple[int, Provider]]] = defaultdict(list)
    for line, provider in rows:
        first, owner = owners.setdefault(provider.username, (line, provider.npi))
        if owner != provider.npi:
            yield f"lines {first} and {line} share one username: a file could reach the wrong folder"
        lines[provider.npi].append((line, provider))
    for each in lines.values():
        each.sort(key=lambda row: (row[1].starts, row[0]))
        for (one, before), (other, after) in pairwise(each):
            if after.starts <= before.ends:
                yield f"lines {one} and {other} share one npi on the same days: end the one before the other begins"
        for name in _WAY_TO_THE_FOLDER:
            values = Counter(getattr(provider, name) for _, provider in each)
            usual = values.most_common(1)[0][0]
            yield from (
                f"line {line}, {name}: differs from the provider's other lines; a file could reach the wrong folder"
                for line, provider in each
                if getattr(provider, name) != usual
            )
