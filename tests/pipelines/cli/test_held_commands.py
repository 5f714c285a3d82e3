"""What is held, seen and acted on from the command line; a look back at what was sent."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import read_config
from pipelines.program import program_text
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.door import publish
from pipelines.warehouse.readings import note_reading
from tests.copies import copy_folder

Command = Callable[..., Any]
LAST_NIGHT = "2026-11-04"


@pytest.fixture
def folder(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the demo in which a list is held for its rejects, and with it another that nobody can read."""
    copy = tmp_path / "copy"
    copy_folder(demo_folder, copy)
    with open_warehouse(copy / "home") as warehouse:
        for source, code in (("probation", "F14"), ("prison", "F01")):
            warehouse.run(
                """UPDATE ledger.files SET status = 'HELD', reason = $code, rows_loaded = 0, rows_rejected = rows_in,
                       rows_duplicate = 0
                   WHERE file_id = (SELECT arg_max(file_id, arrival) FROM ledger.files AS f
                                    JOIN quarantine.rows AS q USING (file_id)
                                    WHERE source = $source AND q.severity = 'REJECT')""",
                {"source": source, "code": code},
            )
        publish(warehouse)
    return copy


def ask(command: Command, folder: Path, *arguments: str | Path) -> Any:
    return command(*arguments, "--config", folder / "exchange.toml")


def listed(command: Command, folder: Path) -> dict[str, list[dict[str, Any]]]:
    told = ask(command, folder, "quarantine", "list", "--json")
    assert told.code == 0, told.err
    found: dict[str, list[dict[str, Any]]] = json.loads(told.out)
    return found


def held_id(command: Command, folder: Path, code: str) -> str:
    return next(str(file["id"]) for file in listed(command, folder)["files"] if file["code"] == code)


def test_the_list_counts_and_says_what_to_do_and_names_nobody(
    command: Command, folder: Path, people: dict[str, str]
) -> None:
    found = listed(command, folder)
    assert {(file["of"], file["code"]) for file in found["files"]} == {("probation", "F14"), ("prison", "F01")}
    assert {entry["code"] for entry in found["rejected"]} >= {"R01", "R13"}
    told = ask(command, folder, "quarantine", "list")
    assert "release" in told.out
    known = [cin for cin in people.values() if cin]
    assert not any(cin in told.out + json.dumps(found) for cin in known)
    with open_warehouse(folder / "home") as warehouse:
        for (name,) in warehouse.rows("SELECT DISTINCT last_name FROM exchange.members"):
            assert name not in told.out


def test_a_list_of_one_month_leaves_out_what_came_before(command: Command, folder: Path) -> None:
    told = ask(command, folder, "quarantine", "list", "--since", "2026-11-05", "--json")
    assert json.loads(told.out) == {"files": [], "deliveries": [], "rejected": []}


def test_a_held_file_is_shown_with_its_sender_s_text(command: Command, folder: Path) -> None:
    file_id = held_id(command, folder, "F14")
    told = ask(command, folder, "quarantine", "show", file_id[:8], "--json")
    rows = json.loads(told.out)
    assert {row["code"] for row in rows} >= {"R01"}
    assert any(row["original"] and "PROB-" in row["original"] for row in rows)


