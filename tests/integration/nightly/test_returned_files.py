"""What providers return on the members they were sent, over a real server: it meets clocks or misses them, each account
is read for its own provider alone, and a night that is run again changes nothing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from pipelines.config import read_config, read_roster
from pipelines.reporting.months import Month
from pipelines.reporting.operations import reconciliation
from pipelines.transfer.keys import ensure_keypair, known_hosts_line
from pipelines.transfer.server import EmbeddedServer
from pipelines.warehouse import open_published
from sample_data import generate
from sample_data.providers import npi_of
from sample_data.returns import FOLDER, NAMED_COURSES, Course, leave_returns
from tests.integration.nightly.conftest import Nights, free_port, partners_leave_files

NIGHTS = (1, 3, 8)
"""Days of the exchange that are run; what comes between lies there until the next of them."""

OURS, STRAY = npi_of("fresno_bridge"), npi_of("fresno_evening")
SILENT = npi_of("no_ji")


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """Providers report before the last night; one finds another's file in its folder and leaves it there."""
    out, port = tmp_path_factory.mktemp("returns"), free_port()
    exchange = generate(out, members=1, days=8, port=port, returns=True)
    plan_key, host_key = out / "keys/plan_ed25519", out / "keys/host_ed25519"
    ensure_keypair(plan_key)
    line = known_hosts_line("127.0.0.1", port, ensure_keypair(host_key))
    (out / "keys/known_hosts").write_text(line + "\n", encoding="ascii")
    config = read_config(out / "exchange.toml")
    ran = Nights(exchange, out / "sftp", config, read_roster(config.delivery.providers))
    places = [(s.username, f) for s in config.sources for f in (s.folder, s.responses or s.folder)]
    places += [(provider.username, provider.folder) for provider in ran.roster.providers]
    for account, folder in places:
        (ran.served / account / folder.strip("/")).mkdir(parents=True, exist_ok=True)
    inbox(ran, SILENT).rmdir()
    names = {account: account for account, _ in places}
    with EmbeddedServer(ran.served, names, host_key, plan_key.with_suffix(".pub"), port=port):
        for number, on in enumerate(exchange.dates, start=1):
            partners_leave_files(exchange, ran.served, on)
            if number == NIGHTS[-1]:
                assert leave_returns(ran.served, on)
                sheet = next(inbox(ran, OURS).iterdir())
                shutil.copy(sheet, inbox(ran, STRAY) / sheet.name.replace(f"ECM_RETURN_{OURS}", f"PRTF_{STRAY}"))
                shutil.copy(sheet, inbox(ran, STRAY) / "our november list.xlsx")
            if number in NIGHTS:
                ran.run(on)
        yield ran


def inbox(ran: Nights, npi: str) -> Path:
    return ran.served / f"ecm_{npi}" / FOLDER.strip("/")


def answers(ran: Nights, npi: str) -> dict[str, str]:
    """Answers in text that a provider finds, by name."""
    texts = [path for path in answered(ran, npi) if path.suffix != ".xlsx"]
    return {path.name: path.read_text(encoding="utf-8-sig") for path in texts}


def answered(ran: Nights, npi: str) -> list[Path]:
    return sorted((ran.served / f"ecm_{npi}" / "responses").iterdir())


def test_every_row_of_every_dialect_is_loaded_for_the_provider_in_whose_account_it_lay(returned: Nights) -> None:
    files = returned.ask(
        """SELECT layout, sum(rows_in), sum(rows_in - rows_loaded) FROM ledger.files
           WHERE kind IN ('rtf', 'otf') AND reporting_npi <> $stray GROUP BY layout""",
        stray=STRAY,
    )
    assert {layout for layout, *_ in files} == {"rtf", "rtf_merged", "rtf_tabs", "otf"}
    assert all(rows for _, rows, _ in files)
    assert not any(lost for *_, lost in files)
    reported = returned.ask("SELECT DISTINCT reporting_npi, cin FROM facts.return_transmissions ORDER BY ALL")
    assert reported == returned.ask(
        """SELECT npi, cin FROM facts.assignment_decisions
           WHERE decided_on < $on GROUP BY assignment_id, npi, cin HAVING bool_and(action = 'ASSIGN') ORDER BY ALL""",
        on=returned.exchange.dates[-1],
    )


def test_one_is_reached_in_time_one_late_and_one_not_at_all_and_the_clocks_say_so(returned: Nights) -> None:
    people = {person.key: person.cin for person in returned.exchange.people}
    found = {
        course: returned.ask(
            """SELECT status, met_on IS NOT NULL FROM exchange.clocks
               WHERE cin = $cin AND rule = 'R10' AND is_target""",
            cin=people[key],
        )
        for key, course in NAMED_COURSES.items()
    }
    assert found == {
        Course.IN_TIME: [("MET", True)], Course.LATE: [("LATE", True)], Course.NEVER: [("LATE", False)]
    }  # fmt: skip


