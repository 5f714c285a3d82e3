"""Eight nights of the sample exchange: what providers find in their folders is what the stories promise."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from datetime import date, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sample_data import NamedPerson
from sample_data.providers import npi_of
from sample_data.stories import STORIES
from schemas.assignment import COLUMN_NAMES, DATE_COLUMNS
from schemas.assignment_words import heading_of

GOLDEN = Path(__file__).with_name("golden")
TOLD = {story.key: story for story in STORIES}


def named(nights: Any, key: str) -> NamedPerson:
    person: NamedPerson = next(person for person in nights.exchange.people if person.key == key)
    return person


def rows_about(nights: Any, person: NamedPerson) -> dict[str, list[tuple[date, dict[str, str]]]]:
    """What each provider's delta files say of a person, under any CIN, by NPI and in order."""
    found: dict[str, list[tuple[date, dict[str, str]]]] = defaultdict(list)
    for file in nights.delivered():
        for row in file.rows():
            if file.scope == "DELTA" and row["cin"] in (person.cin, person.former_cin):
                found[file.npi].append((file.business_date, row))
    return found


@pytest.mark.parametrize("key", TOLD)
def test_a_person_s_story_ends_in_the_provider_s_folder_as_it_was_meant_to(nights: Any, key: str) -> None:
    person = named(nights, key)
    expect = person.expect
    surname = person.name.rpartition(" ")[2].upper()
    if person.cin is None:
        assert all(row["last_name"].upper() != surname for file in nights.delivered() for row in file.rows())
        return
    heard = rows_about(nights, person)
    assert bool(heard) == (expect.assignment_method is not None)
    if not heard:
        listed = nights.ask("SELECT count(*) FROM exchange.unassigned WHERE cin = $cin", cin=person.cin)
        assert listed == [(int(expect.unassigned),)]
        return
    npi, told = max(heard.items(), key=lambda item: (item[1][-1][0], item[1][-1][1]["record_action"] != "TERM"))
    last = told[-1][1]
    assert last["last_name"].upper() == surname
    assert last["cin"] == person.cin
    assert last["ecm_provider_npi"] == npi
    assert expect.prior_provider_npi in (None, last["prior_ecm_provider_npi"])
    assert expect.provider_npi in (None, npi)
    assert told[0][0] == expect.first_delivered_on
    assert (last["authorization_basis"], last["assignment_method"]) == (
        expect.authorization_basis,
        expect.assignment_method,
    )
    assert last["authorization_status"] == expect.authorization_status
    assert (last["record_action"] == "TERM") == (expect.authorization_status == "CLOSED")
    if expect.record_actions is not None:
        assert tuple(row["record_action"] for _, row in told) == expect.record_actions
    if expect.change_reasons is not None:
        assert tuple(row["change_reason"] for _, row in told) == expect.change_reasons
    others = [rows[-1][1]["record_action"] for other, rows in heard.items() if other != npi]
    assert set(others) <= {"TERM"}


@pytest.mark.parametrize("key", TOLD)
def test_the_warehouse_says_of_a_person_what_the_story_does(nights: Any, key: str) -> None:
    person = named(nights, key)
    if person.cin is None:
        surname = person.name.rpartition(" ")[2]
        matched = nights.ask(
            """SELECT i.method FROM exchange.identities AS i JOIN facts.referrals AS r USING (file_id, row_no)
               WHERE r.last_name = $surname""",
            surname=surname,
        )
        assert matched == [("UNMATCHED",)]
        return
    newest = nights.ask(
        """SELECT a.status, a.basis, e.close_reason FROM exchange.ecm_authorizations AS a
           JOIN exchange.ji_episodes AS e USING (episode_id) WHERE e.cin = $cin ORDER BY e.ordinal DESC LIMIT 1""",
        cin=person.cin,
    )
    expect = person.expect
    if expect.authorization_status is None:
        assert newest == []
    else:
        assert newest == [(expect.authorization_status, expect.authorization_basis, expect.close_reason)]
    clocks = nights.ask("SELECT name, status FROM exchange.clocks WHERE cin = $cin", cin=person.cin)
    assert set(expect.clocks) <= set(clocks)
    needs = nights.ask("SELECT need, status FROM exchange.release_needs WHERE cin = $cin", cin=person.cin)
    assert set(expect.needs) <= set(needs)
    found = nights.ask("SELECT kind FROM exchange.ji_contradictions WHERE cin = $cin ORDER BY kind", cin=person.cin)
    assert expect.contradictions in (None, tuple(kind for (kind,) in found))
    listed = nights.ask("SELECT list, reason FROM exchange.work_items WHERE cin = $cin", cin=person.cin)
    assert set(expect.listed) <= set(listed)


