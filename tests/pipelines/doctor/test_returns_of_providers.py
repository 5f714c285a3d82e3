"""What the doctor says of returns: of each layout once, of providers that nobody knows, of folders not apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config import ExchangeConfig, Roster, read_config, read_roster
from pipelines.doctor.layouts import examine_layout
from pipelines.doctor.returns import examine_returns
from sample_data import generate
from sample_data.providers import npi_of
from schemas.layout import SHELF

BRIDGE, YOUTH = npi_of("fresno_bridge"), npi_of("fresno_youth")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return generate(tmp_path, members=1, days=1, returns=True).out


def said(plan: Path, *changes: tuple[str, str]) -> dict[str, tuple[str, str]]:
    path = plan / "exchange.toml"
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    config: ExchangeConfig = read_config(path)
    roster: Roster = read_roster(config.delivery.providers)
    return {each.subject: (each.name, each.what) for each in examine_returns(config, roster, examine_layout)}


def test_each_layout_is_told_once_however_many_providers_use_it(plan: Path) -> None:
    assert said(plan) == {
        "layout of rtf returns (rtf)": ("fine", "rtf 1"),
        "layout of rtf returns (rtf_merged)": ("fine", "rtf_merged 1"),
        "layout of rtf returns (rtf_tabs)": ("fine", "rtf_tabs 1"),
        "layout of otf returns (otf)": ("fine", "otf 1"),
    }


def test_a_column_that_nothing_keeps_is_told(plan: Path) -> None:
    own = (SHELF.folder / "otf_tab.toml").read_text(encoding="utf-8")
    (plan / "own.toml").write_text(f"{own}\n[columns.favourite_colour]\n", encoding="utf-8")
    found = said(plan, ('layout = "otf"', 'layout = "own.toml"'))
    assert found["layout of otf returns (own.toml)"] == ("columns-lost", "nothing keeps its columns favourite_colour")


def test_a_provider_that_the_table_does_not_have_is_told(plan: Path) -> None:
    found = said(plan, (f'"{BRIDGE}"', '"1234567893"'))
    assert found["returns of 1234567893"][0] == "returns-of-nobody"


def test_return_sheets_that_would_lie_there_unread_are_told(plan: Path) -> None:
    name, what = said(plan, ('"ECM_RETURN_{npi}_*"', '"PRTF_{npi}_*"'))[f"return sheets of {BRIDGE}"]
    assert (name, "nothing takes them back" in what) == ("return-sheets-unread", True)


def test_assignment_files_that_would_be_taken_for_returns_are_told(plan: Path) -> None:
    found = said(
        plan,
        ('layout = "otf"\nfolder = "/returns"', 'layout = "otf"\nfolder = "/assignments"'),
        ('"POTF_{npi}_*"', '"*ASSIGNMENT_{npi}_*"'),
    )
    assert found[f"source otf_{YOUTH}"][0] == "assignments-taken-back"
    assert f"source rtf_{YOUTH}" not in found
