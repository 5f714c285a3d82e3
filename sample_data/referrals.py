"""The referral lists (mini-MIF) of the county's probation, a community organisation and the state prison."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sample_data import facilities
from sample_data.identifiers import check_digit
from sample_data.people import Person
from sample_data.providers import name_of, npi_of
from sample_data.sources import COMMUNITY, PRISON, PROBATION, Source
from sample_data.story import Referral
from sample_data.tabular import Cell, Row, delimited, heading, workbook

_COMMON = (
    "referral_id", "record_action", "referral_received_date", "referral_source_type", "referring_organization",
    "referring_individual", "referring_phone", "cin", "last_name", "first_name", "middle_name", "dob", "gender",
    "address", "city", "state", "zip", "county", "phone", "language", "pof_justice_involved", "incarceration_status",
    "facility_name", "facility_county", "facility_type", "expected_release_date", "actual_release_date",
)  # fmt: skip
_OF_PRISON = ("pre_release_cm_organization", "pre_release_cm_npi", "reentry_care_plan_received_date")


def _headings(*columns: str, **own: str) -> dict[str, str]:
    return {column: own.get(column, heading(column)) for column in columns}


_PROBATION = _headings(*_COMMON, "homelessness_indicator", "pof_smi_sud", "notes", cin="CIN Number", dob="DOB")
_COMMUNITY = {c: "MCP_CIN" if c == "cin" else c for c in (*_COMMON, "email", "preferred_ecm_provider_npi")}
_PRISON = _headings(
    *_COMMON,
    *_OF_PRISON,
    cin="Medi-Cal Member Client Index Number (CIN)",
    dob="Date of Birth",
    address="Resdidential Address",
)


@dataclass(frozen=True)
class _Sender:
    """What a source always writes about itself."""

    source_type: str
    organization: str
    individual: str
    phone: str


_SENDERS = {
    PROBATION.name: _Sender("PROBATION_PAROLE", "Fresno Probation, Reentry Unit", "Officer Hallam", "5595550900"),
    COMMUNITY.name: _Sender("CBO", "Centro Peñaluz", "Señora Ibarrez", "5595550901"),
    PRISON.name: _Sender("PRISON", facilities.PRISON.name, "Transition Services", "5595550902"),
}


def referral_id(source: Source, day: date, place: int) -> str:
    """Number a referral by the day on which it is first told and its place in the list of that day."""
    return f"{source.name[:4].upper()}-{day:%y%m%d}-{place:04d}"


def referral_row(source: Source, day: date, place: int, person: Person, referral: Referral) -> dict[str, Cell]:
    """Write one referral in the layout's own column names; `place` numbers the rows of the day's list."""
    sender = _SENDERS[source.name]
    facility = facilities.PRISON if source is PRISON else facilities.JAILS[person.home.county]
    released = referral.released is not None
    row: dict[str, Cell] = {
        "referral_id": referral_id(source, day, place),
        "record_action": referral.action,
        "referral_received_date": day - timedelta(days=1),
        "referral_source_type": sender.source_type,
        "referring_organization": sender.organization,
        "referring_individual": sender.individual,
        "referring_phone": sender.phone,
        "cin": person.cin,
        "last_name": person.last,
        "first_name": person.first,
        "middle_name": person.middle,
        "dob": person.born,
        "gender": person.sex,
        "address": person.home.street,
        "city": person.home.city,
        "state": "CA",
        "zip": person.home.zip_code,
        "county": person.home.county,
        "phone": person.phone,
        "language": person.language,
        "pof_justice_involved": "Y",
        "incarceration_status": "RELEASED" if released else "IN_CUSTODY",
        "facility_name": facility.name,
        "facility_county": facility.county,
        "facility_type": facility.kind,
        "expected_release_date": day + timedelta(days=referral.expected) if referral.expected is not None else "",
        "actual_release_date": day - timedelta(days=referral.released) if referral.released is not None else "",
        "preferred_ecm_provider_npi": npi_of(referral.preferred),
        "pre_release_cm_npi": npi_of(referral.pre_release),
    }
    if referral.pre_release:
        row["pre_release_cm_organization"] = name_of(referral.pre_release)
        row["reentry_care_plan_received_date"] = day - timedelta(days=1)
    return row | _habits(source, person, row) | dict(referral.given)


def _habits(source: Source, person: Person, row: Row) -> dict[str, Cell]:
    """Write what the source writes in a way of its own."""
    if source is PROBATION:
        phone = person.phone
        return {
            "gender": {"F": "Female", "M": "Male"}[person.sex],
            "phone": f"({phone[:3]}) {phone[3:6]}-{phone[6:]}",
            "homelessness_indicator": "N",
            "pof_smi_sud": "N",
            "notes": 'Calls back after work,\nask for "the unit"' if person.number % 2 else "",
        }
    if source is PRISON:
        return {
            "cin": f"{row['cin']}{check_digit(person.number)}",
            "county": f"{person.home.county} County",
            "facility_county": "Kings County",
        }
    return {}


def referral_file(source: Source, day: date, rows: list[dict[str, Cell]], ragged: int | None) -> bytes:
    """Write a source's list in its own form; the row at the place `ragged` gets cells that no heading stands over."""
    if source is PROBATION:
        return delimited(_PROBATION, rows, encoding="utf-8-sig")
    if source is PRISON:
        above = [f"{facilities.PRISON.name}: referrals to Enhanced Care Management", f"Prepared {day:%m/%d/%Y}", ""]
        return workbook("Referrals", above, _PRISON, rows, "One row to a person. Questions: Transition Services.")
    return delimited(_COMMUNITY, rows, delimiter="|", dates="%Y-%m-%d", encoding="cp1252", line_end="\n", ragged=ragged)
