"""The command line as people and schedulers use it."""

from __future__ import annotations

import json
import re
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.warehouse import open_warehouse, run_lock
from schemas.layout import load_layout
from tests.copies import copy_folder

LAST_NIGHT = "2026-11-04"
Command = Callable[..., Any]


def config_of(folder: Path) -> Path:
    return folder / "exchange.toml"


def test_every_command_of_the_readme_exists_and_explains_itself(command: Command) -> None:
    for name in ("init", "demo", "run", "plan", "status", "explain", "validate", "doctor", "assign", "record",
                 "identity", "release", "quarantine", "resend", "replay", "directory", "rebuild", "incident",
                 "verify-audit", "backup", "restore", "sample", "ui"):  # fmt: skip
        told = command(name, "--help")
        assert told.code == 0
        assert "Usage" in told.out


def test_a_second_run_of_a_night_finds_nothing_to_do(command: Command, demo_folder: Path, partners: None) -> None:
    told = command("run", "--date", LAST_NIGHT, "--config", config_of(demo_folder), "--json")
    stations = {station["station"]: station["counts"] for station in json.loads(told.out)["stations"]}
    assert told.code == 0, told.err
    assert stations["receive files"]["files"] == 0
    assert stations["deliver"]["delivered"] == 0
    assert stations["deliver"]["failed"] == 0


def test_plan_says_what_would_be_sent_and_sends_nothing(command: Command, demo_folder: Path) -> None:
    before = sorted(demo_folder.glob("sftp/ecm_*/assignments/*"))
    told = command("plan", "--date", "2026-11-05", "--config", config_of(demo_folder), "--json")
    assert told.code == 0, told.err
    planned = json.loads(told.out)
    assert {file["scope"] for file in planned} == {"DELTA", "FULL"}
    assert sorted(demo_folder.glob("sftp/ecm_*/assignments/*")) == before


@pytest.mark.parametrize(
    ("night", "said"),
    [
        (
            LAST_NIGHT,
            "Wednesday 2026-11-04: every provider has its files of this night, delivered or waiting to be sent,",
        ),
        ("2026-11-07", "Saturday 2026-11-07: it is no business day of the plan, and nothing is new for any provider."),
    ],
)
def test_a_plan_on_which_nothing_stands_says_why(command: Command, demo_folder: Path, night: str, said: str) -> None:
    told = command("plan", "--date", night, "--config", config_of(demo_folder))
    assert (told.code, told.err) == (0, "")
    assert f"Nothing would be sent for {said}" in " ".join(told.out.split())
    assert json.loads(command("plan", "--date", night, "--config", config_of(demo_folder), "--json").out) == []


def test_status_shows_balanced_rows_and_work_lists(command: Command, demo_folder: Path) -> None:
    told = command("status", "--config", config_of(demo_folder), "--date", "2026-11-03", "--json")
    night = json.loads(told.out)
    assert told.code == 0, told.err
    assert night["rows_in"] == night["rows_loaded"] + night["rows_rejected"] + night["rows_duplicate"] > 0
    assert {(entry["list"], entry["reason"]) for entry in night["work_lists"]} >= {
        ("Unassigned", "No active JI provider serves the county of residence (R20)."),
        ("Pending release", "No release date is known. Ask the facility."),
    }
    assert command("status", "--config", config_of(demo_folder)).code == 0


def test_one_work_list_is_shown_item_by_item(command: Command, demo_folder: Path) -> None:
    told = command("status", "--config", config_of(demo_folder), "--list", "unassigned")
    assert told.code == 0
    assert "Unassigned: " in told.out
    assert "No active JI provider serves the county of residence (R20)." in " ".join(told.out.split())
    assert "R17" in told.out


def test_of_a_work_list_on_which_nothing_stands_that_is_said(command: Command, demo_folder: Path) -> None:
    told = command("status", "--config", config_of(demo_folder), "--list", "reauthorization")
    assert (told.code, told.out.strip()) == (0, "Reauthorization: nothing stands on it.")


def test_a_work_list_that_is_not_there_is_answered_with_the_nearest_name(command: Command, demo_folder: Path) -> None:
    told = command("status", "--config", config_of(demo_folder), "--list", "unasigned")
    assert told.code == 2
    assert "Did you mean unassigned?" in told.err


def test_explain_cites_evidence_rules_and_dates(command: Command, demo_folder: Path, people: dict[str, str]) -> None:
    told = command("explain", people["hold_then_release"], "--config", config_of(demo_folder))
    assert told.code == 0, told.err
    for part in ("2300/REF*CE", "PRESUMPTIVE_JI_834", "2026-11-03", "R10", "RELEASED", "DELTA.csv"):
        assert part in told.out


