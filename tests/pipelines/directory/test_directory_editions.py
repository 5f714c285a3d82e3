"""The editions of the directory: what the public sees and what stays with the plan, in the same bytes every time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines.config.providers import Provider
from pipelines.directory import FORMS, Section, read_sections, render
from pipelines.directory.attributes import INTERNAL, PUBLIC

Make = Callable[..., Provider]
GOLDEN = Path(__file__).with_name("golden")
ON = date(2026, 11, 20)


@pytest.fixture
def told(desk: Any, a_provider: Make, tmp_path: Path) -> Any:
    """A directory with a past: one provider renamed, one inactive, one gone, one without places."""
    bridge = a_provider(
        1, name="Bridgelight Reentry Care", languages=("SPA", "ENG"), populations=("ADULT", "YOUTH"), ffs_enrolled=True,
        facility_contracts=("Fresno County Jail", "Pleasant Valley"), phone="5595550123", email="hello@bridge.example",
    )  # fmt: skip
    tarrow = a_provider(2, name="=Tarrow Street Clinic", service_scope="HANDOFF_ONLY", ffs_enrolled=False, capacity=2)
    closed, leaving = a_provider(3, name="Closed Doors", active=False), a_provider(4, name="Leaving Soon")
    networks = tmp_path / "networks.csv"
    networks.write_text(f"plan,npi,county\nAmber,{bridge.npi},Fresno\nAmber,{leaving.npi},Fresno\n", encoding="utf-8")
    desk.exchange.configure(directory={"other_networks": networks})
    desk.assign(tarrow, 2, on="2026-11-05")
    desk.night("2026-11-01", bridge.model_copy(update={"name": "Bridgelight"}), tarrow, closed, leaving)
    desk.publish(tmp_path / "directory.csv", "2026-11-02")
    desk.night(ON, bridge, tarrow, closed)
    return desk


def edition(told: Any, *, public: bool, on: date = ON) -> tuple[Section, ...]:
    return read_sections(told.exchange.warehouse, on, public=public)


@pytest.mark.parametrize("name", ["public", "internal"])
def test_an_edition_has_the_bytes_it_always_had(told: Any, name: str) -> None:
    written = render(edition(told, public=name == "public"), "csv", ON)
    assert written.decode("utf-8") == (GOLDEN / f"{name}.csv").read_bytes().decode("utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_the_same_directory_gives_the_same_bytes(told: Any, form: Any) -> None:
    assert render(edition(told, public=False), form, ON) == render(edition(told, public=False), form, ON)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_internal_stands_in_a_public_edition(told: Any, form: Any) -> None:
    (section,) = edition(told, public=True)
    assert set(section.columns) == {"npi", *PUBLIC}
    assert not set(section.columns) & set(INTERNAL)
    content = render([section], form, ON)
    if form != "xlsx":
        for kept in (b"127.0.0.1", b"/assignments", b"provider1", b"000000000", b"Closed Doors", b"Leaving Soon"):
            assert kept not in content


def test_an_edition_of_an_earlier_day_tells_what_stood_in_the_roster_then(told: Any) -> None:
    (section,) = edition(told, public=True, on=date(2026, 11, 10))
    assert [row[1] for row in section.rows] == ["=Tarrow Street Clinic", "Bridgelight", "Leaving Soon"]
    providers, changes, *_ = edition(told, public=False, on=date(2026, 11, 4))
    place = list(providers.columns).index("open_assignments")
    places = [row[place] for row in providers.rows]
    assert places == [0, 0, 0, 0], "two members were assigned on 2026-11-05"
    assert len(changes.rows) == 4


def test_a_csv_cell_is_never_a_formula(told: Any) -> None:
    text = render(edition(told, public=True), "csv", ON).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["name"] for row in rows] == ["'=Tarrow Street Clinic", "Bridgelight Reentry Care"]


def test_json_tells_lists_as_lists_and_what_is_not_known_as_null(told: Any) -> None:
    read = json.loads(render(edition(told, public=False), "json", ON))
    assert list(read) == ["as_of", "providers", "changes", "coverage", "overlap"]
    tarrow, bridge, _ = read["providers"]
    assert (bridge["facility_contracts"], tarrow["facility_contracts"]) == (
        ["Fresno County Jail", "Pleasant Valley"],
        [],
    )
    assert (bridge["ffs_enrolled"], tarrow["ffs_enrolled"], tarrow["phone"]) == ("Y", "N", None)
    assert (tarrow["open_assignments"], tarrow["free_places"]) == (2, 0)
    assert read["overlap"][0]["missing_providers"] == "1000000046 (1 of 1)"


def test_a_workbook_has_identifiers_as_text_headings_in_sight_and_filters(told: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(edition(told, public=False), "xlsx", ON)))
    assert book.sheetnames == ["ECM providers", "Changes", "County coverage", "Overlap with other plans",
                               "What the columns mean"]  # fmt: skip
    sheet = book["ECM providers"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "npi")
    first = sheet[head[0].row + 1]
    cells = {str(name.value): cell for name, cell in zip(head, first, strict=True)}
    assert (cells["npi"].data_type, cells["tin"].value, cells["tin"].data_type) == ("s", "000000000", "s")
    assert (cells["name"].value, cells["name"].data_type) == ("=Tarrow Street Clinic", "s")
    assert cells["capacity"].data_type == "n"
    assert sheet.freeze_panes == f"A{head[0].row + 1}"
    assert sheet.auto_filter.ref is not None
    assert not any("onfidential" in str(each.oddFooter.left.text) for each in book.worksheets), "it may be published"


def test_every_column_is_explained(told: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(edition(told, public=False), "xlsx", ON)))
    explained = {(row[0], row[1]) for row in book["What the columns mean"].iter_rows(values_only=True) if row[2]}
    assert {(s.title, name) for s in edition(told, public=False) for name in s.columns} <= explained
