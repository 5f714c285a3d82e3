"""What an edition of the directory holds: tables with their columns explained, read from the store as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.sheets import Cell
from pipelines.warehouse import Warehouse


@dataclass(frozen=True)
class Section:
    """One table of an edition."""

    key: str
    """Its name in JSON."""
    title: str
    note: str
    """What has to be known to read it rightly."""
    columns: dict[str, str]
    """Names of the columns with what they mean."""
    rows: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(
        cls, key: str, title: str, note: str, columns: dict[str, str], records: Iterable[Mapping[str, Any]]
    ) -> Section:
        """Make a section of records that have its columns, and may have others."""
        return cls(key, title, note, columns, tuple(tuple(each[name] for name in columns) for each in records))


_PUBLIC = {
    "npi": "National provider identifier",
    "name": "Name of the ECM provider",
    "phone": "Phone for the public",
    "email": "E-mail address for the public",
    "ji_provider": "Y: serves people leaving incarceration",
    "service_scope": "PRE_RELEASE: pre-release services and warm hand-off; HANDOFF_ONLY: warm hand-off only",
    "ffs_enrolled": "Y: enrolled with Medi-Cal fee-for-service; blank: not known",
    "facility_contracts": "Correctional facilities it is contracted with",
    "counties": "Counties it serves",
    "populations": "ADULT, YOUTH or both",
    "languages": "Languages spoken (NISO codes)",
}
_PROVIDERS = _PUBLIC | {
    "active": "N: takes nobody at present, and stands in no public edition",
    "since": "First day of this version",
    "tin": "Tax identification number",
    "capacity": "Open assignments it takes at most",
    "open_assignments": "Open assignments on the day",
    "free_places": "Open assignments it can still take",
    "host": "Server of its folder",
    "port": "Port of the server",
    "username": "Account on the server",
    "folder": "Folder its members' files go to",
}
_CHANGES = {
    "npi": "National provider identifier",
    "name": "Name of the ECM provider",
    "version": "Number of the version of the provider's entry",
    "valid_from": "First day of the version: the night that found it in the roster",
    "valid_to": "Last day; blank: until now",
    "changed": "NEW, LEFT, RETURNED, or the columns that changed",
    "publish_by": "Day by which the public must learn of it; blank: the public sees nothing of it",
    "published_on": "Day of the first public edition that has it",
    "status": "NOT_PUBLIC, DUE, OVERDUE, PUBLISHED or PUBLISHED_LATE, as of the last night or publication",
}
_COVERAGE = {
    "county": "County of operation",
    "population": "ADULT, YOUTH or ALL",
    "service_scope": "PRE_RELEASE, HANDOFF_ONLY or ALL",
    "as_of": "Day of the count: the last night, or the publication after it",
    "providers": "Active JI providers that serve the county",
    "capacity": "Their places, which other counties share",
    "open_assignments": "Their open assignments, of members of any county",
    "free_places": "Places left with them",
    "problem": "What is wrong; blank: nothing",
    "rule": "Rule that wants it",
}
_OVERLAP = {
    "county": "County of operation",
    "as_of": "Day of the count: the last night, or the publication after it",
    "our_providers": "The plan's active JI providers in the county",
    "other_plans": "Other plans whose network in the county is known",
    "shared": "The plan's providers that another plan has too",
    "share": "Their share in the plan's providers",
    "shared_npis": "Their NPIs",
    "missing": "Providers that several other plans have and this one has not",
    "missing_providers": "Their NPIs, names, and how many of the other plans have them",
    "excepted": "Y: an exception from the overlap was granted",
    "problem": "What is wrong; blank: nothing",
    "rule": "Rule that wants it",
}

_READ_PROVIDERS = """
    SELECT d.* EXCLUDE (active, ji_provider, ffs_enrolled), CASE WHEN active THEN 'Y' ELSE 'N' END AS active,
           CASE WHEN ji_provider THEN 'Y' ELSE 'N' END AS ji_provider,
           CASE WHEN ffs_enrolled THEN 'Y' WHEN NOT ffs_enrolled THEN 'N' END AS ffs_enrolled,
           valid_from AS since, coalesce(a.open, 0) AS open_assignments,
           greatest(d.capacity - coalesce(a.open, 0), 0) AS free_places
    FROM exchange.provider_directory AS d
    LEFT JOIN (SELECT npi, count(*) AS open FROM exchange.ecm_assignments
               WHERE assigned_on <= $on AND (ended_on IS NULL OR ended_on > $on) GROUP BY npi) AS a ON a.npi = d.npi
    WHERE d.listed AND d.valid_from <= $on AND (d.valid_to IS NULL OR d.valid_to >= $on)
"""
_READ_CHANGES = "SELECT * FROM exchange.provider_directory WHERE valid_from <= $on"
_READ_COVERAGE = "SELECT * FROM exchange.county_coverage"
_READ_OVERLAP = "SELECT *, CASE WHEN is_excepted THEN 'Y' ELSE 'N' END AS excepted FROM exchange.network_overlap"


def read_sections(warehouse: Warehouse, on: date, *, public: bool) -> tuple[Section, ...]:
    """Read an edition as of a day: the public one lists active providers and nothing that is the plan's own business.

    County coverage and overlap are those of the last night or publication, whatever the day.
    """

    def section(key: str, title: str, note: str, columns: dict[str, str], query: str, order: str) -> Section:
        selected = f"SELECT {', '.join(columns)} FROM ({query}) ORDER BY {order}"  # noqa: S608 - names from code
        parameters = {"on": on} if "$on" in query else None
        return Section(key, title, note, columns, tuple(warehouse.rows(selected, parameters)))

    if public:
        active = f"FROM ({_READ_PROVIDERS}) WHERE active = 'Y'"
        return (section("providers", "ECM providers", "", _PUBLIC, active, "name, npi"),)
    return (
        section("providers", "ECM providers", "", _PROVIDERS, _READ_PROVIDERS, "name, npi"),
        section(
            "changes",
            "Changes",
            "The public learns of a change within 30 calendar days at the latest (R34).",
            _CHANGES,
            _READ_CHANGES,
            "valid_from DESC, npi",
        ),
        section(
            "coverage",
            "County coverage",
            "A provider counts wherever it serves: rows do not add up. Whether it is experienced (R20) is not known.",
            _COVERAGE,
            _READ_COVERAGE,
            "county, population <> 'ALL', population, service_scope <> 'ALL', service_scope DESC",
        ),
        section(
            "overlap",
            "Overlap with other plans",
            "Other plans' networks are those of the plan's own table of them (R19).",
            _OVERLAP,
            _READ_OVERLAP,
            "county",
        ),
    )
