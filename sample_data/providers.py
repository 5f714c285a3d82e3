"""The plan's ECM providers, as the configuration's providers table lists them, made so that every rule meets a case.

`tulare_small` fills up after one person; `closed_doors` is inactive; `no_ji` does not serve the justice-involved and is
the only one in Madera; only `kings_spanish` speaks Spanish in Kings; only `fresno_youth` takes youth in Fresno. In Kern
`kern_line` alone serves people who are still inside, and `kern_closing`, which speaks Spanish, closes in mid-week.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO

from sample_data.facilities import JAILS, PRISON
from sample_data.identifiers import npi, phone, tin


@dataclass(frozen=True)
class Provider:
    """One provider; `capacity` 0 stands for as many as the size of the exchange calls for.

    `ffs_enrolled` is `Y`, `N` or blank where nobody knows; `contracts` are the facilities it works with; one that
    `closes` is on the roster until a day of the exchange.
    """

    key: str
    name: str
    counties: str
    populations: str
    languages: str
    full_day: str
    service_scope: str = "PRE_RELEASE"
    formats: str = "csv"
    capacity: int = 0
    active: bool = True
    ji_provider: bool = True
    ffs_enrolled: str = "Y"
    contracts: tuple[str, ...] = ()
    closes: bool = False


_ALL_LANGUAGES = "ENG;SPA;HMN;ARM;VIE"

PROVIDERS = (
    Provider("fresno_bridge", "Bridgelight Reentry Care", "Fresno", "ADULT", "ENG;SPA", "MON",
             formats="csv;xlsx;return_sheet", contracts=(JAILS["Fresno"].name, PRISON.name)),
    Provider("fresno_handoff", "Tarrow Street Clinic", "Fresno", "ADULT", "ENG;HMN", "TUE", "HANDOFF_ONLY",
             ffs_enrolled="N"),
    Provider("fresno_youth", "Saltmeadow Youth Alliance", "Fresno", "YOUTH", "ENG;SPA", "WED",
             contracts=(JAILS["Fresno"].name,)),
    Provider("fresno_all", "Five Rivers Community Health", "Fresno", "ADULT", _ALL_LANGUAGES, "FRI",
             formats="csv;xlsx"),
    Provider("kings_plain", "Wickerpond Care Partners", "Kings;Tulare", "ADULT", "ENG", "THU"),
    Provider("kings_spanish", "Puente Larkstone", "Kings", "ADULT;YOUTH", "ENG;SPA", "MON"),
    Provider("kern_line", "Countyline Outreach", "Kern;Kings", "ADULT", "ENG", "TUE"),
    Provider("tulare_small", "Thimble House", "Tulare", "ADULT", "ENG;SPA", "WED", capacity=1),
    Provider("closed_doors", "Hobbin Drive Wellness", "Fresno", "ADULT", "ENG", "THU", active=False),
    Provider("no_ji", "Madera Grove Family Care", "Fresno;Madera", "ADULT;YOUTH", "ENG;SPA", "FRI", ji_provider=False),
    Provider("fresno_evening", "Marzipan Way Health Works", "Fresno", "ADULT", "ENG", "MON", "HANDOFF_ONLY",
             ffs_enrolled=""),
    Provider("two_counties", "Broomfield Navigators", "Fresno;Kings", "ADULT", "ENG;HMN", "THU",
             contracts=(PRISON.name, JAILS["Kings"].name)),
    Provider("kern_closing", "Lanternmoth Counseling", "Kern", "ADULT", "ENG;SPA", "WED", "HANDOFF_ONLY", closes=True),
)  # fmt: skip

_FIRST_PHONE = 30_000
_FIRST_LACKING = 60
"""Providers that only other plans have are numbered from here on."""

_NUMBER = {provider.key: number for number, provider in enumerate(PROVIDERS, start=1)}


def npi_of(key: str) -> str:
    """Give the NPI of the provider that this module calls `key`; the empty text for the empty key."""
    return npi(_NUMBER[key]) if key else ""


def name_of(key: str) -> str:
    """Give the name of the provider that this module calls `key`."""
    return PROVIDERS[_NUMBER[key] - 1].name


def tin_of(key: str) -> str:
    """Give the tax identification number of the provider that this module calls `key`."""
    return tin(_NUMBER[key])


def providers_csv(members: int, port: int, closing: date | None = None, *, host: str = "127.0.0.1") -> str:
    """Write the providers table of a plan with `members` members, all reached at one server.

    `closing` is the last day of the provider that closes; it stays where no day is given.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        (
            "npi", "name", "tin", "active", "ji_provider", "service_scope", "counties", "populations", "languages",
            "capacity", "host", "port", "username", "key_file", "folder", "formats", "full_day", "ffs_enrolled",
            "facility_contracts", "phone", "email", "effective_from", "effective_to",
        )
    )  # fmt: skip
    for place, provider in enumerate(PROVIDERS):
        number = npi_of(provider.key)
        writer.writerow((
            number, provider.name, tin_of(provider.key), "NY"[provider.active], "NY"[provider.ji_provider],
            provider.service_scope, provider.counties, provider.populations, provider.languages,
            provider.capacity or max(60, members // 20), host, port, f"ecm_{number}", "keys/plan_ed25519",
            "/assignments", provider.formats, provider.full_day, provider.ffs_enrolled, ";".join(provider.contracts),
            phone(_FIRST_PHONE + place), f"ecm@{provider.name.split()[0].lower()}.example.org", "",
            closing.isoformat() if closing is not None and provider.closes else "",
        ))  # fmt: skip
    return text.getvalue()


def networks_csv() -> str:
    """Write the table of other plans' networks: some of the plan's providers, and two that it does not have."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([("plan", "npi", "county", "name"), *_others()])
    return text.getvalue()


def _others() -> Iterator[tuple[str, str, str, str]]:
    shared = (
        ("ORCHARD", "fresno_bridge", "Fresno"), ("ORCHARD", "fresno_all", "Fresno"),
        ("ORCHARD", "kings_spanish", "Kings"), ("TULEFOG", "fresno_bridge", "Fresno"),
    )  # fmt: skip
    lacking = (("Fresno", "Copperfinch Reentry"), ("Madera", "Oakmantle Family Services"))
    for plan, key, county in shared:
        yield plan, npi_of(key), county, name_of(key)
    for place, (county, name) in enumerate(lacking):
        yield from ((plan, npi(_FIRST_LACKING + place), county, name) for plan in ("ORCHARD", "TULEFOG"))