def test_explain_of_a_stranger_says_so_without_repeating_the_number(command: Command, demo_folder: Path) -> None:
    told = command("explain", "91111111B", "--config", config_of(demo_folder))
    assert told.code == 1
    assert "E01" in told.err
    assert "91111111B" not in told.err


def test_the_liaisons_decision_moves_a_member_on_the_next_plan(
    command: Command, demo_folder: Path, people: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    copy_folder(demo_folder, folder)
    wanted = "2901373516"
    decided = command(
        "assign", people["youth"], wanted, "--reason", "knows the family", "--by", "liaison",
        "--date", "2026-11-05", "--config", config_of(folder),
    )  # fmt: skip
    assert decided.code == 0, decided.err
    planned = json.loads(command("plan", "--date", "2026-11-05", "--config", config_of(folder), "--json").out)
    assert any(file["npi"] == wanted and "ADD PROVIDER_CHANGE" in file["why"] for file in planned)
    assert any(file["npi"] != wanted and "TERM PROVIDER_CHANGE" in file["why"] for file in planned)
    with open_warehouse(folder / "home") as warehouse:
        noted = warehouse.rows("SELECT event, detail FROM ledger.audit ORDER BY entry DESC LIMIT 1")
        delivered = warehouse.rows("SELECT count(*) FROM delivery.deliveries")
        assert noted == [("LIAISON_DECISION", f"provider {wanted}")]
        assert warehouse.rows("SELECT count(*) FROM ledger.audit WHERE event = 'DELIVERED'") == delivered


@pytest.mark.parametrize(("npi", "code"), [("1234567890", "A01"), ("2904120534x", "A01")])
def test_a_decision_for_an_unknown_provider_is_refused(
    command: Command, demo_folder: Path, people: dict[str, str], npi: str, code: str
) -> None:
    told = command("assign", people["youth"], npi, "--reason", "r", "--by", "b", "--config", config_of(demo_folder))
    assert told.code == 2
    assert code in told.err


def test_a_run_beside_another_run_ends_with_75_and_a_sentence(command: Command, demo_folder: Path) -> None:
    with run_lock(demo_folder / "home"):
        told = command("run", "--date", LAST_NIGHT, "--config", config_of(demo_folder))
    assert told.code == 75
    assert "another run is active" in told.err


def test_a_source_that_is_down_is_told_and_the_others_are_read(
    command: Command, demo_folder: Path, partners: None, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    copy_folder(demo_folder, folder)
    text = config_of(folder).read_text(encoding="utf-8")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        closed = f"port = {nobody.getsockname()[1]}"
        config_of(folder).write_text(re.sub(r"port = \d+", closed, text, count=1), encoding="utf-8")
        told = command("run", "--date", LAST_NIGHT, "--config", config_of(folder), "--json")
    assert told.code == 1
    assert [problem.split(":")[0] for problem in json.loads(told.out)["problems"]] == ["source dhcs"]


def test_a_provider_taken_off_the_roster_with_members_is_told_to_a_person(
    command: Command, demo_folder: Path, partners: None, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    copy_folder(demo_folder, folder)
    with open_warehouse(folder / "home") as warehouse:
        npi = warehouse.value("SELECT min(npi) FROM exchange.ecm_assignments WHERE ended_on IS NULL")
    roster = (folder / "providers.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "providers.csv").write_text("".join(row for row in roster if npi not in row), encoding="utf-8")
    told = command("run", "--date", LAST_NIGHT, "--config", config_of(folder), "--json")
    assert told.code == 1
    assert any(f"provider {npi}: no longer in the roster" in problem for problem in json.loads(told.out)["problems"])


def test_validate_tells_place_and_code_of_each_error(command: Command, demo_folder: Path) -> None:
    lists = sorted(demo_folder.glob("days/*/sftp/fresno_probation/outgoing/PROBATION_REFERRALS_20261103.csv"))
    told = command("validate", lists[0], "--json")
    found = json.loads(told.out)
    assert told.code == 1
    assert found["kind"] == "mini_mif"
    assert {"R01", "R04"} <= {finding["code"] for finding in found["findings"]}
    assert all(finding["place"].startswith("line ") for finding in found["findings"])


@pytest.mark.parametrize("layout", ["otf", "otf_tab", "rtf", "rtf_merged", "rtf_tabs"])
def test_validate_finds_out_which_of_the_layouts_of_returns_a_file_has(
    command: Command, tmp_path: Path, layout: str
) -> None:
    headings = [column.headings[0] for column in load_layout(layout).columns]
    (tmp_path / "returned.csv").write_text(f"{','.join(headings)}\n{',' * (len(headings) - 1)}x\n", encoding="utf-8")
    assert json.loads(command("validate", tmp_path / "returned.csv", "--json").out)["kind"] == layout


def test_validate_finds_no_fault_in_a_generated_834(command: Command, demo_folder: Path) -> None:
    daily = next(iter(demo_folder.glob("days/2026-10-29/sftp/dhcs/outgoing/DHCS834-DA-*")))
    told = command("validate", daily, "--json")
    assert told.code == 0, told.out
    assert json.loads(told.out)["kind"] == "834"


def test_validate_reads_a_file_as_those_of_a_source_are_read(
    command: Command, demo_folder: Path, tmp_path: Path
) -> None:
    for name in ("exchange.toml", "providers.csv", "networks.csv"):
        shutil.copy(demo_folder / name, tmp_path)
    (tmp_path / "own.toml").write_text('extends = "mini_mif"\ncolumns.referral_id.headings = ["Case"]\n', "utf-8")
    config = config_of(tmp_path)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('"mini_mif"\nhost', '"own.toml"\ntrailer = "END"\nhost', 1), encoding="utf-8")
    (sent,) = demo_folder.glob("days/2026-10-28/sftp/fresno_probation/outgoing/*")
    own = tmp_path / sent.name
    own.write_text(sent.read_text(encoding="utf-8-sig").replace("Referral ID", "Case") + "END\n", encoding="utf-8")
    told = command("validate", own, "--source", "probation", "--config", config, "--json")
    assert (json.loads(told.out)["kind"], json.loads(told.out)["findings"]) == ("own", [])
    for path, code in ((sent, 65), (config, 65)):
        assert command("validate", path, "--source", "probation", "--config", config).code == code
    assert command("validate", own, "--source", "dhcs", "--config", config).code == 65
    assert "probation" in command("validate", own, "--source", "prbation", "--config", config).err
    assert command("validate", own, "--source", "probation", "--layout", "mif", "--config", config).code == 2


def test_validate_takes_an_empty_file_for_no_kind_unless_it_is_told_one(command: Command, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    assert (told := command("validate", tmp_path / "empty.csv")).code == 65
    assert "it is empty" in told.err
    assert "F10" in command("validate", tmp_path / "empty.csv", "--layout", "mini_mif").out


def test_validate_refuses_what_is_no_known_file(command: Command, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear plan,\nnothing here.\n", encoding="utf-8")
    told = command("validate", tmp_path / "letter.txt")
    assert told.code == 65
    assert "F02" in told.err


def test_doctor_visits_every_server_and_names_the_county_nobody_serves(
    command: Command, demo_folder: Path, partners: None
) -> None:
    told = command("doctor", "--config", config_of(demo_folder), "--json")
    found = {ailment["subject"]: ailment for ailment in json.loads(told.out)}
    assert told.code == 0, told.out
    assert found["county Madera"]["state"] == "look"
    assert found["source dhcs"]["state"] == "fine"


def test_doctor_tells_which_servers_cannot_be_reached(command: Command, demo_folder: Path) -> None:
    told = command("doctor", "--config", config_of(demo_folder))
    assert told.code == 1
    assert "T01" in told.out


def test_a_mistyped_key_is_told_with_its_line_and_a_suggestion(command: Command, tmp_path: Path) -> None:
    command("init", "--dir", tmp_path)
    config = config_of(tmp_path)
    text = config.read_text(encoding="utf-8").replace("hcp_codes =", "hcp_code =")
    config.write_text(text, encoding="utf-8")
    told = command("run", "--config", config)
    line = next(number for number, row in enumerate(text.splitlines(), start=1) if row.startswith("hcp_code "))
    assert told.code == 78
    assert f"line {line}" in told.err
    assert "hcp_codes" in told.err


def test_the_same_sample_is_written_twice_alike(command: Command, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert command("sample", "--members", 40, "--days", 2, "--seed", 3, "--out", tmp_path / name).code == 0
    first = {p.relative_to(tmp_path / "a"): p.read_bytes() for p in (tmp_path / "a").rglob("*") if p.is_file()}
    second = {p.relative_to(tmp_path / "b"): p.read_bytes() for p in (tmp_path / "b").rglob("*") if p.is_file()}
    assert first == second


def test_the_demo_leaves_a_foreign_folder_alone(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    told = command("demo", "--dir", tmp_path)
    assert told.code == 1
    assert (tmp_path / "mine.txt").exists()
