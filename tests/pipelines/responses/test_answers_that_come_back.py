"""A corrected answer is taken under whatever name it comes, and stands where the list stood that it corrects."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipelines.transfer.answers import corrected, is_meant
from tests.pipelines.responses.desk import BAD_CIN, GOOD, HEADING, ON, Desk, a_list

STEM = "PROBATION_REFERRALS_20261028"
NAME, ROWS = f"{STEM}.csv", f"{STEM}.response.csv"
PATTERN = "PROBATION_REFERRALS_*.csv"
WIDTH = len(HEADING)


@pytest.mark.parametrize(
    "ending",
    [".response.csv", ".response (1).csv", ".response.xlsx", ".response - Copy.csv", ".response_corrected.txt",
     ".RESPONSE.CSV", ".response.csv.xlsx", ".2.response.csv", ".response.response.csv", ".response (1).response.csv"],
)  # fmt: skip
def test_an_answer_is_meant_under_the_names_that_people_and_programs_give_it(ending: str) -> None:
    assert is_meant(STEM + ending, PATTERN)
    found = corrected(STEM + ending)
    assert found is not None
    assert found.stem == STEM


@pytest.mark.parametrize(
    "name", ["NOTES.response.csv", "PROBATION_REFERRALS.pdf", f"{STEM}.pdf", f"{STEM}.response.pdf"]
)
def test_another_file_is_not_meant_because_it_is_called_an_answer(name: str) -> None:
    assert not is_meant(name, PATTERN)


def mended(desk: Desk, answer: str = ROWS) -> bytes:
    heading, *rows = desk.table(answer)
    return a_list(*((GOOD[0], *row[1:]) for row in rows), heading=tuple(heading))


def orders(desk: Desk) -> list[tuple[date, int, str, str]]:
    found: list[tuple[date, int, str, str]] = desk.warehouse.rows(
        "SELECT file_date, sequence, status, reason FROM ledger.files ORDER BY arrival"
    )
    return found


def test_a_correction_is_in_time_however_late_it_comes(desk: Desk) -> None:
    desk.receive(NAME, a_list(BAD_CIN))
    late = ON + timedelta(days=400)
    desk.receive(ROWS, mended(desk), late)
    assert orders(desk) == [(ON, 0, "ACCEPTED_WITH_ERRORS", ""), (ON, 1, "ACCEPTED", "")]
    desk.receive("PROBATION_REFERRALS_20261029.csv", a_list(GOOD), late)
    assert orders(desk)[2][2:] == ("HELD", "F08"), "any other list of that time is too old"


def test_what_was_too_old_is_so_when_it_comes_back_under_the_same_name(desk: Desk) -> None:
    desk.receive("PROBATION_REFERRALS_20250101.csv", a_list(BAD_CIN))
    desk.receive("PROBATION_REFERRALS_20250101.response.csv", mended(desk, "PROBATION_REFERRALS_20250101.response.csv"))
    assert [order[2:] for order in orders(desk)] == [("HELD", "F08")] * 2


def test_a_correction_of_a_list_without_a_date_does_not_overrule_a_newer_list(desk: Desk) -> None:
    desk.receive("PROBATION_REFERRALS_FRESNO.csv", a_list(BAD_CIN), ON)
    desk.receive("PROBATION_REFERRALS_MADERA.csv", a_list(GOOD), ON + timedelta(days=1))
    desk.receive(
        "PROBATION_REFERRALS_FRESNO.response.csv",
        mended(desk, "PROBATION_REFERRALS_FRESNO.response.csv"),
        ON + timedelta(days=2),
    )
    assert [order[:2] for order in orders(desk)] == [(ON, 0), (ON + timedelta(days=1), 0), (ON, 1)]


def test_of_several_corrections_of_one_answer_the_later_is_the_right_one(desk: Desk) -> None:
    desk.receive(f"{STEM}_003.csv", a_list(BAD_CIN))
    answer = f"{STEM}_003.response.csv"
    first = mended(desk, answer)
    for name, content in (
        (answer, first),
        (answer, first.replace(b"Ben", b"Benno")),
        (f"{STEM}_003.response (1).csv", first.replace(b"Ben", b"Benedict")),
    ):
        desk.receive(name, content)
    assert [sequence for _, sequence, _, _ in orders(desk)] == [3, 4, 5, 6]


def test_a_correction_may_tell_of_days_after_its_list(desk: Desk) -> None:
    heading, row = (*HEADING, "Actual Release Date"), (*BAD_CIN, "")
    desk.receive(NAME, a_list(row, heading=heading))
    answered, told = desk.table(ROWS)
    later = ON + timedelta(days=9)
    corrected_row = (GOOD[0], *told[1:WIDTH], f"{later:%m/%d/%Y}", *told[WIDTH + 1 :])
    desk.receive(ROWS, a_list(corrected_row, heading=tuple(answered)), later)
    assert orders(desk)[1][2] == "ACCEPTED"


def test_a_list_with_a_trailer_comes_back_without_it(desk: Desk) -> None:
    content = a_list(GOOD, BAD_CIN, delimiter="|") + b"TRAILER|2\r\n"
    desk.receive(NAME, content, trailer=r"TRAILER\|(?P<rows>\d+)", lines_end=True)
    assert [row[2] for row in desk.table(ROWS)[1:]] == ["R-1", "R-2"]
    heading, _, bad = desk.table(ROWS)
    desk.receive(ROWS, a_list((GOOD[0], *bad[1:]), heading=tuple(heading)).rstrip(), trailer=r"TRAILER\|(?P<rows>\d+)",
                 lines_end=True)  # fmt: skip
    assert orders(desk)[1][2] == "ACCEPTED"


def test_cells_beyond_the_header_are_shown_and_keep_their_row_out_until_they_are_moved(desk: Desk) -> None:
    wide = (*GOOD[:1], "said yes", "then left", *GOOD[2:])
    desk.receive(NAME, a_list(GOOD, wide))
    heading, good, bad = desk.table(ROWS)
    assert heading[WIDTH] == "surplus_cell"
    assert (bad[: WIDTH + 1], bad[WIDTH + 1]) == (list(wide), "R15")
    desk.receive(ROWS, a_list(tuple(good), tuple(bad), heading=tuple(heading)))
    assert orders(desk)[1][2] == "ACCEPTED_WITH_ERRORS"
    moved = (bad[0], "said yes, then left", "R-9", *bad[4 : WIDTH + 1], "", *bad[WIDTH + 1 :])
    desk.receive(ROWS, a_list(tuple(good), moved, heading=tuple(heading)))
    assert orders(desk)[2][2] == "ACCEPTED"
    assert ("R-9", "said yes, then left") in desk.warehouse.rows("SELECT referral_id, notes FROM facts.referrals")
