"""What a provider returns becomes facts where it speaks of the provider's own members; of others nothing is kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pipelines.checks import run_checks
from pipelines.config import Source
from pipelines.intake import ledger
from pipelines.load.returns import RETURNS, load_return
from pipelines.responses import prepare_responses
from sample_data.providers import npi_of

ON = date(2026, 10, 28)
OURS, OTHER = npi_of("fresno_bridge"), npi_of("fresno_youth")
MINE, ENDED, LONG_GONE, THEIRS, NOBODY = (f"9111111{n}B" for n in range(1, 6))
MERGED = "91111116B"

RTF = (
    "rtf_production_date,rtf_reporting_period,mcp_identifier,mcp_name,ecm_provider_npi,ecm_provider_name,cin,last_name,"
    "first_name,ecm_status"
)
OTF = "ecm_provider_npi,cin,attempt_date,attempt_method,attempt_successful,contact_outcome"


def rtf(cin: str, npi: str = OURS, status: str = "Enrolled") -> str:
    return f"2026-10-28,2026-10,SHP,Sample Health Plan,{npi},Bridgelight,{cin},Zorvath{cin[-2:]},Ardith,{status}"


def attempt(cin: str, on: str = "2026-10-20", npi: str = OURS, outcome: str = "spoke") -> str:
    return f"{npi},{cin},{on},PHONE,Y,{outcome}"


def written(heading: str, *rows: str) -> bytes:
    return "".join(f"{line}\n" for line in (heading, *rows)).encode()


@pytest.fixture
def ours(plan: Any) -> Any:
    """A plan that assigned members to two providers, and reads what the first returns."""
    server = plan.config.sources[0].model_dump(include={"host", "port", "username", "key_file", "known_hosts"})
    more = [
        Source(
            name=f"{kind}_{OURS}",
            kind=kind,
            layout=kind,
            folder="/",
            pattern="*",
            responses="/r",
            provider=OURS,
            **server,
        )
        for kind in RETURNS
    ]
    plan.config = plan.config.model_copy(update={"sources": (*plan.config.sources, *more)})
    for number, (cin, npi, ended) in enumerate(
        [(MINE, OURS, None), (ENDED, OURS, 92), (LONG_GONE, OURS, 93), (THEIRS, OTHER, None)], start=1
    ):
        for action, on in (("ASSIGN", ON - timedelta(days=200)), ("END", ended and ON - timedelta(days=ended))):
            if on:
                plan.warehouse.run(
                    """INSERT INTO facts.assignment_decisions BY NAME
                       SELECT $decision AS decision, $on AS decided_on, $action AS action, $id AS assignment_id,
                              $cin AS cin, $npi AS npi, 'RULE' AS method, false AS late_add, '' AS reason""",
                    {"decision": number, "on": on, "action": action, "id": f"A{number}", "cin": cin, "npi": npi},
                )
    plan.warehouse.run(
        """INSERT INTO exchange.cin_aliases BY NAME
           SELECT $alias AS alias, $cin AS cin, $on AS since, 'LIAISON' AS source""",
        {"alias": MERGED, "cin": MINE, "on": ON},
    )
    return plan


def load(plan: Any) -> None:
    for file in ledger.waiting(plan.warehouse, *RETURNS):
        load_return(plan.warehouse, plan.config, file)


def told(plan: Any) -> list[tuple[Any, ...]]:
    return list(plan.warehouse.rows("SELECT row, column_name, code, original FROM quarantine.rows ORDER BY ALL"))


def test_rows_on_the_providers_own_members_become_facts(ours: Any) -> None:
    ours.receive(f"rtf_{OURS}", f"PRTF_{OURS}_102026_10282026.csv", written(RTF, rtf(MINE), rtf(ENDED)))
    ours.receive(f"otf_{OURS}", "OTF_20261028.csv", written(OTF, attempt(MINE), attempt(MINE, "2026-10-21")))
    load(ours)
    assert ours.files() == [("ACCEPTED", "", 2, 2, 0, 0), ("ACCEPTED", "", 2, 2, 0, 0)]
    assert ours.warehouse.rows(
        "SELECT reporting_npi, file_date, cin, row_no, ecm_status FROM facts.return_transmissions ORDER BY row_no"
    ) == [(OURS, ON, MINE, 1, "Enrolled"), (OURS, ON, ENDED, 2, "Enrolled")]
    assert ours.warehouse.rows(
        "SELECT reporting_npi, cin, attempt_date FROM facts.outreach_attempts ORDER BY row_no"
    ) == [(OURS, MINE, date(2026, 10, 20)), (OURS, MINE, date(2026, 10, 21))]


@pytest.mark.parametrize("cin", [LONG_GONE, THEIRS, NOBODY])
def test_of_a_member_who_is_not_the_providers_nothing_is_kept(ours: Any, cin: str) -> None:
    """Neither in the facts nor as text in quarantine, whatever else is wrong with the row."""
    ours.receive(f"rtf_{OURS}", "rtf_1.csv", written(RTF, rtf(cin, status=""), rtf(MINE)))
    ours.receive(f"otf_{OURS}", "otf_1.csv", written(OTF, attempt(cin, outcome=""), attempt(MINE)))
    load(ours)
    assert ours.files() == [("ACCEPTED_WITH_ERRORS", "", 2, 1, 1, 0)] * 2
    assert told(ours) == [(1, "cin", "R19", None)] * 2
    for table in RETURNS.values():
        assert ours.warehouse.rows(f"SELECT cin FROM {table}") == [(MINE,)]  # noqa: S608 - from code


def test_of_a_broken_row_that_comes_back_as_it_was_and_is_read_as_a_strangers_no_text_is_kept(ours: Any) -> None:
    name = "rtf_20261028"
    ours.receive(
        f"rtf_{OURS}", f"{name}.csv", written(RTF, rtf(MINE), rtf(THEIRS).rpartition(",")[0], f"{rtf(MINE)},x")
    )
    load(ours)
    prepare_responses(ours.warehouse, ours.config, ON)
    (answer,) = (ours.config.home / "outbox").rglob(f"{name}.response.csv")
    ours.receive(f"rtf_{OURS}", answer.name, answer.read_bytes())
    load(ours)
    assert [(row, code, original is None) for row, _, code, original in told(ours)] == [
        (2, "R15", False), (2, "R15", True), (2, "R19", True), (3, "R15", False), (3, "R15", False)
    ]  # fmt: skip


def test_a_row_that_names_another_provider_is_refused_though_the_member_is_the_providers(ours: Any) -> None:
    ours.receive(f"rtf_{OURS}", "rtf_1.csv", written(RTF, rtf(MINE, npi=OTHER)))
    load(ours)
    assert told(ours) == [(1, "ecm_provider_npi", "R19", None)]
    assert ours.count("facts.return_transmissions") == 0


@pytest.mark.parametrize("cin", [f"{MINE}3", MERGED, f" {MINE.lower()} "])
def test_a_member_is_known_by_any_way_of_writing_and_by_an_earlier_cin(ours: Any, cin: str) -> None:
    ours.receive(f"rtf_{OURS}", "rtf_1.csv", written(RTF, rtf(cin)))
    load(ours)
    assert ours.files() == [("ACCEPTED", "", 1, 1, 0, 0)]


def test_a_file_that_is_dated_ahead_tells_of_no_day_beyond_that(ours: Any) -> None:
    ours.receive(
        f"otf_{OURS}", "OTF_20261029.csv", written(OTF, attempt(MINE, "2026-10-29"), attempt(MINE, "2026-10-30"))
    )
    load(ours)
    assert [(row, code) for row, _, code, _ in told(ours)] == [(2, "R11")]


def test_a_row_without_a_cin_is_rejected_with_its_text_for_nobody_can_say_whose_it_is(ours: Any) -> None:
    ours.receive(f"rtf_{OURS}", "rtf_1.csv", written(RTF, rtf(""), rtf("91111")))
    load(ours)
    assert [(row, code, original is None) for row, _, code, original in told(ours)] == [
        (1, "R01", False), (2, "R02", False)
    ]  # fmt: skip


def test_a_file_mostly_on_others_members_is_held_and_nothing_of_it_is_kept(ours: Any) -> None:
    strangers = [rtf(f"922222{n:02d}B") for n in range(30)]
    ours.receive(f"rtf_{OURS}", "rtf_1.csv", written(RTF, rtf(MINE), *strangers))
    load(ours)
    assert ours.files() == [("HELD", "F14", 31, 0, 31, 0)]
    assert ours.warehouse.value("SELECT count(original) FROM quarantine.rows") == 0
    assert prepare_responses(ours.warehouse, ours.config, ON) == 1
    (answer,) = (
        path for path in (ours.config.home / "outbox").rglob("*") if path.is_file() and b"R19" in path.read_bytes()
    )
    assert answer.read_bytes().count(b"R19") == len(strangers)


def test_a_file_belongs_to_the_provider_in_whose_account_it_lay_whatever_its_name_says(ours: Any) -> None:
    ours.receive(f"rtf_{OURS}", f"PRTF_{OTHER}_102026_10282026.csv", written(RTF, rtf(MINE), rtf(THEIRS)))
    ours.config = ours.config.model_copy(update={"sources": ours.config.sources[:1]})
    load(ours)
    assert ours.warehouse.rows("SELECT reporting_npi, cin FROM facts.return_transmissions") == [(OURS, MINE)]
    assert not any(result.violations for result in run_checks(ours.warehouse, ON, after="load_returns"))


def test_the_checks_find_a_row_too_few_and_one_of_another_provider(ours: Any) -> None:
    ours.receive(f"rtf_{OURS}", "rtf_1.csv", written(RTF, rtf(MINE), rtf(ENDED)))
    load(ours)
    ours.warehouse.run("UPDATE facts.return_transmissions SET reporting_npi = $npi", {"npi": OTHER})
    ours.warehouse.run("DELETE FROM facts.return_transmissions WHERE row_no = 2")
    found = {each.check.name: each.violations for each in run_checks(ours.warehouse, ON, after="load_returns")}
    assert found["every_returned_row_is_in_the_facts"] == 1
    assert found["every_return_is_of_the_reporting_provider"] == 1


MERGED_ROWS = RTF + ",Outreach Attmept Date,Outreach Attmept Method,Outreach Succesful (Y/N),Outreach Outcome"


def test_a_merged_row_feeds_both_tables_and_three_attempts_are_three_rows(ours: Any) -> None:
    """A repeated attempt counts once; a member without any attempt has a row all the same."""
    called, wrote, met = ("2026-10-20,PHONE,N,", "2026-10-21,MAIL,N,", "2026-10-21,Home Visit,Y,spoke")
    rows = [f"{rtf(MINE)},{each}" for each in (called, wrote, met, called)]
    with_layout(ours, "rtf", "rtf_merged")
    ours.receive(f"rtf_{OURS}", "rtf_1.csv", written(MERGED_ROWS, *rows, f"{rtf(ENDED)},,,,"))
    load(ours)
    assert ours.files() == [("ACCEPTED", "", 5, 4, 0, 1)]
    assert ours.warehouse.rows("SELECT row_no, cin, ecm_status FROM facts.return_transmissions ORDER BY row_no") == [
        (1, MINE, "Enrolled"), (2, MINE, "Enrolled"), (3, MINE, "Enrolled"), (5, ENDED, "Enrolled")
    ]  # fmt: skip
    assert ours.warehouse.rows(
        "SELECT row_no, cin, attempt_date, attempt_method, reporting_npi FROM facts.outreach_attempts ORDER BY row_no"
    ) == [
        (1, MINE, date(2026, 10, 20), "PHONE", OURS), (2, MINE, date(2026, 10, 21), "MAIL", OURS),
        (3, MINE, date(2026, 10, 21), "IN_PERSON", OURS),
    ]  # fmt: skip
    assert not any(each.violations for each in run_checks(ours.warehouse, ON, after="load_returns"))


def test_of_a_workbook_each_sheet_goes_to_its_table_and_every_row_is_accounted_for(ours: Any, tmp_path: Path) -> None:
    with_layout(ours, "rtf", "rtf_tabs")
    members = ["NPI,CIN,Last Name,First Name,ECM Status", *(f"{OURS},{c},A,B,Enrolled" for c in (MINE, THEIRS, ENDED))]
    attempts = ["CIN,Date,How,Reached?,Outcome", *(f"{MINE},2026-10-2{n},PHONE,N," for n in (1, 1, 2)),
                f"{THEIRS},2026-10-21,PHONE,N,", f"{ENDED},soon,PHONE,N,"]  # fmt: skip
    ours.receive(f"rtf_{OURS}", "rtf_1.xlsx", workbook(tmp_path / "book", {"RTF": members, "OTF": attempts}))
    load(ours)
    assert ours.files() == [("ACCEPTED_WITH_ERRORS", "", 8, 4, 3, 1)]
    assert ours.warehouse.rows("SELECT row_no, line_no FROM facts.return_transmissions ORDER BY 1") == [(1, 2), (3, 4)]
    assert ours.warehouse.rows("SELECT row_no, line_no FROM facts.outreach_attempts ORDER BY 1") == [(4, 2), (6, 4)]
    assert [(row, code, kept is None) for row, _, code, kept in told(ours)] == [
        (2, "R19", True), (5, "R09", False), (7, "R19", True), (8, "R11", False)
    ]  # fmt: skip
    assert not any(each.violations for each in run_checks(ours.warehouse, ON, after="load_returns"))


def with_layout(plan: Any, kind: str, layout: str) -> None:
    sources = tuple(
        source.model_copy(update={"layout": layout}) if source.name == f"{kind}_{OURS}" else source
        for source in plan.config.sources
    )
    plan.config = plan.config.model_copy(update={"sources": sources})


def workbook(path: Path, sheets: dict[str, list[str]]) -> bytes:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line.split(","))
    return path.read_bytes()
