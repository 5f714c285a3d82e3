"""A sender gets its own rows back with what was found, mends that very file, sends it again, and it is taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.config.policy import Identity
from pipelines.responses import prepare_responses
from tests.pipelines.responses.desk import APPENDED, BAD_CIN, BAD_CODE, GOOD, HEADING, ON, Desk, a_list


def test_rows_come_back_as_they_were_with_five_columns_behind(desk: Desk) -> None:
    desk.receive("PROBATION_REFERRALS_20261028.csv", a_list(GOOD, BAD_CIN, BAD_CODE))
    heading, *rows = desk.table("PROBATION_REFERRALS_20261028.response.csv")
    assert heading == [*HEADING, *APPENDED]
    marked = (BAD_CIN[0], f"'{BAD_CIN[1]}", *BAD_CIN[2:])
    assert [tuple(row[: len(HEADING)]) for row in rows] == [GOOD, marked, BAD_CODE]
    said = [row[len(HEADING) :] for row in rows]
    assert [(codes, columns, severity) for codes, columns, severity, _, _ in said] == [
        ("R05", "cin", "WARN"),
        ("R02", "cin", "REJECT"),
        ("R12", "referral_source_type", "REJECT"),
    ]
    assert said[1][3] == "CIN Number: the CIN is malformed or a placeholder. A CIN is 9, seven digits and a letter."
    assert "Referral Source Type: the value is not in the code list. Use one of SELF, FAMILY, " in said[2][3]


def test_a_row_whose_cin_is_somebody_elses_comes_back_as_one_to_check(desk: Desk) -> None:
    desk.receive("PROBATION_REFERRALS_20261027.csv", a_list(BAD_CODE))
    desk.warehouse.run(
        """INSERT INTO facts.enrollment_members BY NAME
           SELECT $cin AS cin, 'Other' AS last_name, 'Person' AS first_name, DATE '1950-01-01' AS birth_date, file_id,
                  file_order, 1 AS segment_no, 1 AS member_no
           FROM ledger.files""",
        {"cin": GOOD[0]},
    )
    desk.receive("PROBATION_REFERRALS_20261028.csv", a_list(GOOD))
    (row,) = desk.table("PROBATION_REFERRALS_20261028.response.csv")[1:]
    assert row[len(HEADING) : len(HEADING) + 3] == ["W10", "cin", "WARN"]


def test_who_is_tried_for_no_longer_is_still_told_to_be_unknown(desk: Desk) -> None:
    desk.config = desk.config.model_copy(update={"identity": Identity(retry_days=0)})
    desk.receive("PROBATION_REFERRALS_20261027.csv", a_list(GOOD))
    assert desk.warehouse.rows("SELECT method FROM exchange.identities") == [("EXPIRED",)]
    (row,) = desk.table("PROBATION_REFERRALS_20261027.response.csv")[1:]
    assert row[len(HEADING)] == "R05"


def test_the_summary_counts_what_the_rows_say(desk: Desk) -> None:
    desk.receive("PROBATION_REFERRALS_20261028.csv", a_list(GOOD, BAD_CIN, BAD_CODE))
    summary = desk.summary("PROBATION_REFERRALS_20261028.response.json")
    counts = {key: value for key, value in summary.items() if key.startswith("rows_")}
    assert counts == {
        "rows_read": 3, "rows_accepted": 1, "rows_rejected": 2, "rows_duplicate": 0, "rows_warned": 1,
    }  # fmt: skip
    assert (summary["status"], summary["reason"]) == ("ACCEPTED_WITH_ERRORS", None)


def test_the_answer_mended_and_sent_again_is_taken(desk: Desk) -> None:
    desk.receive("PROBATION_REFERRALS_20261028.csv", a_list(GOOD, BAD_CIN))
    heading, good, bad = desk.table("PROBATION_REFERRALS_20261028.response.csv")
    mended = ["90000002B", *bad[1:]]
    desk.receive(
        "PROBATION_REFERRALS_20261028.response.csv", a_list(tuple(good), tuple(mended), heading=tuple(heading))
    )
    assert desk.warehouse.rows("SELECT status, rows_in, rows_loaded FROM ledger.files ORDER BY arrival") == [
        ("ACCEPTED_WITH_ERRORS", 2, 1), ("ACCEPTED", 2, 2),
    ]  # fmt: skip
    assert desk.warehouse.rows("SELECT DISTINCT cin, referral_id FROM facts.referrals ORDER BY ALL") == [
        ("90000001B", "R-1"), ("90000002B", "R-2"),
    ]  # fmt: skip
    again, *rows = desk.table("PROBATION_REFERRALS_20261028.response.response.csv")
    assert again == heading, "the columns of the first answer are not told twice"
    assert all("REJECT" not in row for row in rows)


def test_a_pipe_delimited_list_comes_back_as_csv_with_its_own_cells(desk: Desk) -> None:
    desk.receive("PROBATION_REFERRALS_20261028.csv", a_list(GOOD, delimiter="|"))
    assert tuple(desk.table("PROBATION_REFERRALS_20261028.response.csv")[1][: len(HEADING)]) == GOOD


def test_a_repeated_list_gets_a_summary_and_no_rows(desk: Desk) -> None:
    desk.receive("PROBATION_REFERRALS_20261028.csv", a_list(GOOD))
    desk.receive("PROBATION_REFERRALS_20261028_AGAIN.csv", a_list(GOOD))
    summary = desk.summary("PROBATION_REFERRALS_20261028_AGAIN.response.json")
    assert (summary["status"], summary["reason"]["code"], summary["rows_duplicate"]) == ("DUPLICATE", "F07", 1)
    assert "PROBATION_REFERRALS_20261028_AGAIN.response.csv" not in desk.answers()


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("PROBATION_REFERRALS_20261028.csv", b"nothing of use\r\nat all\r\n", "REJECTED", "F03"),
        ("PROBATION_REFERRALS_20250101.csv", a_list(GOOD), "STALE", "F08"),
    ],
)
def test_a_held_list_gets_a_summary_that_says_why(
    desk: Desk, name: str, content: bytes, status: str, code: str
) -> None:
    desk.receive(name, content)
    summary = desk.summary(next(answer for answer in desk.answers() if answer.endswith(".json")))
    assert (summary["status"], summary["reason"]["code"]) == (status, code)
    assert summary["reason"]["remedy"]


def test_lists_of_one_stem_get_answers_of_their_own(desk: Desk) -> None:
    name = "PROBATION_REFERRALS_20261028.csv"
    for content in (a_list(GOOD), a_list(BAD_CIN), a_list(GOOD)):
        desk.receive(name, content)
    stem = name.removesuffix(".csv")
    assert sorted(desk.answers()) == sorted(
        [f"{stem}.response.csv", f"{stem}.response.json", f"{stem}.2.response.csv", f"{stem}.2.response.json",
         f"{stem}.3.response.json"]
    )  # fmt: skip
    statuses = [desk.summary(f"{stem}{n}.response.json")["status"] for n in ("", ".2", ".3")]
    assert statuses == ["ACCEPTED", "ACCEPTED_WITH_ERRORS", "DUPLICATE"]


def test_a_long_name_is_shortened_to_what_servers_take(desk: Desk) -> None:
    desk.receive(f"PROBATION_REFERRALS_20261028_{'é' * 85}.csv", a_list(GOOD))
    assert all(len(name.encode()) <= 200 for name in desk.answers())
    assert len(desk.answers()) == 2


def test_each_list_is_answered_once(desk: Desk) -> None:
    desk.receive("PROBATION_REFERRALS_20261028.csv", a_list(GOOD))
    assert prepare_responses(desk.warehouse, desk.config, ON) == 0


@pytest.fixture
def answer_of(desk: Desk) -> Callable[[bytes], bytes]:
    def answer(content: bytes) -> bytes:
        desk.receive("PROBATION_REFERRALS_20261028.csv", content)
        return desk.answers()["PROBATION_REFERRALS_20261028.response.csv"]

    return answer


def test_a_cell_that_looks_like_a_formula_is_marked_as_text_in_the_answer(answer_of: Callable[[bytes], bytes]) -> None:
    assert b',"\'=HYPERLINK(1)",' in answer_of(a_list(BAD_CIN))


def test_the_mark_of_an_answer_is_taken_off_when_it_comes_back(desk: Desk) -> None:
    desk.receive("PROBATION_REFERRALS_20261028.csv", a_list((GOOD[0], "=HYPERLINK(1)", *GOOD[2:])))
    heading, row = desk.table("PROBATION_REFERRALS_20261028.response.csv")
    desk.receive("PROBATION_REFERRALS_20261028_2.csv", a_list((*row[:2], "R-9", *row[3:]), heading=tuple(heading)))
    assert desk.warehouse.rows("SELECT referral_id, notes FROM facts.referrals ORDER BY ALL") == [
        ("R-1", "=HYPERLINK(1)"), ("R-9", "=HYPERLINK(1)"),
    ]  # fmt: skip
