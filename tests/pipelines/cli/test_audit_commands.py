"""`ecm-exchange incident` and `verify-audit`: who received whom, and whether the record of it was touched."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.copies import copy_folder

Command = Callable[..., Any]


@pytest.fixture
def folder(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the finished demo."""
    return copy_folder(demo_folder, tmp_path / "copy")


@pytest.fixture
def delivered(demo_folder: Path) -> Path:
    """The largest table that a provider found."""
    return max(demo_folder.glob("sftp/ecm_*/assignments/*.csv"), key=lambda path: path.stat().st_size)


def members_in(path: Path) -> set[str]:
    rows = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    return {row["cin"] for row in rows}


def test_an_incident_names_recipient_day_and_number_and_members_only_where_asked(
    command: Command, demo_folder: Path, delivered: Path
) -> None:
    config = demo_folder / "exchange.toml"
    told = command("incident", delivered.name, "--config", config, "--json")
    assert told.code == 0, told.err
    ((file,), cins) = json.loads(told.out)["files"], members_in(delivered)
    assert (file["npi"], file["members"]) == (delivered.name.split("_")[2], len(cins))
    assert file["verified"] == "DELIVERED"
    assert not any(cin in told.out + told.err for cin in cins)
    named = json.loads(command("incident", delivered.name, "--members", "--config", config, "--json").out)
    assert {row["cin"] for row in named["members"]} == cins
    assert "protected health information" in command("incident", delivered.name, "--members", "--config", config).err


def test_a_copy_found_somewhere_is_known_by_its_bytes(
    command: Command, demo_folder: Path, delivered: Path, tmp_path: Path
) -> None:
    config, found = demo_folder / "exchange.toml", tmp_path / "found on a desk.csv"
    shutil.copy(delivered, found)
    told = command("incident", found, "--config", config, "--json")
    assert [file["file"] for file in json.loads(told.out)["files"]] == [delivered.name]
    found.write_bytes(delivered.read_bytes() + b"\r\n")
    assert command("incident", found, "--config", config).code == 1


def members_of_workbook(path: Path) -> set[str]:
    """The CINs on its sheets with members, as a second program reads them."""
    book = openpyxl.load_workbook(path, read_only=True)
    found = set()
    for name in ("New and changed", "All my members"):
        _, _, _, heading, *lines = book[name].iter_rows(values_only=True)
        found |= {str(line[heading.index("CIN")]) for line in lines}
    book.close()
    return found


def test_every_workbook_is_accounted_for_with_exactly_the_members_on_its_sheets_and_a_manifest_with_nobody(
    command: Command, demo_folder: Path
) -> None:
    config = demo_folder / "exchange.toml"
    workbooks = sorted(demo_folder.glob("sftp/ecm_*/assignments/ECM_ASSIGNMENT_*.xlsx"))
    repeating = 0
    for workbook in workbooks:
        told = json.loads(command("incident", workbook.name, "--members", "--config", config, "--json").out)
        assert {row["cin"] for row in told["members"]} == members_of_workbook(workbook), workbook.name
        repeating += any(row["repeated"] for row in told["members"])
        assert {row["cin"] for row in told["members"] if not row["repeated"]} == members_in(
            workbook.with_suffix(".csv")
        )
    assert len(workbooks) > repeating > 0
    (file,) = json.loads(command("incident", f"{workbook.stem}.manifest.json", "--config", config, "--json").out)[
        "files"
    ]
    assert file["members"] == 0


def test_the_accounting_of_a_member_names_every_file_that_told_of_the_person(
    command: Command, demo_folder: Path, people: dict[str, str], tmp_path: Path
) -> None:
    cin, out = people["youth"], tmp_path / "accounting.csv"
    told = command("incident", "--cin", cin, "--csv", out, "--config", demo_folder / "exchange.toml", "--json")
    assert told.code == 0, told.err
    in_folders = {path.name for path in demo_folder.glob("sftp/ecm_*/assignments/*.csv") if cin in members_in(path)}
    assert in_folders
    assert {file["file"] for file in json.loads(told.out)["files"] if file["file"].endswith(".csv")} == in_folders
    assert out.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode("utf-8-sig"), newline="")))
    assert {row["file"] for row in rows if row["file"].endswith(".csv")} == in_folders


def test_the_accounting_survives_a_rebuild(command: Command, folder: Path, delivered: Path) -> None:
    config = folder / "exchange.toml"
    before = command("incident", delivered.name, "--members", "--config", config, "--json").out
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('one_of = ["JX", "JY"]', 'one_of = ["NOBODY"]'), encoding="utf-8")
    assert command("rebuild", "--apply", "--config", config).code == 0
    assert command("incident", delivered.name, "--members", "--config", config, "--json").out == before


def test_the_record_of_a_demo_fits_until_somebody_changes_it(command: Command, folder: Path) -> None:
    config = folder / "exchange.toml"
    told = command("verify-audit", "--config", config, "--json")
    assert (told.code, json.loads(told.out)["misfit"]) == (0, None), told.err
    log = min((folder / "home" / "audit").glob("LOG_*.jsonl"))
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join([*lines[:4], *lines[5:]]))
    told = command("verify-audit", "--config", config, "--json")
    assert (told.code, json.loads(told.out)["first_misfit"]) == (1, 5)
    assert (
        command("run", "--config", config, "--date", "2026-11-05").code == 74 or len(list(log.parent.glob("LOG*"))) > 1
    )
