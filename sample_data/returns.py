"""What providers return on the members they were told of: how each got on, in the dialect of each provider.

Nothing here knows the exchange from within: a provider reports on whom its assignment files name, and on nobody else.
Three named people show what becomes of it: one is reached in time, one late, and one not at all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from sample_data.cast import person_of
from sample_data.identifiers import dice, phone
from sample_data.providers import PROVIDERS, name_of, npi_of
from sample_data.stories import STORIES
from sample_data.tabular import Cell, Page, Row, delimited, workbook_of
from schemas.codes import POPULATIONS_OF_FOCUS
from schemas.layout import load_layout

FOLDER = "/returns"
"""In each provider's own account."""

_PLAN_ID, _PLAN_NAME = "SHP", "Sample Health Plan"
_FIRST_MANAGER_PHONE = 40_000


class Course(Enum):
    """How a provider gets on with a member."""

    IN_TIME = "reached by the day that the first contact is due"
    LATE = "reached four days after it"
    NEVER = "not reached"


NAMED_COURSES = {"short_stay": Course.IN_TIME, "notice_before_834": Course.LATE, "ji_without_hold": Course.NEVER}
"""By the key of the story."""

_COURSE_OF = {person_of(story).cin: NAMED_COURSES[story.key] for story in STORIES if story.key in NAMED_COURSES}


class ReturnedFile(NamedTuple):
    """A file that stands in a provider's account before the nightly run."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Charge:
    """One of a provider's members, as its assignment files tell it; `due` is when the first contact is, once it is."""

    cin: str
    plan_member_id: str
    last: str
    first: str
    since: date
    due: date | None


@dataclass(frozen=True)
class Attempt:
    """An attempt to reach a member."""

    on: date
    method: str
    reached: bool
    outcome: str


def leave_returns(served: Path, on: date) -> int:
    """Let every provider leave what it reports on `on` in its account below `served`; return the number of files.

    It reads there the assignment files that it was sent, in the layout of the sample.
    """
    left = 0
    for provider in PROVIDERS:
        account = served / f"ecm_{npi_of(provider.key)}"
        rows = [row for path in sorted(account.glob("assignments/ECM_ASSIGNMENT_*.csv")) for row in _rows_in(path)]
        inbox = account / FOLDER.strip("/")
        for file in returned_files(provider.key, rows, on):
            inbox.mkdir(parents=True, exist_ok=True)
            (inbox / file.name).write_bytes(file.content)
            left += 1
    return left


def returned_files(key: str, rows: Iterable[Mapping[str, str]], on: date) -> list[ReturnedFile]:
    """Write what the provider `key` reports on `on`, given the rows of its assignment files, oldest first.

    The same arguments give the same bytes; a provider without members returns nothing.
    """
    charges = charges_in(rows)
    if not charges:
        return []
    told = [(charge, attempts_on(charge, course_of(charge.cin), on)) for charge in charges]
    name = f"{npi_of(key)}_{on:%m%Y}_{on:%m%d%Y}"
    layout = layout_of(key)
    if layout == "rtf_tabs":
        return [ReturnedFile(f"ECM_RETURN_{npi_of(key)}_{on:%Y%m%d}.xlsx", _tabs(key, told, on))]
    if layout == "rtf_merged":
        merged = [report | attempt for report, attempts in _rows(key, told, on) for attempt in attempts or [{}]]
        return [ReturnedFile(f"PRTF_{name}.csv", delimited(_headings(layout), merged))]
    reports = [report for report, _ in _rows(key, told, on)]
    attempts = [attempt for _, some in _rows(key, told, on) for attempt in some]
    return [
        ReturnedFile(f"PRTF_{name}.txt", delimited(_headings("rtf"), reports, delimiter="|", dates="%Y%m%d")),
        ReturnedFile(f"POTF_{name}.txt", delimited(_headings("otf"), attempts, delimiter="|", dates="%Y%m%d")),
    ]


def layout_of(key: str) -> str:
    """Give the layout in which a provider reports on its members: a workbook, one merged list, or two lists."""
    return {"fresno_bridge": "rtf_tabs", "fresno_all": "rtf_merged", "kings_plain": "rtf_merged"}.get(key, "rtf")


