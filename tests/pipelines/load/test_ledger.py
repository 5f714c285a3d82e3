"""Every file that comes gets a place of its own in the ledger, and each is loaded once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pipelines.intake import ledger
from sample_data.exchange import DEFAULT_START

Sent = Callable[[str], bytes]
TODAY = "PROBATION_REFERRALS_20261028.csv"


def test_a_list_under_a_second_name_counts_as_its_repetition(plan: Any, sent: Sent) -> None:
    content = sent("PROBATION")
    assert plan.receive("probation", TODAY, content) == "LANDED"
    assert plan.receive("probation", "PROBATION_REFERRALS_20261028_2.csv", content) == "DUPLICATE"
    plan.load()
    (_, _, rows, loaded, _, _), again = plan.files()
    assert again == ("DUPLICATE", "F07", rows, 0, 0, rows)
    assert plan.count("facts.referrals") == loaded > 0


def test_a_file_that_only_got_a_new_time_keeps_its_twin_s_place_free(plan: Any, sent: Sent) -> None:
    for _ in range(3):
        plan.receive("probation", TODAY, sent("PROBATION"))
        plan.load()
    ids = [file_id for (file_id,) in plan.files("file_id")]
    assert len(set(ids)) == 3, "what joins facts to their file must find one"
    assert [status for status, *_ in plan.files()] == ["ACCEPTED", "DUPLICATE", "DUPLICATE"]
    assert plan.count("facts.referrals") == plan.files("rows_loaded")[0][0]


def test_content_held_for_its_name_is_taken_under_the_right_one(plan: Any, sent: Sent) -> None:
    content = sent("PROBATION")
    assert plan.receive("probation", "PROBATION_REFERRALS_20250101.csv", content) == "HELD"
    assert plan.receive("probation", TODAY, content) == "LANDED"
    plan.load()
    assert [status[:8] for status, *_ in plan.files()] == ["HELD", "ACCEPTED"]
    assert plan.files("reason")[0] == ("F08",)
    assert plan.count("facts.referrals") > 0


@pytest.mark.parametrize(("days", "status"), [(-46, "HELD"), (-45, "LANDED"), (1, "LANDED"), (2, "HELD")])
def test_the_date_in_a_name_may_be_old_but_not_too_old_and_never_beyond_tomorrow(
    plan: Any, sent: Sent, days: int, status: str
) -> None:
    day = DEFAULT_START + timedelta(days=days)
    assert plan.receive("probation", f"PROBATION_REFERRALS_{day:%Y%m%d}.csv", sent("PROBATION")) == status


def test_an_834_name_stands_for_one_content_once_that_was_accepted(plan: Any, sent: Sent) -> None:
    name = "DHCS834-DA-20261028-SHP-010-001.dat"
    whole, other = sent("DHCS834-DA-20261028"), sent("DHCS834-DA-20261029")
    plan.receive("dhcs", name, whole[: len(whole) // 2])
    plan.load()
    assert plan.receive("dhcs", name, whole) == "LANDED", "a held one does not take the name"
    plan.load()
    assert plan.receive("dhcs", name, other) == "HELD"
    assert [(status, reason) for status, reason, *_ in plan.files()] == [
        ("HELD", "F04"), ("ACCEPTED", ""), ("HELD", "F06"),
    ]  # fmt: skip


def test_a_file_held_at_receipt_stands_in_quarantine(plan: Any, sent: Sent) -> None:
    plan.receive("probation", "PROBATION_REFERRALS_20250101.csv", sent("PROBATION"))
    assert plan.warehouse.rows("SELECT row, code, severity, original FROM quarantine.rows") == [
        (-1, "F08", "HOLD", None)
    ]


def test_an_interchange_is_taken_once_whatever_it_is_called(plan: Any, sent: Sent) -> None:
    content = sent("DHCS834-DA-20261028")
    plan.receive("dhcs", "DHCS834-DA-20261028-SHP-010-001.dat", content)
    plan.receive("dhcs", "DHCS834-DA-20261028-SHP-010-002.dat", content.replace(b"SHP-010-001", b"SHP-010-002"))
    plan.load()
    assert [(status, reason) for status, reason, *_ in plan.files()] == [("ACCEPTED", ""), ("HELD", "F11")]


def test_bytes_that_are_gone_hold_their_own_file_alone(plan: Any, sent: Sent) -> None:
    plan.receive("probation", TODAY, sent("PROBATION"))
    plan.receive("dhcs", "DHCS834-DA-20261028-SHP-010-001.dat", sent("DHCS834-DA-20261028"))
    for path in (plan.config.home / "landing").rglob("*"):
        if path.is_file() and path.read_bytes() == sent("PROBATION"):
            path.unlink()
    plan.load()
    assert [(status, reason) for status, reason, *_ in plan.files()] == [("HELD", "F01"), ("ACCEPTED", "")]


def test_neither_a_held_file_nor_one_that_repeats_it_is_accepted(plan: Any, sent: Sent) -> None:
    whole = sent("PROBATION_REFERRALS")
    plan.receive("probation", "PROBATION_REFERRALS_20261028.csv", b"dear colleague,\r\nsee below\r\n")
    plan.receive("probation", "PROBATION_REFERRALS_20261028_A.csv", b"dear colleague,\r\nsee below\r\n")
    plan.receive("probation", "PROBATION_REFERRALS_20261028_B.csv", whole)
    plan.receive("probation", "PROBATION_REFERRALS_20261028_C.csv", whole)
    assert ledger.accepted(plan.warehouse, "probation") == frozenset()
    plan.load()
    names = {name for name, _, _ in ledger.accepted(plan.warehouse, "probation")}
    assert names == {"PROBATION_REFERRALS_20261028_B.csv", "PROBATION_REFERRALS_20261028_C.csv"}
    assert ledger.accepted(plan.warehouse, "community") == frozenset()
