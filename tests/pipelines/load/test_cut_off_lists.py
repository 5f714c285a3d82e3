"""A list that broke off on its way is held whole, and read again when it is there whole, under the same name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Sent = Callable[[str], bytes]


def probation(sent: Sent) -> bytes:
    """The list of one night, with its last cell filled and every line ended."""
    heading, *rows = sent("PROBATION_REFERRALS").decode("utf-8-sig").rstrip().splitlines()
    assert len(rows) > 1
    return "".join(f"{line}\r\n" for line in (f"{heading},Note", *(f"{row},call first" for row in rows))).encode()


def with_source(plan: Any, name: str, **settings: Any) -> Any:
    sources = tuple(s.model_copy(update=settings) if s.name == name else s for s in plan.config.sources)
    plan.config = plan.config.model_copy(update={"sources": sources})
    return plan


def of_the_last_file(plan: Any) -> tuple[str, str, int]:
    status, reason, loaded = plan.files("status, reason, rows_loaded")[-1]
    return status, reason, loaded


def test_a_list_that_ends_amid_a_row_is_held_and_the_whole_one_is_loaded(plan: Any, sent: Sent) -> None:
    whole = probation(sent)
    rows = whole.count(b"\r\n") - 1
    plan.receive("probation", "PROBATION_REFERRALS_20261028.csv", whole[: -len(b"2025550199,call first\r\n")])
    plan.load()
    assert of_the_last_file(plan) == ("HELD", "F04", 0)
    assert plan.count("facts.referrals") == 0
    plan.receive("probation", "PROBATION_REFERRALS_20261028.csv", whole)
    plan.load()
    assert of_the_last_file(plan)[1:] == ("", rows)


def test_a_last_line_without_a_line_break_is_taken_unless_its_sender_ends_every_line(plan: Any, sent: Sent) -> None:
    whole = probation(sent)
    plan.receive("probation", "PROBATION_REFERRALS_20261028.csv", whole.rstrip())
    plan.load()
    assert of_the_last_file(plan)[1] == ""
    with_source(plan, "probation", lines_end=True)
    plan.receive("probation", "PROBATION_REFERRALS_20261029.csv", whole.replace(b"call", b"write").rstrip())
    plan.load()
    assert of_the_last_file(plan) == ("HELD", "F04", 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_a_line_break_counts_in_every_encoding(encoding: str, plan: Any, sent: Sent) -> None:
    with_source(plan, "probation", lines_end=True)
    whole = probation(sent).decode()
    plan.receive("probation", "PROBATION_REFERRALS_20261028.csv", whole.encode(encoding))
    plan.receive("probation", "PROBATION_REFERRALS_20261029.csv", whole.rstrip().encode(encoding))
    plan.load()
    assert [reason for (reason,) in plan.files("reason")] == ["", "F04"]


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        (b"TRL,{rows},,,\r\n", ""),
        (b"TRL,{rows}", ""),
        (b"TRL,{rows}\r\n\r\n", ""),
        (b"TRL,7777\r\n", "F04"),
        (b"TR", "F04"),
        (b"", "F04"),
    ],
)
def test_a_trailer_proves_a_list_and_is_no_row_of_it(ending: bytes, reason: str, plan: Any, sent: Sent) -> None:
    with_source(plan, "probation", trailer=r"TRL,(?P<rows>\d+)")
    whole = probation(sent)
    rows = whole.count(b"\r\n") - 1
    content = whole + ending.replace(b"{rows}", b"%d" % rows)
    plan.receive("probation", "PROBATION_REFERRALS_20261028.csv", content)
    plan.load()
    counted = 0 if reason else rows
    assert plan.files("reason, rows_loaded") == [(reason, counted)]
    assert plan.count("facts.referrals") == counted


def test_a_list_with_a_trailer_is_not_taken_for_empty_before_it_is_written(plan: Any) -> None:
    with_source(plan, "probation", trailer="END")
    plan.receive("probation", "PROBATION_REFERRALS_20261028.csv", b"")
    plan.load()
    assert of_the_last_file(plan) == ("HELD", "F04", 0)


@pytest.mark.parametrize(
    ("source", "beginning"), [("dhcs", "DHCS834-DA-20261028"), ("prison", "ASHGROVE_ECM_REFERRALS")]
)
def test_half_an_834_or_workbook_is_held_and_the_whole_one_is_loaded(
    source: str, beginning: str, plan: Any, sent: Sent
) -> None:
    whole = sent(beginning)
    name = f"{beginning.removesuffix('-20261028')}-20261028-SHP-010-001"
    plan.receive(source, name, whole[: len(whole) // 2])
    plan.load()
    assert of_the_last_file(plan)[0] == "HELD"
    plan.receive(source, name, whole)
    plan.load()
    status, _, loaded = of_the_last_file(plan)
    assert status.startswith("ACCEPTED")
    assert loaded > 0
