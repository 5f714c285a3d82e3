"""The delegating plan's Member Information File: a monthly workbook of everybody it assigned to a provider."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sample_data.business_days import month_start
from sample_data.identifiers import phone
from sample_data.people import Person
from sample_data.providers import name_of, npi_of, tin_of
from sample_data.tabular import Cell, Row, heading, workbook
from schemas.codes import POPULATIONS_OF_FOCUS

_COLUMNS = (
    "mif_production_date", "mif_reporting_period", "mcp_identifier", "mcp_name", "ecm_provider_npi",
    "ecm_provider_name", "ecm_provider_tin", "ecm_provider_phone", "cin", "plan_member_id", "last_name", "first_name",
    "middle_name", "dob", "gender", "address", "city", "state", "zip", "county", "phone", "homelessness_indicator",
    *POPULATIONS_OF_FOCUS, "member_record_status", "ecm_status", "ecm_assignment_date", "authorization_number",
    "authorization_start", "authorization_end",
)  # fmt: skip
_OWN_HEADINGS = {
    "cin": "Medi-Cal Member Client Index Number (CIN)",
    "dob": "Date of Birth",
    "address": "Resdidential Address",
    "city": "Residential City",
    "state": "Residential State",
    "zip": "Residential ZIP Code",
    "authorization_end": "Authorizatin End Date",
}
_HEADINGS = {column: _OWN_HEADINGS.get(column, heading(column)) for column in _COLUMNS}


def mif_row(file_date: date, person: Person, provider: str, record_status: str, since: date) -> dict[str, Cell]:
    """Write one member in the layout's own column names; `since` is the first day of the authorization's year."""
    flags: dict[str, Cell] = {flag: "Y" if flag == "pof_justice_involved" else "N" for flag in POPULATIONS_OF_FOCUS}
    return flags | {
        "mif_production_date": file_date,
        "mif_reporting_period": f"{file_date:%Y%m}",
        "mcp_identifier": "ORCHARD",
        "mcp_name": "Orchard Health Network",
        "ecm_provider_npi": npi_of(provider),
        "ecm_provider_name": name_of(provider),
        "ecm_provider_tin": tin_of(provider),
        "ecm_provider_phone": phone(91),
        "cin": person.cin,
        "plan_member_id": f"OHN{person.number:08d}",
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
        "homelessness_indicator": "N",
        "member_record_status": record_status,
        "ecm_status": "ENROLLED",
        "ecm_assignment_date": since,
        "authorization_number": f"OHA{person.number:07d}",
        "authorization_start": since,
        "authorization_end": month_start(since, -12) - timedelta(days=1),
    }


def mif_file(file_date: date, rows: list[Row]) -> bytes:
    """Write the workbook: lines above the header, misspelt headings, a tab that is not data."""
    above = ["Orchard Health Network", "ECM Member Information File", f"Reporting period {file_date:%B %Y}", ""]
    return workbook("ECM MIF", above, _HEADINGS, rows, "Codes of this file are those of the ECM data guidance.")


def without_cin(row: Mapping[str, Cell]) -> dict[str, Cell]:
    """Blank the CIN of a row: a receiver must set it aside, not lose it."""
    return {**row, "cin": ""}
