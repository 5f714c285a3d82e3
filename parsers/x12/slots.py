"""Which element of which segment in which loop fills which column of the raw tables: the mapping of the 834, as data.

Raw columns hold element text as received, without blanks around it; `parsers.x12.canonical` makes the tables of
`schemas.enrollment` of them. A slot is `(loop, segment key, element, column)`; segment keys are those of
`parsers.x12.guide`.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.enrollment import COVERAGE_REFERENCES, MEMBER_REFERENCES

Slot = tuple[str, str, int, str]
Plan = Mapping[str, Mapping[str, tuple[tuple[int, int], ...]]]
"""Loop -> segment key -> (element, index of the column)."""

MEMBER_SLOTS: tuple[Slot, ...] = (
    ("2000", "INS", 1, "subscriber_indicator"),
    ("2000", "INS", 2, "relationship"),
    ("2000", "INS", 3, "maintenance_type"),
    ("2000", "INS", 4, "maintenance_reason"),
    ("2000", "INS", 5, "benefit_status"),
    ("2000", "INS", 6, "medicare_status"),
    ("2000", "INS", 8, "employment_status"),
    ("2000", "INS", 11, "death_date_format"),
    ("2000", "INS", 12, "death_date"),
    *(("2000", f"REF*{qualifier.upper()}", 2, f"ref_{qualifier}") for qualifier in MEMBER_REFERENCES),
    ("2100A", "NM1*IL", 3, "last_name"),
    ("2100A", "NM1*IL", 4, "first_name"),
    ("2100A", "NM1*IL", 5, "middle_name"),
    ("2100A", "NM1*IL", 7, "name_suffix"),
    ("2100A", "NM1*IL", 9, "nm109"),
    ("2100A", "NM1*74", 3, "last_name"),
    ("2100A", "NM1*74", 4, "first_name"),
    ("2100A", "NM1*74", 5, "middle_name"),
    ("2100A", "NM1*74", 7, "name_suffix"),
    ("2100A", "NM1*74", 9, "nm109"),
    ("2100A", "N3", 1, "address_1"),
    ("2100A", "N3", 2, "address_2"),
    ("2100A", "N4", 1, "city"),
    ("2100A", "N4", 2, "state"),
    ("2100A", "N4", 3, "zip"),
    ("2100A", "N4", 5, "location_qualifier"),
    ("2100A", "N4", 6, "county"),
    ("2100A", "DMG", 2, "birth_date"),
    ("2100A", "DMG", 3, "gender"),
    ("2100A", "DMG", 5, "race"),
    ("2100C", "N3", 1, "mailing_address_1"),
    ("2100C", "N3", 2, "mailing_address_2"),
    ("2100C", "N4", 1, "mailing_city"),
    ("2100C", "N4", 2, "mailing_state"),
    ("2100C", "N4", 3, "mailing_zip"),
)
"""Loops 2000, 2100A (the member's name; `74` when it corrects an earlier one) and 2100C (mailing address)."""

COMMUNICATION = {"TE": "phone", "HP": "phone_home", "CP": "phone_cell", "EM": "email"}
"""2100A PER03, 05 and 07: which column the number after this qualifier fills. The first one counts."""

COMMUNICATION_ELEMENTS = (3, 5, 7)
"""The elements of PER that hold such a qualifier."""

LANGUAGE = "language"
"""2100A LUI02. LUI may repeat, so that the first one counts."""

COVERAGE_SLOTS: tuple[Slot, ...] = (
    ("2300", "HD", 1, "maintenance_type"),
    ("2300", "HD", 3, "insurance_line"),
    ("2300", "HD", 4, "plan"),
    ("2300", "DTP*348", 3, "benefit_begin"),
    ("2300", "DTP*349", 3, "benefit_end"),
    ("2300", "AMT*R", 2, "share_of_cost"),
    *(("2300", f"REF*{qualifier.upper()}", 2, f"ref_{qualifier}") for qualifier in COVERAGE_REFERENCES),
)

REQUIRED = ("coverage", "benefit_begin")
"""The column that a row must have for the structure to be whole."""

REPORTING_SLOTS: tuple[Slot, ...] = (
    ("2750", "N1*75", 2, "category"),
    ("2750", "REF", 1, "ref_qualifier"),
    ("2750", "REF", 2, "ref_value"),
    ("2750", "DTP*007", 3, "date"),
)


def columns(slots: tuple[Slot, ...], *extra: str) -> tuple[str, ...]:
    """Return the raw columns that the slots fill, in order, and then the `extra` ones."""
    return (*dict.fromkeys(slot[3] for slot in slots), *extra)


MEMBER_TEXT = "segments"
"""The member loop as received but for blanks between segments."""

RAW_MEMBER_COLUMNS = columns(MEMBER_SLOTS, *COMMUNICATION.values(), LANGUAGE, "set_control", "segment_no")
RAW_COVERAGE_COLUMNS = columns(COVERAGE_SLOTS, "member_no", "segment_no")
RAW_REPORTING_COLUMNS = columns(REPORTING_SLOTS, "member_no", "segment_no")


def plan(slots: tuple[Slot, ...], names: tuple[str, ...]) -> Plan:
    """Arrange slots for look-up by loop and segment key."""
    arranged: dict[str, dict[str, tuple[tuple[int, int], ...]]] = {}
    for loop, key, element, column in slots:
        of_loop = arranged.setdefault(loop, {})
        of_loop[key] = (*of_loop.get(key, ()), (element, names.index(column)))
    return arranged
