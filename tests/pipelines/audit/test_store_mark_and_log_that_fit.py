"""Which of store, mark and log is further, or another's: what is let through, and under which code it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipelines.audit.chain import Entry, beginning_of, bind
from pipelines.audit.fits import Standing, judge, unfit
from pipelines.audit.mark import Mark

ENTRIES = [Entry(number, "2026-11-03", "RECEIVED", f"file {number}", "") for number in (1, 2, 3)]
BEGINNING = beginning_of("this")
FIRST = bind(ENTRIES[0], None, BEGINNING)
SECOND = bind(ENTRIES[1], None, FIRST.hash)
THIRD = bind(ENTRIES[2], None, SECOND.hash)

AS_LEFT: dict[str, Any] = {
    "mark": Mark("this", 4, 2, SECOND.hash),
    "store": Standing("this", 4, 2),
    "tail": SECOND,
    "same": ENTRIES[1],
    "at_mark": SECOND.hash,
}


def judged(**other: Any) -> str:
    return judge(**(AS_LEFT | other))


def test_what_was_left_here_fits() -> None:
    assert judged() == ""


@pytest.mark.parametrize(
    "further",
    [
        {"store": Standing("this", 5, 2)},  # opened, killed before the mark
        {"store": Standing("this", 5, 3)},  # committed, killed before the log
        {"store": Standing("this", 5, 3), "tail": THIRD, "same": ENTRIES[2]},  # recorded, killed before the mark
    ],
)
def test_a_store_or_a_log_beyond_the_mark_was_only_killed(further: dict[str, Any]) -> None:
    assert judged(**further) == ""


@pytest.mark.parametrize(
    "nothing",
    [
        {"mark": None, "store": None, "tail": None, "same": None, "at_mark": ""},  # a new home
        {"mark": Mark("this", 1, 0, BEGINNING), "store": Standing("this", 1, 0), "tail": None, "same": None,
         "at_mark": BEGINNING},  # one in which nothing was decided yet
        {"mark": Mark("this", 0, 0, BEGINNING), "store": None, "tail": None, "same": None,
         "at_mark": BEGINNING},  # a new one, killed before it had its name
        {"mark": Mark("this", 0, 0, BEGINNING), "store": Standing("this", 1, 0), "tail": None, "same": None,
         "at_mark": BEGINNING},  # a new one, killed before its first opening was marked
    ],
)  # fmt: skip
def test_a_home_without_entries_fits(nothing: dict[str, Any]) -> None:
    assert judged(**nothing) == ""


@pytest.mark.parametrize(
    ("code", "otherwise"),
    [
        ("D11", {"mark": None, "store": None}),
        ("D11", {"mark": Mark("this", 0, 0, BEGINNING), "store": None}),
        ("D12", {"store": None}),
        ("D12", {"store": Standing("this", 3, 2)}),
        ("D12", {"store": Standing("this", 4, 1)}),
        ("D12", {"tail": THIRD}),
        ("D13", {"mark": None}),
        ("D15", {"mark": Mark("that", 4, 2, SECOND.hash)}),
        ("D15", {"store": Standing("that", 9, 9)}),
        ("D16", {"tail": None, "at_mark": ""}),
        ("D16", {"tail": FIRST, "same": ENTRIES[0], "at_mark": ""}),
        ("D16", {"at_mark": THIRD.hash}),
        ("D16", {"same": replace(ENTRIES[1], detail="something else")}),
    ],
)
def test_what_is_behind_or_another_s_is_refused(code: str, otherwise: dict[str, Any]) -> None:
    assert judged(**otherwise) == code
    assert unfit(code).remedy
