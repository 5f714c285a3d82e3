"""Where people live: the plan's counties and two neighbours, with towns, ZIP codes and the state's county codes."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from sample_data.names import STREETS
from schemas.codes import COUNTY_CODES

PLAN_COUNTIES = ("Fresno", "Kings", "Madera")

CODE_OF_COUNTY = {name: code for code, name in COUNTY_CODES.items()}

_TOWNS = {
    "Fresno": (("Fresno", "93701"), ("Fresno", "93722"), ("Clovis", "93612"), ("Selma", "93662"), ("Reedley", "93654")),
    "Kings": (("Hanford", "93230"), ("Lemoore", "93245"), ("Corcoran", "93212")),
    "Madera": (("Madera", "93637"), ("Chowchilla", "93610")),
    "Kern": (("Taft", "93268"), ("Delano", "93215")),
    "Tulare": (("Dinuba", "93618"), ("Tulare", "93274")),
}
_SHARE_OF_MEMBERS = (70, 20, 10)


class Address(NamedTuple):
    """A place to live or to receive mail."""

    street: str
    city: str
    zip_code: str
    county: str


def address(number: int, county: str) -> Address:
    """Give the person `number` a place in `county`; different numbers mostly live in different places."""
    towns = _TOWNS[county]
    city, zip_code = towns[number % len(towns)]
    return Address(f"{100 + number * 37 % 9900} {STREETS[number % len(STREETS)]}", city, zip_code, county)


def counties(rng: Random, people: int) -> list[str]:
    """Spread `people` over the plan's counties."""
    return rng.choices(PLAN_COUNTIES, _SHARE_OF_MEMBERS, k=people)
