"""Two nights in which almost everything is wrong: each fault is told by its code, and everybody else gets theirs."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import typer
import xlsxwriter

from pipelines.cli.night import run
from pipelines.cli.status import status
from pipelines.config import ExchangeConfig
from pipelines.intake import ledger
from pipelines.nightly import STATIONS, Night
from pipelines.transfer.pull import LandedFile
from pipelines.warehouse import open_warehouse
from sample_data import canaries
from sample_data.enrollment_834 import enrollment_file
from sample_data.geography import address
from sample_data.identifiers import cin
from sample_data.people import Member, Month, Person, Statement
from sample_data.providers import npi_of
from sample_data.referrals import referral_file, referral_row
from sample_data.sources import COMMUNITY, PROBATION
from sample_data.story import Referral

WHOLE, CLOSED, LOCKED, NO_FOLDER = (npi_of(k) for k in ("fresno_all", "closed_doors", "kings_spanish", "kern_line"))
SOURCES = ("dhcs", "probation", "community", "prison", "delegate", "jail")
FIRST, SECOND = date(2026, 10, 28), date(2026, 10, 29)
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
CONTROL = count(500)
LATE_COMER = Person(
    90, cin(90), "Umbershade", "Nell", "", date(1988, 2, 29), "F", "ENG", "5595550190", address(90, "Fresno")
)  # fmt: skip
NOBODY = Person(91, cin(91), "Quibblefen", "Otto", "", date(1979, 5, 5), "M", "ENG", "5595550191", address(91, "Kings"))


def an_834(stem: str, on: date, *statuses: str, person: Person = LATE_COMER) -> bytes:
    """Write a daily file about one person, a month for each status."""
    months = tuple(Month(status) for status in statuses)
    return enrollment_file(stem, on, next(CONTROL), [Statement(Member(person, "M1", "", months), len(months))])


def a_list(*people: Person, **given: str) -> bytes:
    told = [referral_row(PROBATION, FIRST, n, who, Referral(1, "probation", released=3, given=given))
            for n, who in enumerate(people, start=50)]  # fmt: skip
    return referral_file(PROBATION, FIRST, told, None)


def a_workbook() -> bytes:
    """A prison's list with the habits that break readers: days counted from 1904, numbers where texts belong, a tab
    before the data, and a dimension that says there is one cell.
    """
    person = NOBODY
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": True})
    book.add_worksheet("Notes").write_string(0, 0, "see the other tab")
    page = book.add_worksheet("Referrals")
    as_date = book.add_format({"num_format": "mm/dd/yyyy"})
    cells: dict[str, Any] = {
        "Referral ID": 4711.0, "Record Action": "ADD", "Referral Received Date": datetime(2026, 10, 28),  # noqa: DTZ001
        "Referral Source Type": "PRISON", "CIN": person.cin, "Last Name": person.last, "First Name": person.first,
        "DOB": datetime(1979, 5, 5), "POF Justice Involved": "Y", "ZIP": 93230, "Pre Release CM NPI": int(npi_of("two_counties")),  # noqa: DTZ001, E501
    }  # fmt: skip
    for place, (heading, cell) in enumerate(cells.items()):
        page.write_string(0, place, heading)
        page.write(1, place, cell, as_date if isinstance(cell, datetime) else None)
    book.close()
    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    lies = io.BytesIO()
    with zipfile.ZipFile(lies, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part.replace(b'<dimension ref="A1:K2"/>', b'<dimension ref="A1"/>'))
    assert b'<dimension ref="A1:K2"/>' in b"".join(parts.values())
    return lies.getvalue()


@dataclass
class BadNights:
    """What was sabotaged and what came of it."""

    plan: Any
    problems: dict[date, list[str]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    late_file: bytes = b""

    def put(self, source: str, name: str, content: bytes) -> None:
        (self.plan.inbox(source) / name).write_bytes(content)

    def get(self, source: str, beginning: str) -> bytes:
        return next(self.plan.inbox(source).glob(f"{beginning}*")).read_bytes()


def sabotage_first(bad: BadNights) -> None:
    daily, full = bad.get("dhcs", "DHCS834-DA-20261028"), bad.get("dhcs", "DHCS834-MO-20261001")
    bad.late_file = an_834("DHCS834-DA-20261027-SHP-010-001", date(2026, 10, 27), "01")
    words = full.split(b"REF*1L*")
    for number, content in enumerate(
        (
            bad.late_file[: len(bad.late_file) // 2],
            daily.replace(b"~SE*", b"~SE*9"),
            daily.replace(b"~GE*1*", b"~GE*2*"),
            daily.replace(b"~IEA*1*", b"~IEA*2*"),
            daily.replace(b"QTY*TO*", b"QTY*TO*9"),
            words[0] + b"".join(b"REF*1L*MEMBER" + part[part.index(b"~") :] for part in words[1:]),
            bad.get("probation", "PROBATION"),
            b"",
            OLE2,
        ),
        start=1,
    ):
        bad.put("dhcs", f"DHCS834-DA-20261027-SHP-010-{number:03d}.dat", content)
    bad.put("dhcs", "DHCS834-DA-20260801-SHP-010-001.dat", an_834("a", date(2026, 8, 1), "01", person=NOBODY))
    bad.put("dhcs", "DHCS834-DA-20261231-SHP-010-001.dat", an_834("b", date(2026, 12, 31), "01", person=NOBODY))
    bad.put("dhcs", "DHCS834-DA-20261028-SHP-010-002.dat", daily.replace(b"SHP-010-001", b"SHP-010-002"))
    shrunk = an_834("DHCS834-MO-20261028-SHP-010-001", FIRST, "01")
    bad.put("dhcs", "DHCS834-MO-20261028-SHP-010-001.dat", shrunk)
    bad.put("probation", "PROBATION_REFERRALS_20261028_A.csv", OLE2)
    bad.put("probation", "PROBATION_REFERRALS_20261028_B.csv", b"dear colleague,\r\nsee below\r\n")
    bad.put("probation", "PROBATION_REFERRALS_20261028_C.csv", a_list(*[NOBODY] * 25, cin="1234"))
    bad.put("probation", "PROBATION_REFERRALS_20261028_D.csv", bad.get("probation", "PROBATION_REFERRALS_20261028.csv"))
    bad.put("probation", "PROBATION_REFERRALS_20261028_E.csv", b"\x00\x01\x02binary")
    bad.put("probation", "PROBATION_REFERRALS_20261028_F.csv", b"")
    bad.put("probation", "PROBATION_REFERRALS_20261028_G.csv", a_list())
    bad.put("probation", "PROBATION_REFERRALS_20261028_H.csv", a_list(LATE_COMER))
    bad.put("prison", "ASHGROVE_ECM_REFERRALS_20261028.xlsx", OLE2)
    bad.put("prison", "ASHGROVE_ECM_REFERRALS_20261027.xlsx", bad.get("delegate", "ORCHARD_MIF"))


def sabotage_second(bad: BadNights) -> None:
    bad.put("dhcs", "DHCS834-DA-20261027-SHP-010-001.dat", bad.late_file)
    bad.put("dhcs", "DHCS834-DA-20261028-SHP-010-001.dat", an_834("c", FIRST, "00", person=NOBODY))
    bad.put("dhcs", "DHCS834-DA-20261026-SHP-010-001.dat", bad.get("dhcs", "DHCS834-DA-20260801"))
    bad.put("dhcs", "DHCS834-DA-20261029-SHP-010-007.dat", an_834("d", SECOND, "Z9", person=NOBODY))
    os.utime(bad.plan.inbox("dhcs") / "DHCS834-MO-20261001-SHP-010-001.dat", (1, 1))
    told = [referral_row(COMMUNITY, SECOND, n, NOBODY, Referral(2, "community")) for n in (71, 72, 73)]
    bad.put("community", "VRC_JI_REFERRAL_20261028.txt", referral_file(COMMUNITY, SECOND, told, 1))
    bad.put("prison", "ASHGROVE_ECM_REFERRALS_20261029.xlsx", a_workbook())


EXPECTED = {
    "DHCS834-DA-20261027-SHP-010-002.dat": "HELD F04",
    "DHCS834-DA-20261027-SHP-010-003.dat": "HELD F04",
    "DHCS834-DA-20261027-SHP-010-004.dat": "HELD F04",
    "DHCS834-DA-20261027-SHP-010-005.dat": "HELD F04",
    "DHCS834-DA-20261027-SHP-010-006.dat": "HELD F13",
    "DHCS834-DA-20261027-SHP-010-007.dat": "HELD F01",
    "DHCS834-DA-20261027-SHP-010-008.dat": "HELD F01",
    "DHCS834-DA-20261027-SHP-010-009.dat": "HELD F01",
    "DHCS834-DA-20260801-SHP-010-001.dat": "HELD F08",
    "DHCS834-DA-20261231-SHP-010-001.dat": "HELD F08",
    "DHCS834-DA-20261028-SHP-010-002.dat": "HELD F11",
    "DHCS834-MO-20261028-SHP-010-001.dat": "HELD F12",
    "PROBATION_REFERRALS_20261028.csv": "ACCEPTED ",
    "PROBATION_REFERRALS_20261028_A.csv": "HELD F01",
    "PROBATION_REFERRALS_20261028_B.csv": "HELD F03",
    "PROBATION_REFERRALS_20261028_C.csv": "HELD F14",
    "PROBATION_REFERRALS_20261028_D.csv": "DUPLICATE F07",
    "PROBATION_REFERRALS_20261028_E.csv": "HELD F01",
    "PROBATION_REFERRALS_20261028_F.csv": "ACCEPTED F10",
    "PROBATION_REFERRALS_20261028_G.csv": "ACCEPTED F10",
    "PROBATION_REFERRALS_20261028_H.csv": "ACCEPTED ",
    "ASHGROVE_ECM_REFERRALS_20261028.xlsx": "HELD F01",
    "ASHGROVE_ECM_REFERRALS_20261027.xlsx": "HELD F02",
    "DHCS834-DA-20261026-SHP-010-001.dat": "ACCEPTED ",
    "DHCS834-DA-20261029-SHP-010-007.dat": "ACCEPTED ",
    "VRC_JI_REFERRAL_20261028.txt": "ACCEPTED_WITH_ERRORS ",
    "ASHGROVE_ECM_REFERRALS_20261029.xlsx": "ACCEPTED ",
}
TWICE = {
    "DHCS834-DA-20261027-SHP-010-001.dat": ["HELD F04", "ACCEPTED "],  # cut, then whole
    "DHCS834-DA-20261028-SHP-010-001.dat": ["ACCEPTED ", "HELD F06"],  # another content under an accepted name
    "DHCS834-MO-20261001-SHP-010-001.dat": ["ACCEPTED ", "DUPLICATE F07"],  # the same, newly dated
}


@pytest.fixture(scope="module")
def bad(make_plan: Callable[..., Any], listening: Callable[..., Any]) -> Iterator[BadNights]:
    plan = make_plan(sources=SOURCES, providers=(WHOLE, CLOSED, LOCKED, NO_FOLDER), members=60)
    ran = BadNights(plan)
    in_order: ExchangeConfig = plan.config
    with listening(ran.log):
        plan.partners_leave_files(FIRST)
        sabotage_first(ran)
        plan.folder(NO_FOLDER).rmdir()
        pinned = (plan.root / "keys/host_ed25519.pub").read_text(encoding="ascii")
        elsewhere = {"port": 1, "host_key": pinned, "known_hosts": None}
        down = [s.model_copy(update=elsewhere) if s.name == "jail" else s for s in in_order.sources]
        plan.config = in_order.model_copy(update={"sources": tuple(down)})
        with plan.serving(without=[f"ecm_{LOCKED}"]):
            ran.problems[FIRST] = plan.run(FIRST)
        shutil.copytree(plan.served, plan.root / "after_first")

        plan.config = in_order
        plan.folder(NO_FOLDER).mkdir()
        plan.partners_leave_files(SECOND)
        sabotage_second(ran)
        with plan.serving():
            ran.problems[SECOND] = plan.run(SECOND)
            yield ran


def statuses(bad: BadNights) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, what, reason in bad.plan.ask("SELECT name, status, reason FROM ledger.files ORDER BY arrival"):
        found.setdefault(name, []).append(f"{what} {reason}")
    return found


@pytest.mark.parametrize("name", [*EXPECTED, *TWICE])
def test_a_file_is_told_by_its_code(bad: BadNights, name: str) -> None:
    assert statuses(bad)[name] == (TWICE[name] if name in TWICE else [EXPECTED[name]])


def test_every_held_file_says_why_in_quarantine_and_all_rows_balance(bad: BadNights) -> None:
    held = bad.plan.ask(
        """SELECT f.name, f.reason, q.code FROM ledger.files AS f
           LEFT JOIN quarantine.rows AS q ON q.file_id = f.file_id AND q.row = -1 AND q.severity = 'HOLD'
           WHERE f.status = 'HELD'"""
    )
    assert len(held) == sum("HELD" in one for found in statuses(bad).values() for one in found)
    assert [(name, code) for name, reason, code in held if code != reason] == []
    unbalanced = "SELECT name FROM ledger.files WHERE rows_in <> rows_loaded + rows_rejected + rows_duplicate"
    assert bad.plan.ask(unbalanced) == []


def test_rows_of_files_held_for_their_rows_are_kept_with_their_codes(bad: BadNights) -> None:
    kept = bad.plan.ask(
        """SELECT f.reason, q.code, count(DISTINCT q.row) = f.rows_in FROM ledger.files AS f
           JOIN quarantine.rows AS q USING (file_id)
           WHERE f.reason IN ('F13', 'F14') AND q.code = 'R02' GROUP BY f.reason, q.code, f.rows_in ORDER BY 1"""
    )
    assert kept == [("F13", "R02", True), ("F14", "R02", True)]


def test_nothing_of_a_held_file_is_in_the_facts(bad: BadNights) -> None:
    for table in ("enrollment_members", "referrals", "mif_members", "release_notices"):
        loaded = bad.plan.ask(
            f"SELECT f.status, count(*) FROM facts.{table} JOIN ledger.files AS f USING (file_id) GROUP BY f.status"  # noqa: S608
        )
        assert {one for one, _ in loaded} <= {"ACCEPTED", "ACCEPTED_WITH_ERRORS"}


def test_providers_who_are_well_get_what_they_would_have_got_without_all_this(
    bad: BadNights, make_plan: Callable[..., Any]
) -> None:
    plan = make_plan(sources=SOURCES, providers=(WHOLE, CLOSED, LOCKED, NO_FOLDER), members=60)
    with open_warehouse(plan.config.home) as warehouse:
        for source in plan.config.sources:
            for path in sorted((plan.exchange.servers(FIRST) / source.username).rglob("*.*")):
                content = path.read_bytes()
                digest = hashlib.sha256(content).hexdigest()
                landed = plan.config.home / "landing" / digest[:2] / digest
                landed.parent.mkdir(parents=True, exist_ok=True)
                landed.write_bytes(content)
                file = LandedFile(path.name, len(content), 1, digest, landed)
                ledger.record(warehouse, plan.config, source, file, FIRST)
        night: Night = plan.night(warehouse, FIRST)
        for name, station in STATIONS:
            if name not in ("receive files", "deliver", "publish"):
                station(night)
    expected = {path.name: path.read_bytes() for path in (plan.config.home / "outbox").rglob(f"*{WHOLE}*.csv")}
    delivered = bad.plan.root / "after_first" / f"ecm_{WHOLE}" / "assignments"
    assert {path.name: path.read_bytes() for path in delivered.glob("*.csv")} == expected
    assert sum(content.count(b"\r\n") for content in expected.values()) > 5


def test_a_partner_that_fails_is_told_and_named(bad: BadNights) -> None:
    first = bad.problems[FIRST]
    assert any(line.startswith("source jail: [T01]") for line in first)
    assert any(line.startswith(f"{NO_FOLDER}: ") and "T10" in line for line in first)
    assert any(line.startswith(f"{LOCKED}: ") and "T03" in line for line in first)
    assert not any(line.startswith(WHOLE) for line in first)
    healed = " ".join(bad.problems[SECOND])
    assert not any(partner in healed for partner in ("jail", NO_FOLDER, LOCKED))


@pytest.mark.parametrize("npi", [NO_FOLDER, LOCKED])
def test_a_provider_that_could_not_be_reached_loses_nothing_and_hears_nothing_twice(bad: BadNights, npi: str) -> None:
    assert list((bad.plan.root / "after_first" / f"ecm_{npi}").glob("*/*.csv")) == []
    opened = bad.plan.ask("SELECT assignment_id FROM exchange.ecm_assignments WHERE npi = $npi", npi=npi)
    told = Counter((row["assignment_id"], row["record_action"]) for row in bad.plan.rows(npi))
    assert opened
    assert told == Counter((assignment, "ADD") for (assignment,) in opened)


def test_a_referral_for_nobody_is_told_so_kept_and_matched_when_the_person_comes(bad: BadNights) -> None:
    responses = bad.plan.served / "fresno_probation" / "responses"
    with (responses / "PROBATION_REFERRALS_20261028_H.response.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["error_code"], row["error_severity"]) == ("R05", "WARN")
    matched = bad.plan.ask("SELECT method FROM exchange.identities WHERE cin = $cin", cin=LATE_COMER.cin)
    assert matched == [("CIN",)]
    told = [row for row in bad.plan.rows(WHOLE) if row["cin"] == LATE_COMER.cin]
    assert [(row["record_action"], row["change_reason"]) for row in told] == [("ADD", "NEW_REFERRAL")]


def test_an_unknown_status_is_told_and_its_member_loaded(bad: BadNights) -> None:
    found = bad.plan.ask(
        """SELECT q.code, q.severity, f.rows_loaded, f.rows_warned FROM quarantine.rows AS q
           JOIN ledger.files AS f USING (file_id) WHERE f.name = 'DHCS834-DA-20261029-SHP-010-007.dat'
           AND q.code = 'W05'"""
    )
    assert found == [("W05", "WARN", 1, 1)]
    assert any("HCP status" in line for line in bad.problems[SECOND])


def test_a_ragged_row_is_set_aside_and_the_rows_around_it_are_loaded(bad: BadNights) -> None:
    assert bad.plan.ask(
        "SELECT rows_in, rows_loaded, rows_rejected FROM ledger.files WHERE name = 'VRC_JI_REFERRAL_20261028.txt'"
    ) == [(3, 2, 1)]


def test_a_workbook_with_all_bad_habits_is_read_right(bad: BadNights) -> None:
    assert bad.plan.ask(
        """SELECT r.referral_id, r.referral_received_date, r.dob, r.zip, r.pre_release_cm_npi, r.cin
           FROM facts.referrals AS r JOIN ledger.files AS f USING (file_id)
           WHERE f.name = 'ASHGROVE_ECM_REFERRALS_20261029.xlsx'"""
    ) == [("4711", SECOND.replace(day=28), date(1979, 5, 5), "93230", npi_of("two_counties"), NOBODY.cin)]


def test_a_file_that_came_again_newly_dated_doubles_nothing(bad: BadNights) -> None:
    doubled = """SELECT count(*) FROM (SELECT cin, ordinal FROM exchange.ji_episodes
                                       GROUP BY ALL HAVING count(*) > 1)"""
    assert bad.plan.ask(doubled) == [(0,)]
    ids = bad.plan.ask("SELECT count(*), count(DISTINCT file_id) FROM ledger.files")
    assert ids[0][0] == ids[0][1]


def test_every_list_is_answered_whatever_became_of_it(bad: BadNights) -> None:
    for source in bad.plan.config.sources:
        if source.responses is not None:
            came = bad.plan.ask("SELECT count(*) FROM ledger.files WHERE source = $source", source=source.name)
            answers = list((bad.plan.served / source.username / "responses").glob("*.response.json"))
            assert len(answers) == came[0][0]


def told_everywhere(bad: BadNights) -> str:
    said = bad.plan.ask("SELECT name, status, reason, detail FROM ledger.files")
    said += bad.plan.ask("SELECT event, subject, detail FROM ledger.audit")
    said += bad.plan.ask("SELECT column_name, code, severity FROM quarantine.rows")
    manifests = [path.read_text() for path in bad.plan.served.glob("*/assignments/*.manifest.json")]
    return "\n".join(map(str, [*bad.log, bad.problems, said, manifests]))


def secrets(bad: BadNights) -> set[str]:
    return {*canaries(bad.plan.exchange), LATE_COMER.cin, NOBODY.cin, LATE_COMER.last, NOBODY.last}


def test_no_name_or_number_is_told_anywhere_however_wrong_the_files(bad: BadNights) -> None:
    told = told_everywhere(bad)
    assert {secret for secret in secrets(bad) if secret in told or secret.upper() in told} == set()


def test_the_command_line_tells_of_no_name_or_number(bad: BadNights, capfd: pytest.CaptureFixture[str]) -> None:
    config: Path = bad.plan.root / "exchange.toml"
    with pytest.raises(typer.Exit) as left:
        run(config=config, date=SECOND, json=False)
    assert left.value.exit_code == 1
    status(config=config, date=None, json=False)
    shown = capfd.readouterr()
    assert "F06" in shown.out
    assert "files are held" in shown.err
    told = shown.out + shown.err
    assert {secret for secret in secrets(bad) if secret in told or secret.upper() in told} == set()
