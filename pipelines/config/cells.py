"""Cells of the plan's own CSV tables: how a text becomes a value, and what is refused without being repeated."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from schemas.codes import COUNTIES, npi_is_valid
from schemas.outbound import load_outbound_layout
from schemas.problems import ConfigurationError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EMAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Word the known name that is closest to a wrong one, or nothing where none is close."""
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f", did you mean `{close[0]}`?" if close else ""


def _valid_npi(npi: str) -> str:
    if not npi_is_valid(npi):
        raise ValueError("not a valid NPI: ten digits, the last one a check digit")
    return npi


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(";") if part.strip()) if isinstance(value, str) else value


def _yes(value: object) -> object:
    return {"Y": True, "N": False}.get(value, value) if isinstance(value, str) else value


def _known_county(name: str) -> str:
    if name not in COUNTIES:
        raise ValueError(f"names a county California does not have{suggestion(name, COUNTIES)}")
    return name


def _known_counties(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_known_county, names))


def _iso_day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("write the day as YYYY-MM-DD")
    return value


def _readable_phone(phone: str) -> str:
    digits = re.sub(r"[\s().+-]", "", phone)
    found = re.fullmatch(r"1?([0-9]{3})([0-9]{3})([0-9]{4})", digits)
    if found is None:
        raise ValueError("not a phone number of ten digits")
    return "({}) {}-{}".format(*found.groups())


def _email(address: str) -> str:
    if not _EMAIL.fullmatch(address):
        raise ValueError("not one e-mail address")
    return address


def known_outbound_layout(name_or_path: str) -> str:
    """Return the name or path of a layout of assignment files.

    Raises
    ------
    ValueError
        When there is no such layout, or its file is wrong; with the place.
    """
    try:
        load_outbound_layout(name_or_path)
    except ConfigurationError as problem:
        raise ValueError(f"{problem.where}: {problem.what}") from None
    return name_or_path


Npi = Annotated[str, AfterValidator(_valid_npi)]
YesNo = Annotated[bool, BeforeValidator(_yes)]
"""`Y` or `N`."""

Listed = BeforeValidator(_listed)
"""Several values in one cell, separated by semicolons."""

Texts = Annotated[tuple[str, ...], Listed]
County = Annotated[str, AfterValidator(_known_county)]
Counties = Annotated[tuple[str, ...], Listed, AfterValidator(_known_counties)]
Day = Annotated[date, BeforeValidator(_iso_day)]
Phone = Annotated[str, AfterValidator(_readable_phone)]
"""Kept as (559) 555-0123: as people read it, and a spreadsheet takes it for text."""

Email = Annotated[str, AfterValidator(_email)]
