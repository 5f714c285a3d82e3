"""The rules for rows of tabular files: one broken at a time, each with its code and column."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.kinds import LAID_OUT
from schemas.layout import Layout, available_layouts, load_layout
from schemas.tabular import check_table, schema_for
from schemas.validation import check

AS_OF = date(2026, 3, 2)

VALID = {
    "text": "Canary", "date": "2026-01-31", "cin": "91234567B", "npi": "1234567893", "yes_no": "Y", "gender": "F",
    "phone": "(559) 555-0123", "zip": "93721", "county": "Fresno", "integer": "3", "identifier": "A-1",
    "email": "canary@example.org",
}  # fmt: skip


OF_AN_ATTEMPT = (
    "attempt_date", "attempt_time", "attempt_method", "attempt_successful", "contact_outcome", "minutes_spent",
)  # fmt: skip

Row = dict[str, str | None]


def table(layout: Layout, *rows: Row) -> pd.DataFrame:
    """Rows in which every column holds something valid, but for what is named."""
    base: Row = {column.name: column.codes[0] if column.codes else VALID[column.type] for column in layout.columns}
    base |= {"dob": "1990-02-03", "incarceration_status": "RELEASED"}
    made = pd.DataFrame([base | row for row in rows], dtype="str")
    return made[list(layout.column_names)].set_axis(pd.RangeIndex(1, len(rows) + 1))


CASES: list[tuple[str, Row, set[tuple[str, str]]]] = [
    # a complete row of each layout
    *((name, {}, set()) for name in available_layouts()),
    # who it is
    ("mif", {"cin": None}, {("cin", "R01")}),
    ("rtf", {"cin": None}, {("cin", "R01")}),
    ("otf", {"cin": None}, {("cin", "R01")}),
    ("mini_mif", {"cin": None}, set()),
    ("mini_mif", {"last_name": None, "first_name": None, "dob": None}, set()),
    ("mini_mif", {"cin": None, "last_name": None, "first_name": None, "dob": None}, {("cin", "R01")}),
    ("mini_mif", {"cin": None, "first_name": None}, {("cin", "R01"), ("first_name", "R04")}),
    ("release_notice", {"cin": None, "dob": None}, {("cin", "R01"), ("dob", "R03")}),
    ("mif", {"last_name": None}, {("last_name", "R04")}),
    ("mif", {"dob": None}, {("dob", "R03")}),
    ("mif", {"cin": "999999999"}, {("cin", "R02")}),
    ("mif", {"cin": "99999999B"}, {("cin", "R02")}),
    ("mif", {"cin": "90000000B"}, {("cin", "R02")}),
    ("mif", {"cin": "91234567b"}, {("cin", "R02")}),
    ("mif", {"cin": "91234567B\n"}, {("cin", "R02")}),
    ("mif", {"dob": "2026-03-03"}, {("dob", "R03")}),
    ("mif", {"dob": "2026-03-02"}, set()),
    ("mif", {"dob": "1900-01-01"}, {("dob", "R03")}),
    ("mif", {"dob": "02/30/1990"}, {("dob", "R03")}),
    # numbers, codes, texts
    ("mini_mif", {"referring_npi": "1234567890"}, {("referring_npi", "R07")}),
    ("release_notice", {"post_release_ecm_provider_npi": "x"}, {("post_release_ecm_provider_npi", "R07")}),
    ("mif", {"ecm_provider_npi": None}, {("ecm_provider_npi", "R14")}),
    ("mini_mif", {"record_action": "REMOVE"}, {("record_action", "R12")}),
    ("mini_mif", {"record_action": None}, {("record_action", "R14")}),
    ("mini_mif", {"gender": "Q"}, {("gender", "R12")}),
    ("mini_mif", {"pof_justice_involved": "perhaps"}, {("pof_justice_involved", "R12")}),
    ("otf", {"minutes_spent": "ten"}, {("minutes_spent", "R12")}),
    ("mini_mif", {"notes": "x" * 2001}, {("notes", "R16")}),
    ("mini_mif", {"notes": "two\nlines\tand a tab"}, set()),
    ("mini_mif", {"last_name": "Can\x07ary"}, {("last_name", "R16")}),
    ("mini_mif", {"last_name": "Can\x85ary"}, {("last_name", "R16")}),
    # dates
    ("mini_mif", {"referral_received_date": "2026-02-30"}, {("referral_received_date", "R11")}),
    ("mini_mif", {"referral_received_date": "20260131"}, {("referral_received_date", "R11")}),
    ("mini_mif", {"referral_received_date": "2026-03-04"}, {("referral_received_date", "R11")}),
    ("mini_mif", {"referral_received_date": "2026-03-03"}, set()),
    ("mini_mif", {"expected_release_date": "2027-01-01"}, set()),
    ("mini_mif", {"authorization_start": "2026-02-01"}, {("authorization_end", "R11")}),
    ("mif", {"ecm_benefit_start": "2026-02-01"}, {("ecm_benefit_end", "R11")}),
    ("mif", {"ecm_benefit_start": "2026-02-01", "ecm_benefit_end": None}, set()),
    ("mini_mif", {"incarceration_status": "IN_CUSTODY"}, {("actual_release_date", "R11")}),
    ("mini_mif", {"incarceration_status": "IN_CUSTODY", "actual_release_date": None}, set()),
    ("release_notice", {"actual_release_date": "2026-04-01"}, {("actual_release_date", "R11")}),
    (
        "release_notice",
        {"expected_release_date": None, "actual_release_date": None},
        {("expected_release_date", "R14")},
    ),
    ("release_notice", {"expected_release_date": None}, set()),
    # needs at the release: several values to a cell, each of them held to its type
    ("release_notice", {"community_supports": "MEALS; RESPITE"}, set()),
    ("release_notice", {"community_supports": "MEALS; a diagnosis"}, {("community_supports", "R12")}),
    ("release_notice", {"appointment_dates": "2026-03-05; 2026-03-09"}, set()),
    ("release_notice", {"appointment_dates": "2026-03-05; 2026-02-30"}, {("appointment_dates", "R11")}),
    ("release_notice", {"behavioral_health_need": "F11.20"}, {("behavioral_health_need", "R12")}),
    # receipts: what they confirm is needed, but to take one back
    ("care_plan_receipt", {"received_by": None}, {("received_by", "R14")}),
    ("care_plan_receipt", {"reentry_care_plan_received_date": None}, {("reentry_care_plan_received_date", "R14")}),
    (
        "care_plan_receipt",
        {"record_action": "VOID", "received_by": None, "reentry_care_plan_received_date": None, "recipient_npi": None},
        set(),
    ),
    ("care_plan_receipt", {"received_by": "PROVIDER", "recipient_npi": None}, {("recipient_npi", "R14")}),
    ("care_plan_receipt", {"received_by": "PLAN", "recipient_npi": None}, set()),
    (
        "care_plan_receipt",
        {"reentry_care_plan_received_date": "2026-03-04"},
        {("reentry_care_plan_received_date", "R11")},
    ),
    (
        "care_plan_receipt",
        {"reentry_care_plan_sent_date": "2026-02-01"},
        {("reentry_care_plan_received_date", "R11")},
    ),
    ("care_plan_receipt", {"warm_handoff_date": "2026-03-04"}, {("warm_handoff_date", "R11")}),
    ("care_plan_receipt", {"cin": None, "dob": None}, {("cin", "R01"), ("dob", "R03")}),
    ("release_notice", {"record_action": "VOID", "expected_release_date": None, "actual_release_date": None}, set()),
    ("otf", {"attempt_date": "2026-03-04"}, {("attempt_date", "R11")}),
    ("rtf", {"last_encounter_date": "2026-03-04"}, {("last_encounter_date", "R11")}),
    ("rtf_tabs", {"care_plan_date": "2026-03-04"}, {("care_plan_date", "R11")}),
    ("rtf", {"discontinuation_date": "2026-03-31"}, set()),
    # what one column demands of another
    ("rtf", {"address": None, "new_address_indicator": "Y"}, {("address", "R14"), ("address", "W01")}),
    ("rtf", {"phone": None}, {("phone", "R14")}),
    ("rtf", {"phone": None, "new_phone_indicator": "N"}, set()),
    ("rtf", {"discontinuation_date": None}, {("discontinuation_date", "R14")}),
    (
        "rtf",
        {"discontinuation_reason_code": None, "discontinuation_reason_text": None},
        {("discontinuation_reason_code", "R14"), ("discontinuation_reason_text", "R14")},
    ),
    ("otf", {"contact_outcome": None}, {("contact_outcome", "R14")}),
    (
        "rtf_merged",
        {"attempt_date": None, "attempt_method": None},
        {("attempt_date", "R14"), ("attempt_method", "R14")},
    ),
    ("rtf_merged", dict.fromkeys(OF_AN_ATTEMPT), set()),
    ("rtf_merged", {"attempt_date": "2026-03-04"}, {("attempt_date", "R11")}),
    ("rtf_tabs", {"ecm_status": None}, set()),
    ("otf_tab", {"ecm_provider_npi": None}, set()),
    ("otf", {"contact_outcome": None, "attempt_successful": "N"}, set()),
    # warnings let the person through
    ("mini_mif", {"zip": None}, {("zip", "W01")}),
    ("mini_mif", {"zip": "937"}, {("zip", "W01")}),
    ("mini_mif", {"county": "Fresnoo"}, {("county", "W01")}),
    ("mini_mif", {"address": None, "city": None, "state": None, "zip": None}, set()),
    ("mif", {"county": None}, {("county", "W01")}),
    ("mini_mif", {"phone": "555-0123", "phone_alternate": None, "email": None}, set()),
    (
        "mini_mif",
        {"phone": "555-0123", "phone_alternate": None, "email": "none", "address": None, "city": None,
         "state": None, "zip": None},
        {("phone", "W02")},
    ),
    ("mif", {"phone": None, "phone_alternate": None, "email": None, "mailing_address": None}, set()),
]  # fmt: skip


@pytest.fixture(scope="module")
def told() -> dict[int, set[tuple[str, str]]]:
    """What is told of every case, by its number; the cases of one kind lie in one table, as they do in a file."""
    result: dict[int, set[tuple[str, str]]] = {}
    for kind in available_layouts():
        layout = load_layout(kind)
        numbers = [number for number, case in enumerate(CASES) if case[0] == kind]
        unlike = next(column.name for column in layout.columns if column.type in {"identifier", "text"})
        rows = table(layout, *({unlike: f"A-{number}"} | CASES[number][1] for number in numbers))
        found = check_table(layout, rows.set_axis(numbers), AS_OF)
        for number in numbers:
            here = found[found["row"] == number]
            result[number] = set(zip(here["column"], here["code"], strict=True))
    return result


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{kind}-{row}"[:60] for kind, row, _ in CASES])
def test_what_is_wrong_with_a_row_is_told_by_code_and_column(
    told: dict[int, set[tuple[str, str]]], number: int
) -> None:
    assert told[number] == CASES[number][2]


def test_a_member_without_home_phone_or_mail_is_out_of_reach_but_not_rejected() -> None:
    blank = dict.fromkeys(
        ("address", "city", "state", "zip", "phone", "phone_alternate", "email", "mailing_address"), None
    )
    found = check_table(load_layout("mif"), table(load_layout("mif"), blank), AS_OF)
    assert set(found["severity"]) == {"WARN"}
    assert ("phone", "W02") in set(zip(found["column"], found["code"], strict=True))


def test_only_a_row_that_repeats_an_earlier_one_as_a_whole_is_a_repetition() -> None:
    layout = load_layout("mini_mif")
    rows = table(layout, {}, {"notes": "changed"}, {}, {"notes": None}, {})
    found = check_table(layout, rows, AS_OF)
    assert found.to_dict("list") == {
        "row": [3, 5], "column": ["", ""], "code": ["R09", "R09"], "severity": ["REJECT", "REJECT"],
    }  # fmt: skip


def test_an_empty_table_has_no_findings() -> None:
    for kind in LAID_OUT:
        layout = load_layout(kind)
        assert check_table(layout, table(layout, {}).iloc[:0], AS_OF).empty


def test_findings_never_hold_a_value() -> None:
    layout = load_layout("mini_mif")
    found = check_table(layout, table(layout, dict.fromkeys(layout.column_names, "SECRET\x01CANARY")), AS_OF)
    assert not found.empty
    assert "CANARY" not in found.to_csv()


@settings(max_examples=6, deadline=None)
@given(data=st.data(), kind=st.sampled_from(LAID_OUT))
def test_the_schema_and_the_check_of_a_table_agree(data: st.DataObject, kind: str) -> None:
    layout = load_layout(kind)
    cell = st.sampled_from(
        [None, "Y", "N", "2026-01-31", "2026-03-09", "91234567B", "RELEASED", "IN_CUSTODY", "x", "\x01"]
    )
    changes = st.lists(st.dictionaries(st.sampled_from(layout.column_names), cell, max_size=12), min_size=1, max_size=4)
    rows = table(layout, *data.draw(changes))
    by_table = check_table(layout, rows, AS_OF)
    without_repetition = by_table[by_table["code"] != "R09"].reset_index(drop=True)
    pd.testing.assert_frame_equal(check(schema_for(layout, AS_OF), rows), without_repetition)
