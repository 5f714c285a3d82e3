"""The county's reentry exchange: receipts of reentry care plans, by the plan and by the provider after release."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sample_data.facilities import JAILS
from sample_data.people import Person
from sample_data.providers import npi_of
from sample_data.release_notices import NEEDS
from sample_data.story import Receipt
from sample_data.tabular import Cell, Row, delimited, heading

_HEADINGS = {
    column: heading(column)
    for column in (
        "receipt_id", "record_action", "cin", "last_name", "first_name", "dob", "facility_name", "booking_number",
        "reentry_care_plan_received_date", "received_by", "recipient_npi", "warm_handoff_date", *NEEDS,
    )
}  # fmt: skip


def receipt_row(first_told: date, day: date, place: int, person: Person, receipt: Receipt) -> Row:
    """Write one receipt in the layout's own column names; it is numbered by the day on which it is first told."""
    handed_off = receipt.handed_off
    row: dict[str, Cell] = {
        "receipt_id": f"CPR-{first_told:%y%m%d}-{place:04d}-{'V' if receipt.provider else 'P'}",
        "record_action": receipt.action,
        "cin": person.cin,
        "last_name": person.last,
        "first_name": person.first,
        "dob": person.born,
        "facility_name": JAILS[person.home.county].name,
        "booking_number": f"B{person.number:06d}",
        "reentry_care_plan_received_date": first_told,
        "received_by": "Provider" if receipt.provider else "Health Plan",
        "recipient_npi": npi_of(receipt.provider),
        "warm_handoff_date": day - timedelta(days=handed_off) if handed_off is not None else "",
    }
    return row | dict(receipt.given)


def receipt_file(rows: Sequence[Row]) -> bytes:
    """Write the list, with bars between the cells."""
    return delimited(_HEADINGS, rows, delimiter="|", dates="%m/%d/%Y")