def test_a_provider_that_closes_and_the_next_one_hear_of_it_the_same_night(nights: Any) -> None:
    person = named(nights, "provider_closes")
    heard = rows_about(nights, person)
    closing, following = npi_of("kern_closing"), npi_of("kern_line")
    assert set(heard) == {closing, following}
    (_, added), (ended_on, ended) = heard[closing]
    ((began_on, began),) = heard[following]
    assert (added["record_action"], ended["record_action"], ended["change_reason"]) == (
        "ADD",
        "TERM",
        "PROVIDER_CHANGE",
    )
    assert began_on == ended_on == person.expect.first_delivered_on
    assert began["prior_ecm_provider_npi"] == closing


def test_a_change_of_cin_leaves_one_authorization_and_the_same_assignment(nights: Any) -> None:
    person = named(nights, "cin_changed")
    asked = {"cin": person.cin, "former": person.former_cin}
    assert nights.ask("SELECT alias, cin, source FROM exchange.cin_aliases WHERE cin = $cin", cin=person.cin) == [
        (person.former_cin, person.cin, "LIAISON")
    ]
    spans = nights.ask("SELECT cin, status FROM exchange.ecm_authorizations WHERE cin IN ($cin, $former)", **asked)
    assert spans == [(person.cin, "ACTIVE")]
    ((_, told),) = rows_about(nights, person).items()
    assert [row["cin"] for _, row in told] == [person.former_cin, person.cin]
    assert len({row["assignment_id"] for _, row in told}) == 1
    asked_in = [on for on, results in nights.results.items() if any(each.counts.get("ASKED") for each in results)]
    assert asked_in == list(nights.exchange.dates[4:6])


def test_a_misspelt_name_is_proposed_and_counts_from_the_night_it_is_accepted(nights: Any) -> None:
    person = named(nights, "name_misspelt")
    assert nights.ask("SELECT method FROM exchange.identities WHERE cin = $cin", cin=person.cin) == [("LIAISON",)]
    third, fourth = nights.exchange.dates[2:4]
    counts = {r.station: r.counts for on in (third, fourth) for r in nights.results[on] if r.counts.get("PROPOSED")}
    assert set(counts) == {"match identities"}
    assert [on for rows in rows_about(nights, person).values() for on, _ in rows][:1] == [fourth]


def test_places_that_disagree_about_a_member_are_told(nights: Any) -> None:
    person = named(nights, "places_disagree")
    found = nights.ask(
        "SELECT DISTINCT locator_yes, locator_no, place FROM exchange.locator_disagreements WHERE cin = $cin",
        cin=person.cin,
    )
    assert found == [("special aid code", "reporting category", "FILLED")]


def test_a_date_beside_the_indicator_is_kept_with_the_evidence(nights: Any) -> None:
    dated = nights.ask(
        """SELECT locator, count(effective_date) = count(*), count(effective_date) = 0 FROM exchange.ji_evidence
           GROUP BY locator ORDER BY locator"""
    )
    assert dated == [("reporting category", True, False), ("special aid code", False, True)]


def test_a_provider_s_workbook_says_what_its_csv_says(nights: Any) -> None:
    workbooks = nights.delivered(".xlsx")
    wanted = {provider.npi for provider in nights.roster.providers if "xlsx" in provider.formats}
    assert {file.npi for file in workbooks} == wanted
    for file in workbooks:
        book = openpyxl.load_workbook(file.path)
        _, _, _, heading, *lines = book["New and changed" if file.scope == "DELTA" else "All my members"].iter_rows(
            values_only=True
        )
        places = {name: heading.index(heading_of(name)) for name in COLUMN_NAMES}
        told = [{name: written(line[place]) for name, place in places.items()} for line in lines]
        table = next(csv for csv in nights.delivered() if csv.path.with_suffix("") == file.path.with_suffix(""))
        assert sorted(told, key=itemgetter("assignment_id")) == [
            {name: cell if name in DATE_COLUMNS else cell.removeprefix("'") for name, cell in row.items()}
            for row in sorted(table.rows(), key=itemgetter("assignment_id"))
        ]