def charges_in(rows: Iterable[Mapping[str, str]]) -> list[Charge]:
    """Read from assignment rows, oldest first, whom a provider has in the end."""
    newest = {row["assignment_id"]: row for row in rows}
    return [
        Charge(
            row["cin"], row["plan_member_id"], row["last_name"], row["first_name"],
            date.fromisoformat(row["assignment_date"]),
            date.fromisoformat(row["first_contact_due"]) if row["first_contact_due"] else None,
        )
        for row in sorted(newest.values(), key=lambda row: row["cin"])
        if row["record_action"] in {"ADD", "CHANGE"}
    ]  # fmt: skip


def course_of(cin: str) -> Course:
    """Say how it goes with a member: as the story of a named person has it, else mostly well."""
    return _COURSE_OF.get(cin) or dice(1, "course", cin).choice([*[Course.IN_TIME] * 3, Course.LATE, Course.NEVER])


def attempts_on(charge: Charge, course: Course, on: date) -> list[Attempt]:
    """List what was tried by the day `on`, the day itself included; nothing before the first contact is due."""
    if charge.due is None:
        return []
    day = max(charge.due, charge.since)
    tried = {
        Course.IN_TIME: ((0, "IN_PERSON", True, "met at the day centre"),),
        Course.LATE: (
            (0, "PHONE", False, "no answer"), (1, "TEXT", False, "no answer"), (4, "IN_PERSON", True, "met at home"),
        ),
        Course.NEVER: (
            (0, "PHONE", False, "number not in service"), (2, "MAIL", False, "letter came back"),
            (5, "IN_PERSON", False, "nobody there"),
        ),
    }[course]  # fmt: skip
    attempts = [Attempt(day + timedelta(days), method, reached, outcome) for days, method, reached, outcome in tried]
    return [attempt for attempt in attempts if attempt.on <= on]


def _rows(
    key: str, told: Sequence[tuple[Charge, list[Attempt]]], on: date
) -> Iterator[tuple[dict[str, Cell], list[dict[str, Cell]]]]:
    """Give the report on each member and its attempts, in the columns of the layouts `rtf` and `otf`."""
    manager = PROVIDERS.index(next(each for each in PROVIDERS if each.key == key))
    provider: dict[str, Cell] = {
        "mcp_identifier": _PLAN_ID, "mcp_name": _PLAN_NAME, "ecm_provider_npi": npi_of(key),
        "ecm_provider_name": name_of(key),
    }  # fmt: skip
    for charge, attempts in told:
        met = next((attempt.on for attempt in attempts if attempt.reached), None)
        report = provider | {
            "rtf_production_date": on, "rtf_reporting_period": f"{on:%Y-%m}", "cin": charge.cin,
            "plan_member_id": charge.plan_member_id, "last_name": charge.last, "first_name": charge.first,
            "ecm_status": "Enrolled" if met else "Outreach" if attempts else "Assigned",
            "lead_care_manager_name": "Care Team One", "lead_care_manager_phone": phone(_FIRST_MANAGER_PHONE + manager),
        }  # fmt: skip
        report |= {flag: "NY"[flag == "pof_justice_involved"] for flag in POPULATIONS_OF_FOCUS} | {"pof": "4"}
        if met:
            report |= {"ecm_benefit_start": met, "last_encounter_date": met, "in_person_count": "1"}
        yield report, [
            provider | {
                "cin": charge.cin, "member_name": f"{charge.last}, {charge.first}", "provider_type": "NON_CLINICAL",
                "attempt_date": each.on, "attempt_method": each.method, "attempt_successful": "NY"[each.reached],
                "contact_outcome": each.outcome, "minutes_spent": "15",
            }
            for each in attempts
        ]  # fmt: skip


def _tabs(key: str, told: Sequence[tuple[Charge, list[Attempt]]], on: date) -> bytes:
    rows = list(_rows(key, told, on))
    attempts: list[Row] = [attempt for _, some in rows for attempt in some]
    pages = [
        Page("RTF", _headings("rtf_tabs"), [report for report, _ in rows], (name_of(key), f"Members, {on:%B %Y}")),
        Page("OTF", _headings("otf_tab"), attempts),
    ]
    return workbook_of(pages, "One row a member on the sheet RTF, one row an attempt on the sheet OTF.")


def _headings(layout: str) -> dict[str, str]:
    return {column.name: (column.headings or (column.name,))[0] for column in load_layout(layout).columns}


def _rows_in(path: Path) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
