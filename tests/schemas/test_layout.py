"""Layouts: the ones the project brings, what they recognise, and what is said about one that a plan got wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.codes import POPULATIONS_OF_FOCUS
from schemas.kinds import LAID_OUT
from schemas.layout import (
    REFERENCE_COLUMN,
    RESPONSE_COLUMNS,
    SURPLUS_COLUMN,
    TYPES,
    available_layouts,
    heading_key,
    load_layout,
)
from schemas.problems import ConfigurationError

GOOD = """
name = "county"
version = "3"
kind = "mini_mif"
delimiters = ["|"]

[columns.referral_id]
type = "identifier"
required = "required"
headings = ["Case"]

[columns.record_action]
type = "code"
codes = ["ADD", "TERM"]
synonyms = { "Neu" = "ADD" }
"""


def test_there_is_a_layout_for_every_kind_of_file_and_others_are_told_from_it() -> None:
    others = {"rtf_merged": "rtf", "rtf_tabs": "rtf", "otf_tab": "otf"}
    kinds = dict(zip(LAID_OUT, LAID_OUT, strict=True)) | others
    assert available_layouts() == tuple(sorted(kinds))
    for name, kind in kinds.items():
        layout = load_layout(name)
        assert (layout.name, layout.kind, layout.version) == (name, kind, "1")
        assert {column.type for column in layout.columns} <= set(TYPES)


@pytest.mark.parametrize("name", ["rtf_merged", "rtf_tabs", "otf_tab"])
def test_a_return_has_no_column_that_its_facts_lack(name: str) -> None:
    known = {column for kind in ("rtf", "otf") for column in load_layout(kind).column_names}
    assert set(load_layout(name).column_names) <= known


def test_a_workbook_of_members_may_have_a_sheet_of_attempts() -> None:
    layout = load_layout("rtf_tabs")
    assert layout.further == load_layout("otf_tab")
    assert [each.kind for each in layout.sheet_layouts] == ["rtf", "otf"]
    assert load_layout("rtf").further is None


@pytest.mark.parametrize(
    ("kind", "further", "words"),
    [
        ("mini_mif", "otf", "otf rows do not come with mini_mif rows"),
        ("rtf", "rtf_merged", "rtf rows do not come with rtf rows"),
        ("otf", "rtf_tabs", "names a further one itself"),
        ("rtf", "oft", "did you mean `otf`"),
        ("rtf", "../otf.toml", "a file beside this one"),
        ("rtf", "missing.toml", "cannot be opened"),
    ],
)
def test_a_further_sheet_that_does_not_fit_is_refused(tmp_path: Path, kind: str, further: str, words: str) -> None:
    path = tmp_path / "county.toml"
    path.write_text(GOOD.replace('kind = "mini_mif"', f'kind = "{kind}"\nfurther_sheet = "{further}"'))
    with pytest.raises(ConfigurationError) as refused:
        load_layout(path)
    assert words in refused.value.what


def test_a_further_sheet_may_be_laid_out_by_a_file_beside(tmp_path: Path) -> None:
    (tmp_path / "tab.toml").write_text(GOOD.replace('"mini_mif"', '"otf"'))
    path = tmp_path / "county.toml"
    path.write_text(GOOD.replace('"mini_mif"', '"rtf"\nfurther_sheet = "tab.toml"'))
    further = load_layout(path).further
    assert further is not None
    assert further.kind == "otf"


@pytest.mark.parametrize(
    ("name", "required"),
    [
        (
            "mini_mif",
            {"referral_id", "record_action", "referral_received_date", "referral_source_type", "pof_justice_involved"},
        ),
        ("release_notice", {"notice_id", "facility_name", "consent_on_file"}),
        ("otf", {"ecm_provider_npi", "cin", "attempt_date", "attempt_method", "attempt_successful"}),
    ],
)
def test_the_columns_every_file_must_have(name: str, required: set[str]) -> None:
    assert load_layout(name).required_columns == required


@pytest.mark.parametrize("name", ["mini_mif", "mif", "rtf"])
def test_all_nine_populations_of_focus_are_columns(name: str) -> None:
    assert set(POPULATIONS_OF_FOCUS) <= set(load_layout(name).column_names)


def test_a_column_means_the_same_in_every_layout() -> None:
    seen: dict[str, tuple[str, tuple[str, ...], int]] = {}
    for name in available_layouts():
        for column in load_layout(name).columns:
            meaning = (column.type, column.codes, column.max_length)
            assert seen.setdefault(column.name, meaning) == meaning, column.name


@pytest.mark.parametrize("name", LAID_OUT)
@pytest.mark.parametrize(
    "heading",
    [
        "CIN", "cin", "C.I.N.", "CIN #", "CIN Number", "MCP_CIN", "Member CIN", "Client Index Number",
        "Member Client Index Number (CIN)", "Medi-Cal Member Client Index Number (CIN)", "Medi-Cal Number",
        "MEDI-CAL ID", "  Medi\u2011Cal\nNumber ", "Member Client Index Numer (CIN)", "CIN (required)", "Medi-Cal CIN",
        "Client Index Number (CIN)",
    ],
)  # fmt: skip
def test_the_cin_is_recognised_under_all_its_names(name: str, heading: str) -> None:
    assert load_layout(name).column_for(heading) == "cin"


@pytest.mark.parametrize(
    ("name", "heading", "column"),
    [
        ("mif", "Authorizatin End Date", "authorization_end"),
        ("mif", "Resdidential Address", "address"),
        ("mif", "Member Resdidential Address", "address"),
        ("rtf", "New Address (Y/N)", "new_address_indicator"),
        ("mini_mif", "DOB (MM/DD/YYYY)", "dob"),
        ("otf", "Was Attempt Successful?", "attempt_successful"),
        ("mini_mif", "Favourite colour", None),
        ("mini_mif", "", None),
    ],
)
def test_headings_drift_and_are_misspelt(name: str, heading: str, column: str | None) -> None:
    assert load_layout(name).column_for(heading) == column


def test_no_layout_claims_the_columns_that_responses_append() -> None:
    for name in available_layouts():
        assert not {heading_key(text) for text in (*RESPONSE_COLUMNS, REFERENCE_COLUMN, SURPLUS_COLUMN)} & set(
            load_layout(name).headings
        )


def test_a_plan_can_bring_its_own_layout(tmp_path: Path) -> None:
    path = tmp_path / "county.toml"
    path.write_text(GOOD)
    layout = load_layout(path)
    assert layout == load_layout(str(path))
    assert layout.delimiters == ("|",)
    identifier, action = layout.columns
    assert (identifier.type, identifier.required, identifier.multiple) == ("identifier", "required", "refuse")
    assert (action.codes, dict(action.synonyms), action.required) == (("ADD", "TERM"), {"Neu": "ADD"}, "optional")
    assert layout.column_for("case") == "referral_id"


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ('version = "3"', "", "version", "missing"),
        ('version = "3"', "version = 3", "version", "str"),
        ('"mini_mif"', '"mini_miff"', "kind", "did you mean `mini_mif`"),
        ("delimiters", "delimiter", "delimiter", "did you mean `delimiters`"),
        ('["|"]', '["-"]', "delimiters", "list of texts"),
        ("required =", "requird =", "columns.referral_id.requird", "did you mean `required`"),
        ('"required"', '"sometimes"', "columns.referral_id.required", "one of"),
        ('"identifier"', '"number"', "columns.referral_id.type", "one of"),
        ('["Case"]', '["Record-Action"]', "columns.record_action.headings", "belongs to"),
        ('["Case"]', '["Error Code"]', "columns.referral_id.headings", "belongs to"),
        ('["Case"]', '["#"]', "columns.referral_id.headings", "no letters"),
        ('["Case"]', '"Case"', "columns.referral_id.headings", "list"),
        ('codes = ["ADD", "TERM"]', "", "columns.record_action.codes", "lists its codes"),
        ('= "ADD" }', '= "AD" }', "columns.record_action.synonyms.Neu", "none of the codes"),
        ('headings = ["Case"]', "max_length = 0", "columns.referral_id.max_length", "at least 1"),
        ('headings = ["Case"]', "max_length = true", "columns.referral_id.max_length", "int"),
    ],
)
def test_a_mistake_in_a_layout_is_told_with_file_and_key(
    tmp_path: Path, old: str, new: str, place: str, words: str
) -> None:
    path = tmp_path / "county.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(ConfigurationError, match=words) as told:
        load_layout(path)
    assert told.value.where == f"county.toml: {place}"


def test_a_layout_that_is_not_there_or_not_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="did you mean `mini_mif`"):
        load_layout("mini-mif")
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        load_layout(tmp_path / "nowhere.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ")
    with pytest.raises(ConfigurationError, match="not valid TOML"):
        load_layout(broken)
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        load_layout(broken)
    broken.write_text(GOOD.partition("[columns")[0])
    with pytest.raises(ConfigurationError, match="no columns"):
        load_layout(broken)