def written(cell: Any) -> str:
    """A cell of a workbook as the table has it."""
    return f"{cell:%Y-%m-%d}" if isinstance(cell, datetime) else cell or ""


def test_every_row_of_every_file_that_came_is_accounted_for(nights: Any) -> None:
    files = nights.ask("SELECT name, status, rows_in, rows_loaded, rows_rejected, rows_duplicate FROM ledger.files")
    for name, status, rows_in, loaded, rejected, duplicate in files:
        assert status in ("ACCEPTED", "ACCEPTED_WITH_ERRORS", "DUPLICATE"), name
        assert rows_in == loaded + rejected + duplicate, name
    sent = {
        path.name for on in nights.exchange.dates for path in nights.exchange.servers(on).rglob("*") if path.is_file()
    }
    assert {name for name, *_ in files} == sent
    in_facts = nights.ask(
        """SELECT (SELECT count(*) FROM facts.enrollment_members) + (SELECT count(*) FROM facts.referrals)
                + (SELECT count(*) FROM facts.mif_members) + (SELECT count(*) FROM facts.release_notices)
                    + (SELECT count(*) FROM facts.care_plan_receipts)"""
    )
    assert in_facts == [(sum(loaded for _, _, _, loaded, _, _ in files),)]


def test_table_manifest_and_memory_of_every_delivered_file_agree(nights: Any) -> None:
    remembered = dict(
        nights.ask(
            """SELECT d.name, (d.sha256, d.rows, o.scope) FROM delivery.deliveries AS d
               JOIN delivery.outbox AS o ON o.outbox_id = d.outbox_id WHERE o.recipient_kind = 'PROVIDER'"""
        )
    )
    told: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for name, *row in nights.ask(
        """SELECT d.name, r.npi, r.assignment_id, r.cin, r.record_action, r.change_reason
           FROM delivery.delivered_rows AS r JOIN delivery.deliveries AS d ON d.delivery = r.delivery"""
    ):
        told[name][tuple(row)] += 1
    tables = nights.delivered()
    assert len(tables) > len(nights.exchange.dates)
    for file in tables:
        rows = file.rows()
        digest = hashlib.sha256(file.content).hexdigest()
        assert remembered[file.path.name] == (digest, len(rows), file.scope)
        columns = ("ecm_provider_npi", "assignment_id", "cin", "record_action", "change_reason")
        assert told[file.path.name] == Counter(tuple(row[column] for column in columns) for row in rows)
        manifest = json.loads(file.path.with_suffix("").with_suffix(".manifest.json").read_bytes())
        assert manifest["ecm_provider_npi"] == file.npi
        assert manifest["business_date"] == file.business_date.isoformat()
        assert manifest["rows"] == len(rows)
        assert {a: n for a, n in manifest["rows_per_action"].items() if n} == Counter(r["record_action"] for r in rows)
        assert manifest["files"][0] == {"name": file.path.name, "sha256": digest, "bytes": len(file.content)}
    on_servers = {file.path.name for kind in (".csv", ".xlsx", ".manifest.json") for file in nights.delivered(kind)}
    on_servers |= {path.name for path in nights.served.glob("*/assignments/ECM_RETURN_*.xlsx")}
    assert on_servers == set(remembered)


def test_the_manifests_of_a_provider_make_one_unbroken_chain(nights: Any) -> None:
    for provider in nights.roster.providers:
        files = [file for file in nights.delivered() if file.npi == provider.npi]
        manifests = [json.loads(f.path.with_suffix("").with_suffix(".manifest.json").read_bytes()) for f in files]
        assert [m["previous_file"] for m in manifests] == [None, *(f.path.name for f in files[:-1])][: len(files)]


def test_no_folder_holds_a_row_of_another_provider_nor_anything_but_its_files(nights: Any) -> None:
    for provider in nights.roster.providers:
        folder = nights.folder_of(provider.username)
        for path in folder.iterdir():
            kinds = "ASSIGNMENT", "RETURN" if "return_sheet" in provider.formats else "ASSIGNMENT"
            own = tuple(f"ECM_{kind}_{provider.npi}_2026" for kind in kinds)
            assert path.name.startswith(own), "no leftover, no other's file"
        rows = [row for file in nights.delivered() if file.npi == provider.npi for row in file.rows()]
        assert {row["ecm_provider_npi"] for row in rows} <= {provider.npi}


