"""Profiles are data: what one says is read, what nobody understands is told with its line, a new one needs no code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from parsers.x12.profile_files import PROFILE_FOLDER, available_profiles, load_profile, with_cin
from schemas.problems import ConfigurationError

Read = Callable[..., Any]
DHCS = (PROFILE_FOLDER / "dhcs.toml").read_text(encoding="utf-8")


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """Function that writes the DHCS profile with lines replaced, and returns the file."""

    def change(*changes: tuple[str, str], number: int = 0) -> Path:
        text = DHCS
        for old, new in changes:
            assert text.count(old) == 1
            text = text.replace(old, new)
        path = tmp_path / f"mine{number}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return change


def test_the_project_brings_two_dialects() -> None:
    assert available_profiles() == ("delegated", "dhcs")
    assert [load_profile(name).name for name in available_profiles()] == ["delegated", "dhcs"]


CIN = 'cin = { at = "2000/REF*1L/02", as = "cin" }'
COUNTY = 'county_code = { at = "2000/REF*3H/02", slot = 1 }'
RACE = '    { at = "2100A/DMG/05-1" },\n'
LANGUAGE = 'language = { at = "2100A/LUI/02", repeats = true }'
STATUS = 'hcp_status = { at = "2300/HD/04", slot = 2 }'
MISTAKES = [
    (CIN, CIN.replace("cin =", "cinn ="), "members.cinn: no column of this table; did you mean `cin`?"),
    (CIN, "", "members: `cin` is not declared, and no row can do without it"),
    (CIN, CIN.replace("at =", "att ="), "members.cin: unknown key `att`; did you mean `at`?"),
    (CIN, CIN.replace('"cin"', '"sin"'), "`as` is none of text, upper, cin, date"),
    (CIN, 'cin = { as = "cin" }', "members.cin: give exactly one of at, of, value"),
    (CIN, 'cin = "2000/REF*1L/02"', "members.cin: is neither an origin nor a list of origins"),
    (CIN, "cin = [3]", "members.cin: is neither an origin nor a list of origins"),
    (CIN, 'cin = { value = "9", slot = 2 }', "members.cin: `slot` needs `at`"),
    (CIN, CIN.replace("2000/REF*1L/02", "2000/REF02"), "`2000/REF02` is not a place: it is written"),
    (CIN, CIN.replace("2000/", "2001/"), "`2001/REF*1L/02` is no place of the guide: there is no loop 2001; did you"),
    (CIN, CIN.replace("*1L", "*1M"), "loop 2000 has no REF*1M; did you mean `REF*1L`?"),
    (CIN, CIN.replace("REF*1L", "NTE"), "loop 2000 has no NTE"),
    (CIN, CIN.replace("/02", "/05"), "`2000/REF*1L/05` is no place of the guide: REF*1L has 4 elements"),
    (CIN, CIN.replace("/02", "/02-2"), "element 02 has 1 component"),
    (CIN, CIN.replace("2000/REF*1L", "2300/REF*CE"), "is outside of the loops of members"),
    (CIN, CIN.replace('"cin"', '"cin", without_end = 3'), "members.cin: `without_end` is not of type str"),
    (COUNTY, COUNTY.replace("1 }", "0 }"), "members.county_code: `slot` is not a number from 1 to 100"),
    (COUNTY, COUNTY.replace("1 }", "true }"), "members.county_code: `slot` is not of type int"),
    (COUNTY, COUNTY.replace("slot = 1", 'chars = "3-2"'), "`chars` is not like `4`, `4-5` or `4-`"),
    (COUNTY, COUNTY.replace("slot = 1", 'when = { 01 = "" }'), "`when` gives neither a code nor a list of codes"),
    (COUNTY, COUNTY.replace("slot = 1", 'when = { 09 = "A" }'), "`2000/REF*3H/09` is no place of the guide"),
    (COUNTY, COUNTY.replace("slot = 1", "codes = { A = 1 }"), "`codes` does not give a text for each code"),
    (COUNTY, COUNTY.replace("slot = 1", "repeats = true"), "2000/REF*3H repeats here, but not for `members.ref_3h`"),
    (RACE, RACE.replace("DMG/", "DMG*D8/"), "DMG has no qualifier; use `when`"),
    (
        LANGUAGE,
        LANGUAGE.replace("true", 'true, when = { "2000/INS/03" = "001" }'),
        "needs elements of the same segment",
    ),
    (LANGUAGE, LANGUAGE.replace("true", 'true, when = { 01 = "LDLDL" }'), "codes of at most 4 letters"),
    (LANGUAGE, LANGUAGE.replace("true", 'true, without_end = "01"'), "`without_end` needs a segment that does not"),
    (LANGUAGE, LANGUAGE.replace("repeats = true", 'after = "LANGU"'), "`after` is not a code of at most 4 letters"),
    (STATUS, 'hcp_status = { of = "benefit_month" }', "`of` names no declared column with places of its own"),
    (STATUS, 'hcp_status = { at = "2750/REF/02" }', "is outside of the loops of coverage"),
    ('name = "dhcs"', "", "name: the setting is missing"),
    ('version = "1"', "version = 1", "version: `version` is not of type str"),
    ('separator = ";"', 'separator = "; "', "separator: is not one character"),
    ('needed = ["coverage.benefit_begin"]', 'needed = ["coverage.begin"]', "`coverage.begin` is not declared"),
    ('needed = ["coverage.benefit_begin"]', 'needed = ["coverage.benefit_month"]', "has no place"),
    ("[reporting]", "[report]", "report: unknown key `report`; did you mean `reporting`?"),
]


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES)
def test_a_mistake_is_told_with_its_line_and_what_may_be_meant(
    changed: Callable[..., Path], old: str, new: str, told: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_profile(changed((old, new)))
    assert told in raised.value.what
    if new and "missing" not in told:
        line = DHCS[: DHCS.index(old)].count("\n") + 1
        assert f"line {line - (old == RACE)}, " in raised.value.what
    assert raised.value.where == "mine0.toml"


def test_all_mistakes_are_told_at_once(changed: Callable[..., Path]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_profile(changed((CIN, CIN.replace("*1L", "*1M")), (STATUS, STATUS.replace("slot", "slott"))))
    assert raised.value.what.count("line ") == 2


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("dcs", None, "there is no 834 profile of this name; did you mean `dhcs`?"),
        ("nowhere.toml", None, "cannot be opened"),
        ("broken.toml", b"name = ", "not valid TOML"),
        ("other.toml", b"\xff", "not UTF-8"),
    ],
)
def test_a_profile_that_cannot_be_read_is_told(tmp_path: Path, name: str, content: bytes | None, told: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigurationError) as raised:
        load_profile(tmp_path / name if "." in name else name)
    assert told in raised.value.what


def test_the_place_of_the_cin_is_held_against_the_guide_too() -> None:
    with pytest.raises(ConfigurationError) as raised:
        with_cin(load_profile("dhcs"), "2000/REF*0E/02", None)
    assert "did you mean `REF*0F`?" in raised.value.what


CHANGES = [
    (CIN, 'cin = { at = "2000/REF*QQ/02", as = "cin" }', "members", "cin", ";;202004;202004"),
    (STATUS, 'hcp_status = { at = "2300/HD/04", chars = "5-" }', "coverage", "hcp_status", "59"),
    (STATUS, 'hcp_status = { at = "2300/HD/04", chars = "2" }', "coverage", "hcp_status", "1"),
    (STATUS, 'hcp_status = { at = "2300/HD/04", chars = "9-" }', "coverage", "hcp_status", None),
    (STATUS, 'hcp_status = { at = "2300/REF*CE/02", slot = 3, chars = "2-2" }', "coverage", "hcp_status", "0"),
    (STATUS, 'hcp_status = { at = "2300/HD/03", codes = { LTC = "L", X = "Y" } }', "coverage", "hcp_status", "L"),
    (STATUS, 'hcp_status = { at = "2000/REF*F6/02" }', "coverage", "hcp_status", "1AA0AA0AA00"),
    (STATUS, 'hcp_status = { at = "2000/REF*3H/02", slot = 2 }', "coverage", "hcp_status", "10"),
    (STATUS, 'hcp_status = { at = "2100A/LUI/02", repeats = true }', "coverage", "hcp_status", "SPA"),
    (STATUS, 'hcp_status = { value = "01" }', "coverage", "hcp_status", "01"),
    (STATUS, 'hcp_status = { of = "hcp_code", codes = { 010 = "X" } }', "coverage", "hcp_status", "X"),
    (STATUS, 'hcp_status = { of = "esc" }', "coverage", "hcp_status", "001"),
    (LANGUAGE, LANGUAGE.replace("true", 'true, when = { 04 = ["8", "7"] }'), "members", "language", "SPA"),
    (LANGUAGE, LANGUAGE.replace("true", 'true, when = { 01 = "LE" }'), "members", "language", None),
    (LANGUAGE, 'language = { at = "2100A/NM1*IL|74/04", as = "upper" }', "members", "language", "ZEPHYRA"),
    (
        LANGUAGE,
        'language = { at = "2000/INS/12", as = "month", when = { 11 = "D8" } }',
        "members",
        "language",
        "2025-01-01",
    ),
    (LANGUAGE, 'language = { at = "2000/INS/12", as = "span_end" }', "members", "language", "2025-01-10"),
]


@pytest.mark.parametrize(("old", "new", "table", "column", "value"), CHANGES)
def test_a_plan_s_own_profile_with_one_place_changed_needs_no_code(
    read: Read, changed: Callable[..., Path], two_members: str, old: str, new: str, table: str, column: str, value: str
) -> None:
    tables, others = (read(two_members, profile=load_profile(path)) for path in (changed((old, new)), "dhcs"))
    found = getattr(tables, table).loc[1, column]
    assert (None if pd.isna(found) else found) == value
    for part in ("members", "coverage", "reporting"):
        rest, same = (getattr(each, part) for each in (tables, others))
        assert list(rest.columns) == list(same.columns)
        if part != table:
            pd.testing.assert_frame_equal(rest, same)


def test_values_are_packed_by_the_profile_s_separator(
    read: Read, changed: Callable[..., Path], two_members: str
) -> None:
    profile = load_profile(changed(('separator = ";"', 'separator = "/"')))
    coverage = read(two_members.replace("*010;59", "*010/59"), profile=profile).coverage
    assert coverage.loc[1, ["hcp_code", "hcp_status"]].tolist() == ["010", "59"]
    assert coverage.loc[2, "hcp_code"] == "010;S1"


def test_what_a_profile_does_not_declare_is_missing(read: Read, changed: Callable[..., Path], two_members: str) -> None:
    tables = read(two_members, profile=load_profile(changed((STATUS, ""), (LANGUAGE, ""))))
    assert tables.coverage["hcp_status"].isna().all()
    assert tables.members["language"].isna().all()
    assert str(tables.members["language"].dtype) == "str"
