"""Places of incarceration, all invented, and what a list says of each."""

from __future__ import annotations

from typing import NamedTuple


class Facility(NamedTuple):
    """A jail or a prison."""

    name: str
    county: str
    kind: str


PRISON = Facility("Ashgrove State Prison", "Kings", "PRISON")
JAILS = {
    "Fresno": Facility("Brindlemoor Jail", "Fresno", "JAIL"),
    "Kings": Facility("Quillfeather Jail", "Kings", "JAIL"),
    "Madera": Facility("Hobnail Road Jail", "Madera", "JAIL"),
    "Kern": Facility("Dunmarrow Jail", "Kern", "JAIL"),
    "Tulare": Facility("Pebblegate Jail", "Tulare", "JAIL"),
}