def test_every_provider_hears_every_night_it_serves_and_gets_all_on_its_day(nights: Any) -> None:
    days = ("MON", "TUE", "WED", "THU", "FRI")
    for provider in nights.roster.providers:
        found = {(file.business_date, file.scope) for file in nights.delivered() if file.npi == provider.npi}
        serving = [
            on for on in nights.exchange.dates if provider.active and provider.ji_provider and on <= provider.ends
        ]
        due = {(on, "DELTA") for on in serving}
        due |= {(on, "FULL") for on in serving if days[on.weekday()] == provider.full_day}
        if serving and len(serving) < len(nights.exchange.dates):
            due.add((nights.exchange.dates[len(serving)], "DELTA"))  # in which its members end
        assert found == due


def test_a_full_file_lists_whoever_the_deltas_so_far_add_up_to(nights: Any) -> None:
    fulls = [file for file in nights.delivered() if file.scope == "FULL"]
    assert any(file.rows() for file in fulls)
    for full in fulls:
        open_now: dict[str, dict[str, str]] = {}
        for file in nights.delivered():
            if file.npi == full.npi and file.scope == "DELTA" and file.business_date <= full.business_date:
                for row in file.rows():
                    open_now[row["assignment_id"]] = row
        expected = {i: row for i, row in open_now.items() if row["record_action"] != "TERM"}
        assert {row["assignment_id"] for row in full.rows()} == set(expected)


def test_a_table_is_written_the_way_spreadsheet_programs_read_without_damage(nights: Any) -> None:
    for file in nights.delivered():
        assert file.content.startswith(b"\xef\xbb\xbf")
        lines = file.content.decode("utf-8-sig").split("\r\n")
        assert lines[-1] == ""
        assert lines[0] == ",".join(f'"{name}"' for name in COLUMN_NAMES)
        assert all(line.startswith('"') and line.endswith('"') for line in lines[:-1])
        assert "\n" not in "".join(lines)


def test_the_first_file_of_a_provider_is_known_byte_for_byte(nights: Any) -> None:
    golden = sorted(GOLDEN.glob("*.csv"))
    assert golden
    for path in golden:
        assert next(f for f in nights.delivered() if f.path.name == path.name).content == path.read_bytes()


def test_each_list_is_answered_in_the_sender_s_folder(nights: Any) -> None:
    for source in nights.config.sources:
        if source.responses is None:
            continue
        folder = nights.served / source.username / source.responses.strip("/")
        came = nights.ask("SELECT name, status, rows_in FROM ledger.files WHERE source = $source", source=source.name)
        assert came
        answered = set()
        for name, status, rows_in in came:
            stem = name.rpartition(".")[0]
            summary = json.loads((folder / f"{stem}.response.json").read_bytes())
            assert (summary["file_name"], summary["status"], summary["rows_read"]) == (name, status, rows_in)
            answered.add(f"{stem}.response.json")
            if status != "DUPLICATE":
                answered.add(f"{stem}.response.csv")
                answered |= {f"{stem}.response.xlsx"} if name.endswith(".xlsx") else set()
        assert {path.name for path in folder.iterdir()} == answered


def test_a_second_run_of_a_night_changes_no_table_and_sends_nothing(nights: Any) -> None:
    served, tables = nights.everything_served(), all_tables(nights)
    nights.run(nights.exchange.dates[-1])
    assert nights.everything_served() == served
    again = all_tables(nights)
    assert [name for name in tables if tables[name] != again[name]] == ["ledger.openings", "ledger.runs"]


def all_tables(nights: Any) -> dict[str, list[tuple[Any, ...]]]:
    names = nights.ask("SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY ALL")
    return {name: nights.ask(f"SELECT * FROM {name} ORDER BY ALL") for (name,) in names}  # noqa: S608 - own tables


def test_nothing_under_the_plan_s_home_is_for_others(nights: Any) -> None:
    home = nights.config.home
    assert home.stat().st_mode & 0o777 == 0o700
    for path in home.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path.relative_to(home)