def test_the_liaison_is_told_of_whom_nobody_reached_and_not_of_whom_somebody_did(returned: Nights) -> None:
    stories = {person.cin: person.key for person in returned.exchange.people}
    listed = returned.ask("SELECT DISTINCT list, cin FROM exchange.work_items WHERE cin IS NOT NULL")
    courses = {
        course: {name for name, cin in listed if stories.get(cin) == key} for key, course in NAMED_COURSES.items()
    }
    assert courses[Course.NEVER] >= {"CLOCKS_OVERDUE", "NOT_REACHED"}
    for course in (Course.IN_TIME, Course.LATE):
        assert not courses[course] & {"NOT_REACHED"}


def test_the_months_reconciliation_finds_all_of_a_providers_members_in_its_return_and_what_differs(
    returned: Nights,
) -> None:
    with open_published(returned.config.home) as warehouse:
        month = Month.named(f"{returned.exchange.dates[-1]:%Y-%m}")
        of_providers, of_members = reconciliation(warehouse, month, OURS)
    (figures,) = (dict(zip(of_providers.columns, row, strict=True)) for row in of_providers.rows)
    assert figures["assigned"] == figures["reported"] == figures["alike"] + figures["differing"] > 0
    assert (figures["missing"], figures["extra"], figures["refused"]) == (0, 0, 0)
    found = [dict(zip(of_members.columns, row, strict=True)) for row in of_members.rows]
    assert [(each["finding"], each["what"]) for each in found] == [("DIFFERS", "BENEFIT_START")] * figures["differing"]


def test_providers_without_a_folder_for_returns_are_told_of_in_one_line(returned: Nights) -> None:
    for problems in returned.problems.values():
        (told,) = (line for line in problems if "T10" in line)
        assert told.startswith("returns: 2 folders of providers for what they return do not exist")


def test_a_return_under_a_name_that_nobody_reads_is_told_of(returned: Nights) -> None:
    *earlier, (told,) = ([line for line in problems if STRAY in line] for problems in returned.problems.values())
    assert not any(earlier)
    assert told == f"returns: 1 of the files in providers' folders match no pattern and are not read ({STRAY})"


def test_a_file_of_another_provider_is_refused_row_by_row_and_nothing_of_it_is_kept(returned: Nights) -> None:
    ((loaded, rejected, duplicate),) = returned.ask(
        """SELECT rows_loaded, rows_rejected, rows_duplicate FROM ledger.files
           WHERE reporting_npi = $npi AND name LIKE '%.xlsx'""",
        npi=STRAY,
    )
    assert (loaded, duplicate, rejected > 0) == (0, 0, True)
    kept = returned.ask(
        """SELECT count(*) FROM ledger.files AS f
           JOIN (SELECT file_id FROM facts.return_transmissions
                 UNION ALL SELECT file_id FROM facts.outreach_attempts) AS r ON r.file_id = f.file_id
           WHERE f.reporting_npi = $npi AND f.name LIKE '%.xlsx'""",
        npi=STRAY,
    )
    assert kept == [(0,)]
    assert returned.ask("SELECT count(*) > 0, count(original) FROM quarantine.rows WHERE code = 'R19'") == [(True, 0)]


def test_each_provider_is_answered_in_its_own_account_sheet_by_sheet(returned: Nights) -> None:
    ours, stray = answers(returned, OURS), answers(returned, STRAY)
    (sheet,) = inbox(returned, OURS).iterdir()
    assert [name.removeprefix(sheet.stem) for name in ours] == [
        ".response.csv", ".response.json", ".response_otf.csv"
    ]  # fmt: skip
    (whole,) = (path for path in answered(returned, OURS) if path.suffix == ".xlsx")
    assert openpyxl.load_workbook(whole).sheetnames == ["RTF", "OTF"]
    assert json.loads(ours[f"{sheet.stem}.response.json"])["status"] == "ACCEPTED"
    assert not any("R19" in answer for answer in ours.values())
    assert any("R19" in answer for answer in stray.values())


def test_an_answered_sheet_may_come_back_as_it_is_and_is_read_as_what_it_is(returned: Nights) -> None:
    (name,) = (name for name in answers(returned, OURS) if name.endswith("_otf.csv"))
    (inbox(returned, OURS) / name).write_text(answers(returned, OURS)[name], encoding="utf-8")
    attempts = "SELECT count(*) FROM facts.outreach_attempts WHERE reporting_npi = $npi"
    ((before,),) = returned.ask(attempts, npi=OURS)
    reports = returned.ask("SELECT count(*) FROM facts.return_transmissions")
    returned.run(returned.exchange.dates[-1])
    assert returned.ask(attempts, npi=OURS) == [(2 * before,)]
    assert returned.ask("SELECT count(*) FROM facts.return_transmissions") == reports


def test_the_same_night_once_more_changes_nothing(returned: Nights) -> None:
    before = returned.everything_served()
    tables = ("facts.return_transmissions", "facts.outreach_attempts", "quarantine.rows", "delivery.outbox")
    facts = [returned.ask(f"SELECT * FROM {table} ORDER BY ALL") for table in tables]  # noqa: S608 - from above
    returned.run(returned.exchange.dates[-1])
    assert returned.everything_served() == before
    assert [returned.ask(f"SELECT * FROM {table} ORDER BY ALL") for table in tables] == facts  # noqa: S608
