"""The thresholds of [safety]: beyond them a file is held whole, up to them it is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.config import ExchangeConfig
from pipelines.enrollment import apply_enrollment

Sent = Callable[[str], bytes]
FULL, NEXT_FULL = "DHCS834-MO-20261001-SHP-010-001.dat", "DHCS834-MO-20261002-SHP-010-001.dat"
LATER = date(2026, 10, 29)


def with_safety(config: ExchangeConfig, **thresholds: float) -> ExchangeConfig:
    return config.model_copy(update={"safety": config.safety.model_copy(update=thresholds)})


def renumbered(content: bytes) -> bytes:
    """Give the interchange a control number of its own, as the next file of a sender has."""
    number = content[90:99]
    other = f"{int(number) + 1:09d}".encode()
    return content.replace(number, other)


def spoiled(content: bytes, share: float, old: bytes, new: bytes) -> tuple[bytes, int, int]:
    """Replace the pattern `old` in the first members; returns how many are spoiled and how many there are."""
    head, *members = content.split(b"~INS*")
    bad = round(len(members) * share)
    changed = [re.sub(old, new, member) if place < bad else member for place, member in enumerate(members)]
    return b"~INS*".join([head, *changed]), bad, len(members)


def exchanged(content: bytes, share: float) -> tuple[bytes, int, int]:
    """Put other people in the places of the first members: CINs of a range that nobody else's come from."""
    assert b"REF*1L*9876" not in content
    return spoiled(content, share, rb"REF\*1L\*9\d{3}", rb"REF*1L*9876")


@pytest.mark.parametrize(("share", "status"), [(0.4, "ACCEPTED_WITH_ERRORS"), (0.6, "HELD")])
def test_an_834_in_which_too_few_cin_slots_hold_cins_is_held(plan: Any, sent: Sent, share: float, status: str) -> None:
    content, bad, members = spoiled(sent("DHCS834-MO"), share, rb"REF\*1L\*9", rb"REF*1L*M")
    plan.config = with_safety(plan.config, cin_slot_min_share=0.5, max_rejected_share=1.0)
    plan.receive("dhcs", FULL, content)
    plan.load()
    held = status == "HELD"
    assert plan.files("status, reason, rows_loaded") == [(status, "F13" if held else "", 0 if held else members - bad)]


@pytest.mark.parametrize(("share", "status"), [(0.2, "ACCEPTED_WITH_ERRORS"), (0.3, "HELD")])
def test_an_834_with_too_many_rejected_members_is_held(plan: Any, sent: Sent, share: float, status: str) -> None:
    content, bad, members = spoiled(sent("DHCS834-MO"), share, rb"~DMG\*D8\*", rb"~DMG*D8*9")
    plan.config = with_safety(plan.config, max_rejected_share=0.25)
    plan.receive("dhcs", FULL, content)
    plan.load()
    held = status == "HELD"
    assert plan.files("status, reason, rows_loaded") == [(status, "F14" if held else "", 0 if held else members - bad)]


def test_a_full_file_of_the_same_size_in_which_half_the_people_are_others_is_held(plan: Any, sent: Sent) -> None:
    plan.receive("dhcs", FULL, sent("DHCS834-MO"))
    plan.load()
    content, _, members = exchanged(renumbered(sent("DHCS834-MO")), 0.5)
    plan.receive("dhcs", NEXT_FULL, content, LATER)
    plan.load()
    assert plan.files("status, reason, rows_in")[1] == ("HELD", "F12", members)
    assert plan.files("detail")[1][0].endswith("members are missing).")
    assert plan.count("facts.enrollment_members") == members


def test_a_full_file_that_leaves_out_few_is_loaded_and_says_who(plan: Any, sent: Sent) -> None:
    plan.receive("dhcs", FULL, sent("DHCS834-MO"))
    plan.load()
    content, others, _ = exchanged(renumbered(sent("DHCS834-MO")), 0.1)
    plan.receive("dhcs", NEXT_FULL, content, LATER)
    plan.load()
    apply_enrollment(plan.warehouse, plan.config)
    assert [status for (status,) in plan.files("status")] == ["ACCEPTED", "ACCEPTED"]
    found = dict(plan.warehouse.rows("SELECT kind, count(*) FROM exchange.roster_differences GROUP BY kind"))
    assert 0 < found["MISSING"] <= others
    assert 0 < found["NEW"] <= others
