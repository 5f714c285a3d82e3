"""The providers table: who may receive members, where their folder is, and how many people they can take."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from schemas.codes import COUNTIES, npi_is_valid
from schemas.problems import ConfigurationError

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI")


def _valid_npi(npi: str) -> str:
    if not npi_is_valid(npi):
        raise ValueError("not a valid NPI: ten digits, the last one a check digit")
    return npi


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(";") if part.strip()) if isinstance(value, str) else value


def _yes(value: object) -> object:
    return {"Y": True, "N": False}.get(value, value) if isinstance(value, str) else value


def _known_counties(names: tuple[str, ...]) -> tuple[str, ...]:
    if not set(names) <= set(COUNTIES):
        raise ValueError("names a county California does not have")
    return names


_YesNo = Annotated[bool, BeforeValidator(_yes)]
_List = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Provider(BaseModel):
    """One ECM provider of the roster."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    npi: Annotated[str, AfterValidator(_valid_npi)]
    name: Annotated[str, Field(min_length=1)]
    tin: str
    active: _YesNo
    ji_provider: _YesNo
    service_scope: Literal["PRE_RELEASE", "HANDOFF_ONLY"]
    counties: Annotated[_List, AfterValidator(_known_counties)]
    populations: Annotated[tuple[Literal["ADULT", "YOUTH"], ...], BeforeValidator(_listed), Field(min_length=1)]
    languages: _List
    capacity: Annotated[int, Field(ge=0)]
    """How many open assignments the provider takes at most."""
    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)]
    username: Annotated[str, Field(min_length=1)]
    key_file: Path
    folder: Annotated[str, Field(min_length=1)]
    formats: Annotated[tuple[Literal["csv", "xlsx"], ...], BeforeValidator(_listed), Field(min_length=1)]
    full_day: Literal["MON", "TUE", "WED", "THU", "FRI"]


@dataclass(frozen=True)
class Roster:
    """All providers, ordered by NPI."""

    providers: tuple[Provider, ...]

    def by_npi(self) -> dict[str, Provider]:
        """Providers keyed by NPI."""
        return {provider.npi: provider for provider in self.providers}

    def table(self) -> pd.DataFrame:
        """The roster without its folders, a row a provider; counties, populations and languages are joined by `;`."""
        columns = ("npi", "name", "tin", "active", "ji_provider", "service_scope", "capacity")
        frame = pd.DataFrame([{c: getattr(p, c) for c in columns} for p in self.providers], columns=list(columns))
        for listed in ("counties", "populations", "languages"):
            frame[listed] = [";".join(getattr(p, listed)) for p in self.providers]
        texts = ("npi", "name", "tin", "service_scope", "counties", "populations", "languages")
        return frame.astype(dict.fromkeys(texts, "str"))


def read_roster(path: Path) -> Roster:
    """Read the providers CSV; relative key files are taken from its folder.

    Raises
    ------
    ConfigurationError
        With all mistakes at once, each with its line and column.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError("C04", "there is no providers table", where=str(path)) from None
    except UnicodeDecodeError:
        raise ConfigurationError("C04", "the providers table is not UTF-8", where=str(path)) from None
    try:
        providers, mistakes = _rows(text)
    except csv.Error:
        raise ConfigurationError(
            "C04", "the providers table is not a well-formed CSV", where=str(path), remedy="Check its quotes."
        ) from None
    if not providers and not mistakes:
        mistakes.append("the table names no provider: every assignment would end")
    for unique in ("npi", "username"):
        values = [getattr(provider, unique) for provider in providers]
        if len(values) != len(set(values)):
            mistakes.append(f"two providers share one {unique}: a file could reach the wrong folder")
    if mistakes:
        raise ConfigurationError("C05", "; ".join(mistakes), where=str(path), remedy="Correct these lines.")
    base = path.parent.resolve()
    located = (p.model_copy(update={"key_file": base / p.key_file}) for p in providers)
    return Roster(tuple(sorted(located, key=lambda provider: provider.npi)))


def _rows(text: str) -> tuple[list[Provider], list[str]]:
    """Read the rows that are right, and tell the mistakes of the header or else of each row."""
    reader = csv.DictReader(io.StringIO(text), strict=True, restkey="(too many cells)")
    mistakes = list(_header_mistakes(reader.fieldnames or ()))
    if mistakes:
        return [], mistakes
    providers = []
    for row in reader:
        try:
            providers.append(Provider.model_validate({key: value for key, value in row.items() if value is not None}))
        except ValidationError as failure:
            mistakes += [
                f"line {reader.line_num}, {'.'.join(map(str, error['loc'][:1]))}: "
                + error["msg"].removeprefix("Value error, ")
                for error in failure.errors(include_input=False, include_url=False)
            ]
    return providers, mistakes


def _header_mistakes(header: Sequence[str]) -> Iterator[str]:
    known = set(Provider.model_fields)
    for name in header:
        if name not in known:
            close = difflib.get_close_matches(name, sorted(known - set(header)), n=1)
            yield f"line 1, {name}: unknown column" + (f", did you mean `{close[0]}`?" if close else "")
    yield from (f"line 1, {name}: this column is missing" for name in sorted(known - set(header)))
    yield from (f"line 1, {name}: this column stands twice" for name in sorted(set(header)) if header.count(name) > 1)
