"""A held file leaves nothing in the facts, but tells what was wrong with its rows."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from typing import Any

import pytest

from sample_data import canaries

Sent = Callable[[str], bytes]
FULL = "DHCS834-MO-20261001-SHP-010-001.dat"
DAILY = "DHCS834-DA-20261028-SHP-010-001.dat"
LIST = "PROBATION_REFERRALS_20261028.csv"


def scrubbed(content: bytes) -> bytes:
    """Put words where CINs were, as a careless test extract has them."""
    parts = content.split(b"REF*1L*")
    return parts[0] + b"".join(b"REF*1L*MEMBER" + part[part.index(b"~") :] for part in parts[1:])


def many_bad_rows(content: bytes) -> bytes:
    heading, row, *_ = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    place = heading.index("CIN Number")
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heading, *([f"ROW-{n}", *row[1:place], "1234", *row[place + 1 :]] for n in range(30))])
    return text.getvalue().encode()


def test_an_834_whose_cins_are_words_is_held_and_says_so_row_by_row(plan: Any, sent: Sent) -> None:
    content = scrubbed(sent("DHCS834-MO"))
    plan.receive("dhcs", FULL, content)
    plan.load()
    members = content.count(b"~INS*")
    assert plan.files() == [("HELD", "F13", members, 0, members, 0)]
    assert plan.count("facts.enrollment_members") == 0
    assert plan.warehouse.rows(
        """SELECT code, severity, count(DISTINCT row), bool_and(line > 0), bool_and(starts_with(original, 'INS'))
           FROM quarantine.rows WHERE code IN ('R02', 'F13') GROUP BY ALL ORDER BY code"""
    ) == [("F13", "HOLD", 1, None, None), ("R02", "REJECT", members, True, True)]


def test_a_list_with_mostly_bad_rows_is_held_and_says_so_row_by_row(plan: Any, sent: Sent) -> None:
    plan.receive("probation", LIST, many_bad_rows(sent("PROBATION")))
    plan.load()
    assert plan.files() == [("HELD", "F14", 30, 0, 30, 0)]
    assert plan.count("facts.referrals") == 0
    found = plan.warehouse.rows("SELECT count(DISTINCT row), count(original) > 29 FROM quarantine.rows WHERE row >= 0")
    assert found == [(30, True)]


def test_what_is_kept_of_a_held_file_has_a_bound(plan: Any, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("enrollment", "tabular"):
        monkeypatch.setattr(f"pipelines.load.{module}.MOST_KEPT", 7)
    plan.receive("dhcs", FULL, scrubbed(sent("DHCS834-MO")))
    plan.receive("probation", LIST, many_bad_rows(sent("PROBATION")))
    plan.load()
    assert plan.warehouse.rows(
        "SELECT count(*) FROM quarantine.rows WHERE row >= 0 GROUP BY file_id"
    ) == [(7,), (7,)]  # fmt: skip


def test_loading_a_file_again_after_its_release_doubles_no_finding(plan: Any, sent: Sent) -> None:
    plan.receive("dhcs", FULL, scrubbed(sent("DHCS834-MO")))
    plan.load()
    before = plan.count("quarantine.rows")
    plan.warehouse.run("UPDATE ledger.files SET status = 'LANDED'")
    plan.load()
    assert plan.count("quarantine.rows") == before


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [(b"~SE*", b"~SE*1"), (b"~GE*1*", b"~GE*2*"), (b"~IEA*1*", b"~IEA*3*"), (b"QTY*TO*", b"QTY*TO*1")],
)
def test_totals_that_disagree_hold_an_834(plan: Any, sent: Sent, wrong: bytes, instead: bytes) -> None:
    content = sent("DHCS834-DA-20261028")
    assert content.count(wrong) == 1
    plan.receive("dhcs", DAILY, content.replace(wrong, instead))
    plan.load()
    assert [(status, reason) for status, reason, *_ in plan.files()] == [("HELD", "F04")]
    assert plan.count("facts.enrollment_members") == 0


def test_an_834_cut_anywhere_is_held_and_leaves_no_fact(plan: Any, sample: Any, sent: Sent) -> None:
    content = sent("DHCS834-DA-20261028").rstrip()
    for end in range(0, len(content) - 1, len(content) // 40):
        plan.receive("dhcs", f"DHCS834-DA-20261028-SHP-010-{end:05d}.dat", content[:end])
    plan.load()
    assert {status for status, *_ in plan.files()} == {"HELD"}
    assert {reason for (reason,) in plan.files("reason")} <= {"F01", "F02", "F04"}
    assert plan.count("facts.enrollment_members") == 0
    details = " ".join(detail for (detail,) in plan.files("detail"))
    assert not any(canary in details for canary in canaries(sample))


def test_an_834_with_flipped_bits_never_stops_the_others(plan: Any, sample: Any, sent: Sent) -> None:
    content, dice = sent("DHCS834-DA-20261028"), random.Random(834)  # noqa: S311 - a seed to repeat a failure by
    for number in range(12):
        damaged = bytearray(content)
        for _ in range(3):
            damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        plan.receive("dhcs", f"DHCS834-DA-20261028-SHP-010-{number:03d}.dat", bytes(damaged))
    plan.load()
    for status, _, rows_in, loaded, rejected, duplicate in plan.files():
        assert status.startswith(("HELD", "ACCEPTED"))
        assert rows_in == loaded + rejected + duplicate
    details = " ".join(detail for (detail,) in plan.files("detail"))
    assert not any(canary in details for canary in canaries(sample))