def test_rejected_rows_are_written_as_a_response_has_them_for_one_reader(
    command: Command, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rejected.csv"
    out.write_text("an older one")
    file_id = held_id(command, folder, "F14")
    told = ask(command, folder, "quarantine", "export", file_id, "--out", out)
    assert told.code == 0, told.err
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with open_warehouse(folder / "home") as warehouse:
        rejected = "SELECT count(DISTINCT row) FROM quarantine.rows WHERE file_id = $id AND severity = 'REJECT'"
        assert len(rows) == warehouse.value(rejected, {"id": file_id}) > 0
        noted = warehouse.rows("SELECT event, subject FROM ledger.audit ORDER BY entry DESC LIMIT 1")
    assert noted == [("EXPORTED", file_id)]
    assert {row["error_severity"] for row in rows} == {"REJECT"}
    assert all(row["Referral ID"].startswith("PROB-") for row in rows)


@pytest.mark.parametrize("way", [("release",), ("quarantine", "release")])
def test_a_release_is_taken_once(command: Command, folder: Path, way: tuple[str, ...]) -> None:
    file_id = held_id(command, folder, "F14")
    first, second = (ask(command, folder, *way, file_id[:10], "--reason", "seen", "--by", "operator") for _ in range(2))
    assert (first.code, second.code) == (0, 0)
    assert "without F14" in first.err
    assert "nothing was added" in second.err


def test_what_is_never_released_is_refused_with_a_sentence(command: Command, folder: Path) -> None:
    unreadable = held_id(command, folder, "F01")
    told = ask(command, folder, "release", unreadable, "--reason", "please", "--by", "operator")
    assert told.code == 2
    for part in ("H04", "the file cannot be read", "never released", "Send it again"):
        assert part in told.err


def test_an_id_that_is_nothing_s_is_refused(command: Command, folder: Path) -> None:
    for way in (("release", "00000000", "--reason", "r", "--by", "b"), ("quarantine", "show", "00000000"),
                ("quarantine", "export", "00000000", "--out", folder / "x.csv")):  # fmt: skip
        told = ask(command, folder, *way)
        assert told.code == 2
        assert "H01" in told.err


@pytest.mark.parametrize("night", ["2026-11-02", "2026-11-03"])
def test_a_past_night_comes_out_byte_for_byte(command: Command, demo_folder: Path, night: str) -> None:
    """Tables, workbooks and manifests, and on the Monday full files and a return sheet too."""
    told = ask(command, demo_folder, "replay", "--date", night, "--json")
    assert told.code == 0, told.err
    found = json.loads(told.out)
    assert {file["verdict"] for file in found["files"]} == {"IDENTICAL"}
    assert any("_RETURN_" in file["name"] for file in found["files"]) == (night == "2026-11-02")
    assert "came out byte for byte" in told.err


def test_a_night_that_sent_nothing_cannot_be_made_again(command: Command, demo_folder: Path) -> None:
    told = ask(command, demo_folder, "replay", "--date", "2026-11-01")
    assert told.code == 1
    assert "H11" in told.err


def test_what_changed_since_is_named_where_a_file_comes_out_otherwise(command: Command, folder: Path) -> None:
    settings = folder / "exchange.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('name = "Sample Health Plan"', 'name = "Another Name"'), encoding="utf-8")
    with open_warehouse(folder / "home") as warehouse:
        warehouse.run("UPDATE ledger.readings SET changed_on = DATE '2026-11-05' WHERE policy = 'clocks'")
    told = ask(command, folder, "replay", "--date", LAST_NIGHT)
    assert told.code == 1
    assert "DIFFERS" in told.out
    said = " ".join(told.err.split())
    assert "`plan` than in the last night" in said
    assert "`clocks` since 2026-11-05" in said


def test_a_new_version_of_the_program_is_named_where_a_file_comes_out_otherwise(command: Command, folder: Path) -> None:
    settings = read_config(folder / "exchange.toml")
    with open_warehouse(settings.home) as warehouse:
        warehouse.run(
            """UPDATE delivery.outbox SET sha256 = repeat('0', 64), content_sha256 = repeat('0', 64)
               WHERE outbox_id = (SELECT min(outbox_id) FROM delivery.outbox
                                  WHERE business_date = $on AND recipient_kind = 'PROVIDER')""",
            {"on": LAST_NIGHT},
        )
    unexplained = " ".join(ask(command, folder, "replay", "--date", LAST_NIGHT).err.split())
    assert "nothing else is known that would explain it" in unexplained
    assert "version of the program" not in unexplained
    with open_warehouse(settings.home) as warehouse:
        warehouse.run("UPDATE ledger.readings SET reading = 'of then' WHERE policy = 'program'")
    told = ask(command, folder, "replay", "--date", LAST_NIGHT)
    assert told.code == 1
    assert "It may be because this is another version of the program than in the last night." in " ".join(
        told.err.split()
    )
    with open_warehouse(settings.home) as warehouse:
        note_reading(warehouse, "program", program_text())
        warehouse.run("UPDATE ledger.readings SET changed_on = DATE '2026-11-05' WHERE policy = 'program'")
    later = " ".join(ask(command, folder, "replay", "--date", LAST_NIGHT).err.split())
    assert "this is another version of the program since 2026-11-05." in later


def test_a_provider_s_lost_files_are_back_under_their_names(
    command: Command, demo_folder: Path, partners: None
) -> None:
    npi = "2916482120"
    (lost,) = demo_folder.glob(f"sftp/ecm_{npi}/assignments/*20261103_01_DELTA.csv")
    content = lost.read_bytes()
    lost.unlink()
    told = ask(command, demo_folder, "resend", "--provider", npi, "--date", "2026-11-03", "--json")
    assert told.code == 0, told.err
    assert {file["name"]: file["outcome"] for file in json.loads(told.out)}[lost.name] == "DELIVERED"
    assert lost.read_bytes() == content


def test_a_stranger_is_sent_nothing(command: Command, demo_folder: Path) -> None:
    told = ask(command, demo_folder, "resend", "--provider", "1234567893", "--date", "2026-11-03")
    assert told.code == 2
    assert "A01" in told.err
