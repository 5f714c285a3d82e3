"""Layouts of the files that leave: a wrong one is refused with its place, and the names of files stay apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.assignment import COLUMN_NAMES
from schemas.outbound import (
    DATE_FORMATS,
    REQUIRED,
    SCOPES,
    SHELF,
    Occasion,
    OutboundLayout,
    dated,
    load_outbound_layout,
)
from schemas.problems import ConfigurationError

NIGHT = date(2026, 11, 3)
NPIS = ("1234567893", "2916482120")

HEAD = 'name = "own"\nversion = "1"\nprefix = "P"\nfile_name = "{prefix}_{npi}_{date}_{number}_{scope}.csv"\n'
COLUMNS = "[columns]\n" + "".join(f'{name} = "{name}"\n' for name in REQUIRED)


def laid_out(folder: Path, text: str) -> OutboundLayout:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    load_outbound_layout.cache_clear()
    return load_outbound_layout(path)


def test_the_usual_file_has_every_column_there_is_under_its_own_name() -> None:
    layout = load_outbound_layout("assignment")
    assert [(column.name, column.heading) for column in layout.columns] == [(name, name) for name in COLUMN_NAMES]
    assert layout.named(Occasion("SHP", NPIS[0], NIGHT, 1, "FULL")) == "ECM_ASSIGNMENT_1234567893_20261103_01_FULL.csv"


@pytest.mark.parametrize("name", SHELF.names())
def test_no_two_files_have_one_name_and_each_tells_whose_it_is(name: str) -> None:
    layout = load_outbound_layout(name)
    nights = (NIGHT, date(2026, 1, 13))
    all_of_them = [
        Occasion("SHP", npi, night, number, scope)
        for npi in NPIS for night in nights for number in (1, 2, 11, 111) for scope in SCOPES
    ]  # fmt: skip
    names = [layout.named(each) for each in all_of_them]
    assert len({name.casefold() for name in names}) == len(all_of_them)
    for each, told in zip(all_of_them, names, strict=True):
        stem = told.rpartition(".")[0]
        for along in (told, f"{stem}.xlsx", f"{stem}.manifest.json", f"{told}.pgp"):
            assert layout.provider_and_night(along) == (each.npi, f"{each.business_date:%Y%m%d}")
    assert layout.provider_and_night(f"RTF_{NPIS[0]}_20261103.csv") is None


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(["{npi}", "{date}", "{number}", "{scope}", "{prefix}"]),
    st.lists(st.sampled_from(["", "_", "0", "D", "."]), min_size=5, max_size=5),
    st.lists(
        st.tuples(st.sampled_from(NPIS), st.dates(NIGHT), st.integers(1, 2000), st.sampled_from(SCOPES)),
        min_size=2, max_size=6, unique=True,
    ),
)  # fmt: skip
def test_names_stay_apart_in_whatever_order_a_plan_puts_their_places(
    tmp_path_factory: pytest.TempPathFactory,
    places: list[str],
    between: list[str],
    files: list[tuple[str, date, int, str]],
) -> None:
    pattern = "A" + "".join(map("".join, zip(between, places, strict=True)))
    text = HEAD.replace("{prefix}_{npi}_{date}_{number}_{scope}", pattern)
    layout = laid_out(tmp_path_factory.getbasetemp(), text)
    assert len({layout.named(Occasion("SHP", *each)) for each in files}) == len(files)


@pytest.mark.parametrize("form", DATE_FORMATS)
def test_a_day_is_written_with_all_its_digits(form: str) -> None:
    told = dated("2026-01-03", form)
    assert (len(told), sorted(filter(str.isdigit, told))) == (len(form), sorted("20260103"))


def test_a_column_may_have_a_date_format_of_its_own(tmp_path: Path) -> None:
    text = (
        HEAD + 'date_format = "YYYYMMDD"\n' + COLUMNS + 'dob = { date_format = "MM/DD/YYYY" }\nfollow_up_due = "Due"\n'
    )
    by_name = {column.name: column for column in laid_out(tmp_path, text).columns}
    assert by_name["dob"].written("1990-01-31") == "01/31/1990"
    assert by_name["follow_up_due"].written("2026-11-03") == "20261103"
    assert by_name["dob"].written(None) is None
    assert by_name["cin"].written("91234567A") == "91234567A"


WRONG = {
    "delimitr = ','": ("delimitr", "did you mean `delimiter`"),
    'quoting = "none"': ("quoting", "all, minimal"),
    'prefix = "-ECM"': ("prefix", "in front"),
    'prefix = "ECM/.."': ("prefix", "letters"),
    'heading = "no"': ("heading", "true or false"),
    'date_format = "DD/MM/YYYY"': ("date_format", "MM/DD/YYYY"),
    'delimiter = "x"': ("delimiter", r"'\t'"),
    'header = ["{row}"]': ("header", "did you mean `rows`"),
    'header = ["{rows:>9}"]': ("header", "place in braces"),
    'header = ["{npi.real}"]': ("header", "place in braces"),
    'trailer = ["{rows"]': ("trailer", "brace"),
    'trailer = ["=1+1"]': ("trailer", "formula"),
    'trailer = "{rows}"': ("trailer", "type list"),
}


@pytest.mark.parametrize(("line", "told"), WRONG.items())
def test_a_setting_that_is_not_understood_is_refused_with_its_place(
    tmp_path: Path, line: str, told: tuple[str, str]
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        laid_out(tmp_path, (HEAD.replace('prefix = "P"\n', "") if line.startswith("prefix") else HEAD) + line + "\n")
    assert refused.value.where == f"own.toml: {told[0]}"
    assert told[1] in refused.value.what


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("{prefix}_{date}_{number}_{scope}.csv", "{npi}"),
        ("{prefix}_{npi}_{number}_{scope}.csv", "{date}"),
        ("{npi}_{date}_{scope}.csv", "{number}"),
        ("{npi}_{date}_{number}.csv", "{scope}"),
        ("{npi}_{npi}_{date}_{number}_{scope}.csv", "{npi}"),
        ("{npi}_{date}_{number}_{scope}_{cin}.csv", "place in braces"),
        ("../{npi}_{date}_{number}_{scope}.csv", "letters"),
        (".{npi}_{date}_{number}_{scope}.csv", "in front"),
        ("{npi}_{{}}_{date}_{number}_{scope}.csv", "letters"),
        (f"{'a' * 61}{{npi}}_{{date}}_{{number}}_{{scope}}.csv", "at most 60"),
        ("{npi}_{date}_{number}_{scope}.json", ".csv"),
        ("{npi}_{date}_{number}_{scope}", ".csv"),
    ],
)
def test_a_name_that_would_not_tell_files_apart_or_is_none_is_refused(tmp_path: Path, pattern: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        laid_out(tmp_path, HEAD.replace("{prefix}_{npi}_{date}_{number}_{scope}.csv", pattern))
    assert refused.value.where == "own.toml: file_name"
    assert told in refused.value.what


@pytest.mark.parametrize(
    ("text", "where", "told"),
    [
        (COLUMNS + 'ssn = "SSN"\n', "columns.ssn", "no file that leaves"),
        (COLUMNS + 'frst_name = "Name"\n', "columns.frst_name", "did you mean `first_name`"),
        (COLUMNS.replace('cin = "cin"\n', ""), "columns", "`cin` is missing"),
        ("[columns]\n", "columns", "`assignment_id` is missing"),
        (COLUMNS + 'phone = "CIN"\n', "columns.phone", "`cin` has the same heading"),
        (COLUMNS + 'phone = "=phone"\n', "columns.phone.heading", "formula"),
        (COLUMNS + 'phone = "a\\nb"\n', "columns.phone.heading", "not printed"),
        (COLUMNS + "phone = 1\n", "columns.phone", "heading"),
        (COLUMNS + 'phone = { date_format = "YYYYMMDD" }\n', "columns.phone.date_format", "no dates"),
        (COLUMNS + 'dob = { headng = "DOB" }\n', "columns.dob.headng", "did you mean `heading`"),
    ],
)
def test_a_column_that_cannot_be_as_it_is_written_is_refused(tmp_path: Path, text: str, where: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        laid_out(tmp_path, HEAD + text)
    assert refused.value.where == f"own.toml: {where}"
    assert told in refused.value.what


def test_a_layout_that_is_not_there_is_refused_with_what_there_is() -> None:
    with pytest.raises(ConfigurationError, match="did you mean `short_list`") as refused:
        load_outbound_layout("short_lst")
    assert "records_with_counts" in refused.value.remedy
