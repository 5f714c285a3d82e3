"""A member that breaks the 834 guide is quarantined with place and code; its neighbours are loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Sent = Callable[[str], bytes]
NAME = "DHCS834-MO-20261001-SHP-010-001.dat"


def told(plan: Any) -> list[Any]:
    rows: list[Any] = plan.warehouse.rows(
        "SELECT row, column_name, code, severity, original IS NULL FROM quarantine.rows ORDER BY ALL"
    )
    return rows


def in_the_first_member(content: bytes, old: bytes, new: bytes) -> bytes:
    changed = content.replace(old, new, 1)
    assert changed != content
    return changed


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"*LD*", b"*QQ*", "2100A LUI01 ELE:7"),
        (b"~LUI*", b"~QUI*", "2100A  SEG:1"),
        (b"~REF*0F*", b"~REF*1L*9~REF*0F*", "2000 REF SEG:5"),
    ],
)
def test_a_fault_in_one_member_quarantines_that_member_alone(
    plan: Any, sent: Sent, old: bytes, new: bytes, place: str
) -> None:
    plan.receive("dhcs", NAME, _recounted(in_the_first_member(sent("DHCS834-MO"), old, new)))
    plan.load()
    ((status, reason, rows_in, loaded, rejected, _),) = plan.files()
    assert (status, reason, rejected) == ("ACCEPTED_WITH_ERRORS", "", 1)
    assert rows_in == loaded + rejected
    assert (1, place, "R18", "REJECT", False) in told(plan)
    assert {row for row, *_ in told(plan)} == {1}


def test_a_source_may_have_such_members_loaded_with_a_warning(plan: Any, sent: Sent) -> None:
    sources = [source.model_copy(update={"nonconforming": "load"}) for source in plan.config.sources]
    plan.config = plan.config.model_copy(update={"sources": tuple(sources)})
    plan.receive("dhcs", NAME, in_the_first_member(sent("DHCS834-MO"), b"*LD*", b"*QQ*"))
    plan.load()
    ((status, _, rows_in, loaded, _, _),) = plan.files()
    assert (status, loaded) == ("ACCEPTED", rows_in)
    assert told(plan) == [(1, "2100A LUI01 ELE:7", "W09", "WARN", True)]


def test_a_name_with_an_accent_does_not_cost_a_member_its_care(plan: Any, sent: Sent) -> None:
    content = in_the_first_member(sent("DHCS834-MO"), b"~NM1*IL*1*", "~NM1*IL*1*Ñ".encode())
    plan.receive("dhcs", NAME, content)
    plan.load()
    ((status, _, rows_in, loaded, _, _),) = plan.files()
    assert (status, loaded) == ("ACCEPTED", rows_in)
    assert told(plan) == [(1, "2100A NM103 ELE:6", "W09", "WARN", True)]


def test_deviations_of_the_header_are_kept_and_hold_nothing_up(plan: Any, sent: Sent) -> None:
    plan.receive("dhcs", NAME, in_the_first_member(sent("DHCS834-MO"), b"~N1*P5*", b"~N1*P5**"))
    plan.load()
    assert plan.files("status, rows_rejected") == [("ACCEPTED", 0)]
    kept = plan.warehouse.rows("SELECT DISTINCT segment_id, loop FROM quarantine.deviations")
    assert kept == [("N1", "1000A")]


def _recounted(content: bytes) -> bytes:
    """Correct SE01 after a segment was added."""
    head, se, tail = content.rpartition(b"~SE*")
    count = content[content.index(b"~ST*") + 1 : len(head) + 1].count(b"~") + 1
    _, star, rest = tail.partition(b"*")
    return head + se + str(count).encode() + star + rest
