"""The county jail's release notices: who leaves or left, when, who cared for the person inside, what is needed."""

from __future__ import annotations

from datetime import date, timedelta

from sample_data.facilities import JAILS
from sample_data.people import Person
from sample_data.providers import name_of, npi_of
from sample_data.story import Notice
from sample_data.tabular import Cell, Row, delimited

NEEDS = (
    "transportation_needed", "transportation_arranged", "transportation_pickup", "community_supports",
    "community_supports_authorization_numbers", "community_supports_authorization_status", "behavioral_health_need",
    "behavioral_health_owner", "behavioral_health_linked_date", "appointments_booked", "appointment_dates",
    "appointment_kinds",
)  # fmt: skip
"""Columns of what is needed at the release; most notices say nothing of it."""

_HEADINGS = {
    column: column.upper()
    for column in (
        "notice_id", "record_action", "facility_name", "facility_type", "facility_county", "cin", "last_name",
        "first_name", "dob", "booking_number", "expected_release_date", "actual_release_date",
        "pre_release_cm_organization", "pre_release_cm_npi", "post_release_ecm_provider_npi", "consent_on_file",
        "reentry_care_plan_sent_date", *NEEDS,
    )
}  # fmt: skip


def notice_id(day: date, place: int) -> str:
    """Number a notice by the day on which it is first told and its place in the list of that day."""
    return f"RN-{day:%y%m%d}-{place:04d}"


def notice_row(day: date, place: int, person: Person, notice: Notice) -> dict[str, Cell]:
    """Write one notice in the layout's own column names; `place` numbers the rows of the day's list."""
    facility = JAILS[notice.county]
    row: dict[str, Cell] = {
        "notice_id": notice_id(day, place),
        "record_action": notice.action,
        "facility_name": facility.name,
        "facility_type": facility.kind,
        "facility_county": facility.county,
        "cin": person.cin,
        "last_name": person.last.upper(),
        "first_name": person.first.upper(),
        "dob": person.born,
        "booking_number": f"B{person.number:06d}",
        "expected_release_date": day + timedelta(days=notice.expected) if notice.expected is not None else "",
        "actual_release_date": day - timedelta(days=notice.released) if notice.released is not None else "",
        "pre_release_cm_organization": name_of(notice.pre_release) if notice.pre_release else "",
        "pre_release_cm_npi": npi_of(notice.pre_release),
        "post_release_ecm_provider_npi": npi_of(notice.post_release),
        "consent_on_file": "Y",
        "reentry_care_plan_sent_date": day if notice.pre_release else "",
    }
    return row | dict(notice.given)


def notice_file(rows: list[Row]) -> bytes:
    """Write the jail's list; without rows it is a header alone."""
    return delimited(_HEADINGS, rows, dates="%m-%d-%Y")
