"""What the sample's providers return: on whom they were sent, in three dialects, the same bytes every time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from parsers.tabular import read_tabular
from sample_data.cast import person_of
from sample_data.returns import NAMED_COURSES, Course, attempts_on, charges_in, course_of, layout_of, returned_files
from sample_data.stories import STORIES
from schemas.layout import load_layout

ON = date(2026, 11, 20)


def row(key: str, action: str = "ADD", due: str = "2026-11-05") -> dict[str, str]:
    person = person_of(next(story for story in STORIES if story.key == key))
    return {
        "assignment_id": key, "record_action": action, "cin": person.cin, "plan_member_id": f"M{person.number}",
        "last_name": person.last, "first_name": person.first, "assignment_date": "2026-10-30", "first_contact_due": due,
    }  # fmt: skip


SENT = [*map(row, NAMED_COURSES), row("terminated"), row("terminated", "TERM"), row("hold_then_release", due="")]


@pytest.mark.parametrize("provider", ["fresno_bridge", "fresno_all", "two_counties"])
def test_every_dialect_is_read_by_its_layout_without_a_finding(provider: str, tmp_path: Path) -> None:
    files = returned_files(provider, SENT, ON)
    assert files == returned_files(provider, SENT, ON)
    members, attempts = set(), 0
    for file in files:
        path = tmp_path / file.name
        path.write_bytes(file.content)
        layout = "otf" if file.name.startswith("POTF") else layout_of(provider)
        for sheet in read_tabular(path, load_layout(layout), name=file.name).sheets:
            assert sheet.examine(ON).empty
            members |= set(sheet.rows["cin"])
            attempts += int(sheet.rows["attempt_date"].notna().sum()) if "attempt_date" in sheet.rows else 0
    assert members == {each["cin"] for each in SENT if each["assignment_id"] != "terminated"}
    assert attempts == 1 + 3 + 3


def test_the_named_people_are_reached_in_time_late_and_not_at_all() -> None:
    reached = {}
    for charge in charges_in(map(row, NAMED_COURSES)):
        course = course_of(charge.cin)
        reached[course] = [attempt.on for attempt in attempts_on(charge, course, ON) if attempt.reached]
    assert reached == {Course.IN_TIME: [date(2026, 11, 5)], Course.LATE: [date(2026, 11, 9)], Course.NEVER: []}


def test_nobody_is_sought_before_the_first_contact_is_due_and_no_attempt_lies_ahead() -> None:
    waiting, late = (charges_in([row(key, due=due)])[0] for key, due in (
        ("hold_then_release", ""), ("notice_before_834", "2026-11-05")))  # fmt: skip
    assert attempts_on(waiting, Course.NEVER, ON) == []
    assert [each.on.day for each in attempts_on(late, Course.LATE, date(2026, 11, 6))] == [5, 6]


def test_a_provider_without_members_returns_nothing() -> None:
    assert returned_files("fresno_bridge", [row("terminated", "TERM")], ON) == []
