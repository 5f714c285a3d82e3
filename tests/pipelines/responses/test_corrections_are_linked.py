"""A row that comes back says which row it corrects, and what was not corrected yet can be told from what was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pipelines.releases.quarantine import list_quarantine
from pipelines.reporting.night import summarize_night
from schemas.layout import REFERENCE_COLUMN
from schemas.references import reference_of
from tests.pipelines.responses.desk import BAD_CIN, BAD_CODE, GOOD, HEADING, ON, Desk, a_list

STEM = "PROBATION_REFERRALS_20261028"
NAME, ROWS = f"{STEM}.csv", f"{STEM}.response.csv"
CIN = 0
NEXT = ON + timedelta(days=1)


def links(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.warehouse.rows(
        """SELECT f.name, c.row_no, o.name, c.corrects_row_no
           FROM ledger.corrections AS c JOIN ledger.files AS f ON f.file_id = c.file_id
           JOIN ledger.files AS o ON o.file_id = c.corrects_file_id ORDER BY f.arrival, c.row_no"""
    )


def send_back(desk: Desk, *rows: list[str], name: str = ROWS, answer: str = ROWS) -> None:
    desk.receive(name, a_list(*map(tuple, rows), heading=tuple(desk.table(answer)[0])), NEXT)


def codes(desk: Desk, name: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = desk.warehouse.rows(
        """SELECT q.row, q.code FROM quarantine.rows AS q JOIN ledger.files AS f ON f.file_id = q.file_id
           WHERE f.name = $name ORDER BY ALL""",
        {"name": name},
    )
    return found


def to_correct(desk: Desk) -> tuple[int, int]:
    night = summarize_night(desk.warehouse, NEXT)
    return night.rows_corrected, night.rows_to_correct


def test_rows_with_a_finding_bear_a_reference_to_themselves_and_others_none(desk: Desk) -> None:
    desk.enroll(GOOD[CIN])
    desk.receive(NAME, a_list(GOOD, BAD_CIN))
    heading, good, bad = desk.table(ROWS)
    file_id = desk.warehouse.value("SELECT file_id FROM ledger.files WHERE source = 'probation'")
    assert heading[-1] == REFERENCE_COLUMN
    assert (good[-1], bad[-1]) == ("", reference_of(file_id, 2))


def test_rows_are_linked_wherever_they_stand_in_the_file_that_came_back(desk: Desk) -> None:
    desk.receive(NAME, a_list(GOOD, BAD_CIN, BAD_CODE))
    _, _, bad_cin, bad_code = desk.table(ROWS)
    send_back(desk, [*bad_code[:5], "PRISON", *bad_code[6:]], ["90000002B", *bad_cin[1:]])
    assert links(desk) == [(ROWS, 1, NAME, 3), (ROWS, 2, NAME, 2)]
    assert to_correct(desk) == (2, 0)
    answer = desk.summary(f"{STEM}.response.response.json")
    assert answer["corrects"] == [{"file_name": NAME, "rows": 2}]


def test_a_row_that_is_still_wrong_waits_where_it_came_last(desk: Desk) -> None:
    desk.receive(NAME, a_list(GOOD, BAD_CIN, BAD_CODE))
    _, _, bad_cin, bad_code = desk.table(ROWS)
    assert to_correct(desk) == (0, 2)
    send_back(desk, bad_cin, [*bad_code[:5], "PRISON", *bad_code[6:]])
    assert to_correct(desk) == (1, 1)
    listed = {(entry.code, entry.rows, entry.again) for entry in list_quarantine(desk.warehouse, ON).rejected}
    assert listed == {("R02", 1, 1), ("R12", 1, 1), ("R02", 1, 0)}
    (still,) = desk.table(f"{STEM}.response.response.csv")[1:2]
    send_back(desk, ["90000002B", *still[1:]], name=f"{STEM}.response.response.csv",
              answer=f"{STEM}.response.response.csv")  # fmt: skip
    assert links(desk)[-1] == (f"{STEM}.response.response.csv", 1, ROWS, 1)
    assert to_correct(desk) == (2, 0)


def test_one_row_may_become_several(desk: Desk) -> None:
    desk.receive(NAME, a_list(("90000001B; 90000002B", *GOOD[1:])))
    _, bad = desk.table(ROWS)
    send_back(desk, ["90000001B", *bad[1:]], ["90000002B", *bad[1:]])
    assert links(desk) == [(ROWS, 1, NAME, 1), (ROWS, 2, NAME, 1)]
    assert to_correct(desk) == (2, 0)


@pytest.mark.parametrize("kind", ["forged", "counted up", "of another sender"])
def test_a_reference_that_this_sender_was_not_given_is_told_of_and_leads_nowhere(desk: Desk, kind: str) -> None:
    desk.receive(NAME, a_list(GOOD, BAD_CIN))
    heading, _, bad = desk.table(ROWS)
    reference = {
        "forged": reference_of("0" * 32, 1),
        "counted up": f"{bad[-1][:-6]}3{bad[-1][-5:]}",
        "of another sender": bad[-1],
    }[kind]
    if kind == "of another sender":
        desk.warehouse.run("UPDATE ledger.files SET source = 'community'")
    content = a_list(("90000002B", *bad[1:-1], reference), heading=tuple(heading))
    desk.receive("PROBATION_REFERRALS_20261029.csv", content, NEXT)
    assert links(desk) == []
    assert codes(desk, "PROBATION_REFERRALS_20261029.csv") == [(1, "W11")]
    assert desk.warehouse.value("SELECT count(*) FROM facts.referrals WHERE cin = '90000002B'") == 1


def test_a_row_short_of_cells_is_not_mended_by_being_sent_back(desk: Desk) -> None:
    desk.receive(NAME, a_list(GOOD, GOOD[:4] + GOOD[5:], GOOD))
    heading, good, bad, _ = desk.table(ROWS)
    assert bad[len(HEADING)] == "R15"
    send_back(desk, good, bad)
    assert (2, "R15") in codes(desk, ROWS)
    mended = [*bad[:2], "R-9", bad[3], "10/27/2026", *bad[4:10], *bad[len(HEADING) :]]
    desk.receive(f"{STEM}.response (1).csv", a_list(tuple(good), tuple(mended), heading=tuple(heading)), NEXT)
    assert ("R-9", GOOD[CIN]) in desk.warehouse.rows("SELECT referral_id, cin FROM facts.referrals")


def test_rows_of_a_file_that_was_held_are_linked_to_it(desk: Desk) -> None:
    rows = [(*BAD_CIN[:2], f"R-{n}", *BAD_CIN[3:]) for n in range(24)]
    desk.receive(NAME, a_list(*rows))
    _, *answered = desk.table(ROWS)
    send_back(desk, *([f"900000{n:02d}B", *row[1:]] for n, row in enumerate(answered, start=10)))
    (held,) = list_quarantine(desk.warehouse, ON).files
    assert (held.code, held.rows, held.again) == ("F14", 24, 24)
    assert desk.warehouse.value("SELECT count(*) FROM facts.referrals") == 24
