"""A person lets a held file through: it is loaded as if that one check were not there, and every other one stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import ExchangeConfig
from pipelines.releases import ReleaseRefused, apply_file_releases, release

Sent = Callable[[str], bytes]
FULL, NEXT_FULL = "DHCS834-MO-20261001-SHP-010-001.dat", "DHCS834-MO-20261002-SHP-010-001.dat"
DAILY = "DHCS834-DA-20261028-SHP-010-001.dat"
ON, LATER = date(2026, 10, 28), date(2026, 10, 29)


def let_through(plan: Any, on: date = LATER, *, name: str = "") -> str:
    """Release the held file, let it wait, and load; returns what held it."""
    ((held,),) = plan.warehouse.rows(
        "SELECT file_id FROM ledger.files WHERE status = 'HELD' AND ($name = '' OR name = $name)", {"name": name}
    )
    released = release(plan.warehouse, held, on=on, reason="confirmed by its sender", released_by="operator")
    apply_file_releases(plan.warehouse, plan.config.sources)
    plan.load()
    return str(released.code)


def without_threshold(config: ExchangeConfig) -> ExchangeConfig:
    lax = {"max_full_shrink": 1.0, "cin_slot_min_share": 0.01, "max_rejected_share": 1.0, "stale_after_days": 10_000}
    return config.model_copy(update={"safety": config.safety.model_copy(update=lax)})


def everything(plan: Any) -> dict[str, list[Any]]:
    """All facts of files, and what the ledger and the quarantine say of them, but for that one was released."""
    tables = plan.warehouse.rows(
        """SELECT schema_name || '.' || table_name FROM duckdb_tables()
           WHERE schema_name IN ('facts', 'ledger', 'quarantine') ORDER BY ALL"""
    )
    told = ("facts.releases", "ledger.audit")
    leave_out = {"ledger.files": "* EXCLUDE (releases)"}
    return {
        name: plan.warehouse.rows(f"SELECT {leave_out.get(name, '*')} FROM {name} ORDER BY ALL")  # noqa: S608
        for (name,) in tables
        if name not in told
    }


def shrunk(sent: Sent) -> bytes:
    """The next full file, of which all but a few members are gone: the daily one under the name of a full one."""
    return sent("DHCS834-DA-20261028")


def damaged(sent: Sent) -> bytes:
    """A full file in which most CIN slots hold other numbers."""
    content = sent("DHCS834-MO")
    return content.replace(b"REF*1L*9", b"REF*1L*M", content.count(b"REF*1L*9") * 2 // 3)


FILES = {"F12": (NEXT_FULL, shrunk), "F13": (FULL, damaged), "F08": ("DHCS834-DA-20260101-SHP-010-001.dat", shrunk)}


def receive(plan: Any, sent: Sent, code: str) -> None:
    name, content = FILES[code]
    if code == "F12":
        plan.receive("dhcs", FULL, sent("DHCS834-MO"))
        plan.load()
    plan.receive("dhcs", name, content(sent))
    plan.load()


@pytest.mark.parametrize("code", FILES)
def test_a_released_file_ends_where_it_would_have_ended_without_the_check(
    make_plan: Callable[[], Any], sent: Sent, code: str
) -> None:
    held, free = make_plan(), make_plan()
    free.config = without_threshold(free.config)
    receive(free, sent, code)
    assert [status for (status,) in free.files("status") if status == "HELD"] == []

    receive(held, sent, code)
    assert let_through(held) == code
    if code == "F13":  # the rejects are still too many
        assert let_through(held) == "F14"
    assert everything(held) == everything(free)


def test_a_release_waives_the_one_check_and_no_other(plan: Any, sent: Sent) -> None:
    plan.receive("dhcs", FULL, damaged(sent))
    plan.load()
    assert let_through(plan) == "F13"
    assert plan.files("status, reason") == [("HELD", "F14")]
    assert apply_file_releases(plan.warehouse, plan.config.sources) == 0, (
        "what was released once is not tried again every night"
    )


def test_another_content_under_a_name_that_was_used_can_be_let_through(plan: Any, sent: Sent) -> None:
    plan.receive("dhcs", DAILY, sent("DHCS834-DA-20261028"))
    plan.load()
    assert plan.receive("dhcs", DAILY, sent("DHCS834-DA-20261029")) == "HELD"
    assert let_through(plan) == "F06"
    assert [status for (status,) in plan.files("status")] == ["ACCEPTED", "ACCEPTED"]


def test_a_list_with_many_rejected_rows_is_loaded_but_for_those_rows(plan: Any, sent: Sent) -> None:
    head, *rows = sent("PROBATION").splitlines(keepends=True)
    row = rows[0]
    plan.receive(
        "probation", "PROBATION_REFERRALS_20261028.csv", head + b"".join([row.replace(b"ADD", b"NOPE")] * 30) + row
    )
    plan.load()
    assert plan.files("status, reason") == [("HELD", "F14")]
    assert let_through(plan) == "F14"
    assert plan.files("status, rows_in, rows_loaded, rows_rejected") == [("ACCEPTED_WITH_ERRORS", 31, 1, 30)]


def test_the_same_content_released_twice_is_loaded_once(plan: Any, sent: Sent) -> None:
    plan.receive("dhcs", FULL, sent("DHCS834-MO"))
    plan.load()
    for name in (NEXT_FULL, NEXT_FULL.replace("002", "003")):
        plan.receive("dhcs", name, shrunk(sent))
        plan.load()
    held = [file_id for (file_id,) in plan.warehouse.rows("SELECT file_id FROM ledger.files WHERE status = 'HELD'")]
    for file_id in held:
        release(plan.warehouse, file_id, on=LATER, reason="confirmed", released_by="operator")
    assert apply_file_releases(plan.warehouse, plan.config.sources) == 2
    plan.load()
    assert [entry[:2] for entry in plan.files("status, reason")] == [
        ("ACCEPTED", ""),
        ("ACCEPTED", ""),
        ("DUPLICATE", "F07"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        (FULL, b"no 834", "F01"),
        (FULL, b"", "F01"),
        ("PROBATION_REFERRALS_20261028.csv", b"PK\x03\x04 no workbook", "F01"),
    ],
)
def test_what_cannot_be_loaded_is_never_released(plan: Any, name: str, content: bytes, code: str) -> None:
    plan.receive("dhcs" if name == FULL else "probation", name, content)
    plan.load()
    assert plan.files("reason") == [(code,)]
    with pytest.raises(ReleaseRefused, match="never released"):
        let_through(plan)


def test_a_file_whose_control_totals_disagree_is_never_released(plan: Any, sent: Sent) -> None:
    plan.receive("dhcs", DAILY, sent("DHCS834-DA-20261028").replace(b"~SE*", b"~SE*9"))
    plan.load()
    assert plan.files("reason") == [("F04",)]
    with pytest.raises(ReleaseRefused, match="never released"):
        let_through(plan)


def test_a_file_of_a_day_to_come_waits_for_that_day(plan: Any, sent: Sent) -> None:
    plan.receive("dhcs", "DHCS834-DA-20261102-SHP-010-001.dat", sent("DHCS834-DA-20261028"))
    with pytest.raises(ReleaseRefused, match="has not come"):
        let_through(plan, ON)
    assert let_through(plan, date(2026, 11, 2)) == "F08"
    assert plan.files("status") == [("ACCEPTED",)]


REFERRALS = (
    "Referral ID,Record Action,Intake Date,Referral Source Type,CIN,Last Name,First Name,DOB,Justice Involved\r\n"
    "R-1,ADD,10/27/2026,PROBATION_PAROLE,90000001B,Sample,Ada,01/31/1990,Y\r\n"
)
OTHERWISE = REFERRALS.replace("Referral ID", "Case").replace("Record Action", "What").replace("Last Name", "Who")
OWN = """extends = "mini_mif"
columns.referral_received_date.headings = ["Intake Date"]
columns.referral_id.headings = ["Case"]
columns.record_action.headings = ["What"]
columns.last_name.headings = ["Who"]
"""


def in_own_layout(config: ExchangeConfig, layout: Path) -> ExchangeConfig:
    layout.write_text(OWN, encoding="utf-8")
    sources = [
        source.model_copy(update={"layout": str(layout)}) if source.name == "probation" else source
        for source in config.sources
    ]
    return config.model_copy(update={"sources": tuple(sources)})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(REFERRALS, "F14", id="one required column is called otherwise, and each row is rejected"),
        pytest.param(OTHERWISE, "F02", id="most are called otherwise"),
        pytest.param("Number;Doing\r\n1;2\r\n", "F03", id="nothing is called as in the layout"),
    ],
)
def test_a_list_that_its_layout_does_not_fit_is_held_and_read_again_by_the_one_that_was_mended(
    plan: Any, tmp_path: Path, content: str, code: str
) -> None:
    plan.receive("probation", "PROBATION_REFERRALS_20261028.csv", content.encode())
    plan.load()
    assert plan.files("status, reason, rows_loaded") == [("HELD", code, 0)]
    plan.config = in_own_layout(plan.config, tmp_path / "probation.toml")
    assert let_through(plan) == code
    received = plan.warehouse.value("SELECT referral_received_date FROM facts.referrals")
    is_one = content.startswith(("Referral ID", "Case"))
    assert (plan.files("status, rows_loaded"), received) == (
        ([("ACCEPTED", 1)], date(2026, 10, 27)) if is_one else ([("HELD", 0)], None)
    )


def test_what_is_held_for_a_missing_column_says_which(plan: Any) -> None:
    plan.receive("probation", "PROBATION_REFERRALS_20261028.csv", REFERRALS.encode())
    plan.load()
    assert "there is no column referral_received_date" in plan.files("detail")[0][0]


@pytest.mark.parametrize(("content", "code"), [(REFERRALS, "F14"), (OTHERWISE, "F02")])
def test_a_list_that_was_released_before_its_layout_was_mended_is_held_again_and_can_be_released_again(
    plan: Any, tmp_path: Path, content: str, code: str
) -> None:
    plan.receive("probation", "PROBATION_REFERRALS_20261028.csv", content.encode())
    plan.load()
    assert let_through(plan) == code
    assert plan.files("status, reason, rows_loaded") == [("HELD", code, 0)]
    plan.config = in_own_layout(plan.config, tmp_path / "probation.toml")
    assert let_through(plan) == code
    assert plan.files("status, reason, rows_loaded") == [("ACCEPTED", "", 1)]
