"""Whatever becomes of a list, its sender hears what, and what to do now."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipelines.responses.desk import APPENDED, BAD_CIN, BAD_CODE, GOOD, HEADING, Desk, a_list

STEM = "PROBATION_REFERRALS_20261028"
NAME, ROWS = f"{STEM}.csv", f"{STEM}.response.csv"
WIDTH = len(HEADING)


def told(desk: Desk) -> dict[str, Any]:
    return desk.summary(f"{STEM}.response.json")


def test_a_clean_list_needs_nothing(desk: Desk) -> None:
    desk.enroll(GOOD[0])
    desk.receive(NAME, a_list(GOOD))
    answer = told(desk)
    assert (answer["status"], answer["what_to_do"], answer["send_back"], answer["warnings"]) == (
        "ACCEPTED", "Nothing: every row was taken.", None, [],
    )  # fmt: skip
    assert desk.table(ROWS)[1] == [*GOOD, *[""] * len(APPENDED)]


def test_a_list_with_warnings_was_taken_and_may_be_bettered(desk: Desk) -> None:
    desk.receive(NAME, a_list((*GOOD, "x"), heading=(*HEADING, "Case Load")).decode().encode("cp1252"))
    answer = told(desk)
    assert (answer["status"], answer["rows_accepted"], answer["rows_warned"]) == ("ACCEPTED", 1, 1)
    assert answer["what_to_do"].startswith("Every row was taken. Look at the warnings")
    assert [(each["code"], each["column"]) for each in answer["warnings"]] == [("W03", "column 12")]


def test_a_list_with_bad_rows_says_where_to_mend_them_and_where_to_put_it(desk: Desk) -> None:
    desk.receive(NAME, a_list(GOOD, BAD_CIN, BAD_CODE))
    answer = told(desk)
    assert (answer["status"], answer["rows_rejected"]) == ("ACCEPTED_WITH_ERRORS", 2)
    assert f"Rows that were not taken: 2. Correct them in {ROWS}" in answer["what_to_do"]
    assert answer["send_back"] == {"folder": "/outgoing", "name": ROWS}


def test_a_list_that_cannot_be_read_is_told_what_it_is_and_has_no_rows(desk: Desk) -> None:
    desk.receive(NAME, b"%PDF-1.7 a scan of the list")
    answer = told(desk)
    assert set(desk.answers()) == {f"{STEM}.response.json"}
    assert (answer["status"], answer["reason"]["code"]) == ("REJECTED", "F01")
    assert "it is a PDF" in answer["detail"]
    assert answer["what_to_do"].endswith("Send it again as plain CSV, XLSX without a password, or X12.")
    assert answer["send_back"] == {"folder": "/outgoing", "name": NAME}


def test_a_list_cut_off_is_asked_for_whole_and_its_rows_are_not_offered_for_mending(desk: Desk) -> None:
    desk.receive(NAME, a_list(GOOD, BAD_CIN)[:-20])
    assert set(desk.answers()) == {f"{STEM}.response.json"}
    assert told(desk)["reason"]["code"] == "F04"


def test_a_list_of_mostly_bad_rows_is_held_and_every_row_says_why(desk: Desk) -> None:
    bad = [(*BAD_CIN[:2], f"R-{n}", *BAD_CIN[3:]) for n in range(24)]
    desk.receive(NAME, a_list(GOOD, *bad))
    answer = told(desk)
    assert (answer["status"], answer["reason"]["code"], answer["rows_accepted"]) == ("REJECTED", "F14", 0)
    assert "Correct its rows" in answer["what_to_do"]
    assert answer["send_back"]["name"] == ROWS
    heading, good, *rest = desk.table(ROWS)
    assert heading[:WIDTH] == list(HEADING)
    assert good[WIDTH] == ""
    assert [row[WIDTH : WIDTH + 3] for row in rest] == [["R02", "cin", "REJECT"]] * 24


def test_a_list_too_old_gets_its_rows_examined_and_a_name_to_come_under(desk: Desk) -> None:
    desk.receive("PROBATION_REFERRALS_20250101.csv", a_list(GOOD, BAD_CODE))
    answer = desk.summary("PROBATION_REFERRALS_20250101.response.json")
    assert (answer["status"], answer["reason"]["code"]) == ("STALE", "F08")
    assert answer["send_back"] == {"folder": "/outgoing", "name": "PROBATION_REFERRALS_YYYYMMDD.csv"}
    rows = desk.table("PROBATION_REFERRALS_20250101.response.csv")
    assert [row[WIDTH] for row in rows[1:]] == ["", "R12"]


def test_a_repeated_list_needs_nothing(desk: Desk) -> None:
    desk.receive(NAME, a_list(GOOD))
    desk.receive("PROBATION_REFERRALS_20261028_B.csv", a_list(GOOD))
    answer = desk.summary("PROBATION_REFERRALS_20261028_B.response.json")
    assert (answer["status"], answer["what_to_do"], answer["send_back"]) == (
        "DUPLICATE", "Nothing to do: it is loaded once.", None,
    )  # fmt: skip


@pytest.mark.parametrize(("content", "documents"), [(b"", 1), (b" \r\n", 1), (a_list(), 2)])
def test_an_empty_list_is_taken_for_what_it_is(desk: Desk, content: bytes, documents: int) -> None:
    desk.receive(NAME, content)
    answer = told(desk)
    assert (answer["status"], answer["reason"]["code"], answer["rows_read"]) == ("ACCEPTED", "F10", 0)
    assert answer["what_to_do"] == "Nothing to do if that was intended."
    assert len(desk.answers()) == documents


def test_a_sender_whose_markers_say_what_is_whole_is_told_of_the_marker(desk: Desk) -> None:
    desk.receive(NAME, a_list(BAD_CIN), marker="{stem}.done")
    assert told(desk)["send_back"] == {
        "folder": "/outgoing", "name": ROWS, "marker": f"{STEM}.response.done",
    }  # fmt: skip


def test_what_stood_above_the_header_stands_there_again(desk: Desk) -> None:
    titles = b'"County of Fresno, Probation"\r\n\r\nReferrals,October\r\n'
    desk.receive(NAME, titles + a_list(GOOD))
    rows = desk.table(ROWS)
    assert rows[:3] == [["County of Fresno, Probation"], [], ["Referrals", "October"]]
    assert rows[3] == [*HEADING, *APPENDED]
