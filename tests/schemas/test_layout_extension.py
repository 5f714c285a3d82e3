"""A plan's layout that says only what its sender does otherwise; the rest is as in one that the project brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.layout import Layout, LayoutColumn, load_layout
from schemas.problems import ConfigurationError

Write = Callable[[str], Path]
MINI_MIF = load_layout("mini_mif")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        path = tmp_path / "probation.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def column(layout: Layout, name: str) -> LayoutColumn:
    return next(column for column in layout.columns if column.name == name)


def test_what_is_not_said_is_as_in_the_layout_that_is_extended(write: Write) -> None:
    assert load_layout(write('extends = "mini_mif"')) == replace(MINI_MIF, name="probation")


def test_a_heading_of_the_sender_is_known_besides_the_others(write: Write) -> None:
    layout = load_layout(write('extends = "mini_mif"\n[columns.referral_received_date]\nheadings = ["Intake Date"]'))
    for heading in ("Intake Date", "INTAKE-DATE", "Referral Date", "referral_received_date"):
        assert layout.column_for(heading) == "referral_received_date"
    before = column(MINI_MIF, "referral_received_date")
    assert replace(column(layout, "referral_received_date"), headings=before.headings) == before
    assert MINI_MIF.column_for("Intake Date") is None


def test_a_heading_that_means_another_column_to_the_sender_is_taken_from_the_first(write: Write) -> None:
    assert MINI_MIF.column_for("Contact Phone") == "phone"
    layout = load_layout(write('extends = "mini_mif"\n[columns.referring_phone]\nheadings = ["Contact phone"]'))
    assert layout.column_for("Contact Phone") == "referring_phone"
    assert layout.column_for("Phone Number") == "phone"


def test_words_of_the_sender_stand_for_codes_besides_the_others_and_other_settings_replace(write: Write) -> None:
    said = """extends = "mini_mif"
version = "2"
delimiters = ["|"]
columns.record_action.synonyms = { "Intake" = "ADD" }
columns.notes.max_length = 4000"""
    layout = load_layout(write(said))
    assert (layout.version, layout.delimiters, layout.sheets) == ("2", ("|",), MINI_MIF.sheets)
    synonyms = column(layout, "record_action").synonyms
    assert (synonyms["Intake"], synonyms["New"]) == ("ADD", "ADD")
    assert column(layout, "notes").max_length == 4000


def test_a_further_sheet_comes_with_the_layout_that_has_one(write: Write) -> None:
    assert load_layout(write('extends = "rtf_tabs"')).further == load_layout("otf_tab")


@pytest.mark.parametrize(
    ("said", "place", "words"),
    [
        ('extends = "mini_miff"', "extends", "did you mean `mini_mif`"),
        ('extends = "mini_mif"\nkind = "mif"', "kind", "not known"),
        (
            'extends = "mini_mif"\n[columns.reffering_phone]',
            "columns.reffering_phone",
            "did you mean `referring_phone`",
        ),
        ('extends = "mini_mif"\ncolumns.phone = 1', "columns.phone", "of type dict"),
        (
            'extends = "mini_mif"\n[columns.phone]\nheading = ["Tel"]',
            "columns.phone.heading",
            "did you mean `headings`",
        ),
        ('extends = "mini_mif"\n[columns.phone]\nheadings = "Tel"', "columns.phone.headings", "of type list"),
        (
            'extends = "mini_mif"\n[columns.referring_phone]\nheadings = ["Phone"]',
            "columns.referring_phone.headings",
            "`phone` is the name of another column",
        ),
    ],
)
def test_a_mistake_is_told_with_file_and_key(write: Write, said: str, place: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as told:
        load_layout(write(said))
    assert told.value.where == f"probation.toml: {place}"


@pytest.mark.parametrize("name", ["p", "mini_mif"])
def test_a_column_that_nothing_keeps_is_refused_in_a_list_that_extends_none(write: Write, name: str) -> None:
    with pytest.raises(ConfigurationError, match="mini_mif rows have no such column; did you mean `notes`") as told:
        load_layout(write(f'name = "{name}"\nversion = "1"\nkind = "mini_mif"\n[columns.note]\n'))
    assert told.value.where == "probation.toml: columns.note"
