"""The delegating plan's dialect, and files read by whatever profile: in bulk and one by one they read alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.x12.profile import EnrollmentProfile
from parsers.x12.profile_files import PROFILE_FOLDER, load_profile
from sample_data.enrollment_834 import enrollment_file
from sample_data.enrollment_delegated import delegated_file
from sample_data.people import Statement
from sample_data.roster import nights
from schemas.enrollment import check_chunk
from schemas.problems import FileFault
from tests.parsers.x12.damage import damaged, with_true_totals

Read = Callable[..., Any]
DAY = date(2026, 10, 28)

TEXT = """\
INS*Y*18*001*AI*A*E**AC
REF*0F*SUB0001
REF*1L*GROUP
REF*17*19M1202502
REF*3H*CASE01
DTP*303*D8*20250201
DTP*356*D8*20240101
DTP*357*D8*20250531
NM1*IL*1*Quillwort*Zephyra*M***ZZ*91234567b
PER*IP**TE*5595550101
N3*12 CANARY ST
N4*LOS ANGELES CA*CA*90037**CY*19
DMG*D8*19800229*F**:RET:2054-5
LUI*LE*eng**6
LUI*LE*hye**7
HD*021**HLT*01005M1701JX701REST
HD*021**HLT*01101
DTP*348*D8*20250301"""
MEMBER = TEXT.split("\n")

# fmt: off
TANGLED = {
    'county_code = { at = "2000/REF*3H/02", slot = 1 }': 'county_code = { at = "2000/REF*3H|QQ/02", slot = 2 }',
    'email = { at = "2100A/PER/03", after = "EM" }': 'email = { at = "2000/DTP*303|356/03", as = "span_end" }',
    'ref_f6 = { at = "2000/REF*F6/02" }': 'ref_f6 = { at = "2000/REF/03" }',
    'ref_rb = { at = "2300/REF*RB/02" }':
        'ref_rb = { at = "2300/REF*RB|XX1/02", repeats = true, when = { 01 = "RB" } }',
    'ref_xx1 = { at = "2300/REF*XX1/02" }': 'ref_xx1 = { at = "2300/REF*XX1|RB/03", repeats = true }',
    'ref_9v = { at = "2300/REF*9V/02" }': 'ref_9v = { at = "2100A/PER/03", after = "EM" }',
    'ref_value = { at = "2750/REF/02" }': 'ref_value = { at = "2000/REF*ZZ/02", slot = 6, chars = "4-" }',
    'name_suffix = { at = "2100A/NM1*IL|74/07" }': 'name_suffix = { at = "2100A/NM1*IL/07", as = "upper" }',
}
"""Lines of the DHCS profile, and what reads the same segments in every other way."""
# fmt: on


def changed(old: str, *new: str) -> list[str]:
    return [segment for each in MEMBER for segment in (new if each == old else [each])]


def without(*segments: str) -> list[str]:
    return [segment for segment in MEMBER if segment not in segments]


@pytest.fixture(scope="session")
def tangled(tmp_path_factory: pytest.TempPathFactory) -> EnrollmentProfile:
    """A profile in which columns share segments and segments share columns."""
    text = (PROFILE_FOLDER / "dhcs.toml").read_text(encoding="utf-8")
    for old, new in TANGLED.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = tmp_path_factory.mktemp("profile") / "tangled.toml"
    path.write_text(text, encoding="utf-8")
    return load_profile(path)


@pytest.fixture(scope="session")
def statements() -> tuple[Statement, ...]:
    (night,) = nights([DAY], 60, 1)
    assert night.full is not None
    return night.full


@pytest.fixture
def delegated(read: Read, interchange: Callable[..., str]) -> Callable[..., Any]:
    def read_members(*members: list[str]) -> Any:
        return read(interchange(*([member] for member in members)), profile=load_profile("delegated"))

    return read_members


def test_who_the_member_is_stands_in_the_name(delegated: Callable[..., Any]) -> None:
    member = delegated(MEMBER).members.loc[1]
    told = ["cin", "last_name", "first_name", "county_code", "aid_code", "reporting_month", "case_number", "language"]
    assert member[told].tolist() == [
        "91234567B", "QUILLWORT", "ZEPHYRA", "19", "M1", "2025-02-01", "CASE01", "ENG",
    ]  # fmt: skip
    assert member["city"] == "LOS ANGELES CA"


def test_a_language_by_its_iso_code_is_told_by_its_niso_code(delegated: Callable[..., Any]) -> None:
    assert delegated(changed("LUI*LE*eng**6")).members.loc[1, "language"] == "ARM"


def test_plan_status_and_aid_code_stand_at_fixed_places(delegated: Callable[..., Any]) -> None:
    coverage = delegated(MEMBER).coverage
    packed = ["hcp_code", "hcp_status", "aid_code", "esc", "special_aid_1", "special_esc_1"]
    assert coverage.loc[1, packed].tolist() == ["010", "05", "M1", "701", "JX", "701"]
    assert coverage.loc[2, packed].dropna().tolist() == ["011", "01"]
    assert coverage["segment_number"].isna().all()


ALONE = without("DTP*348*D8*20250301", "HD*021**HLT*01101")
NO_END = "DTP*357*D8*20250531"
DATES = [
    (ALONE, ("2025-02-01", "2025-05-31")),
    ([*ALONE, "DTP*303*D8*20250115"], ("2025-01-15", "2025-05-31")),
    ([*ALONE, "DTP*348*D8*20250301", "DTP*349*D8*20250331"], ("2025-03-01", "2025-03-31")),
    ([segment.replace("18*001", "18*021") for segment in ALONE], ("2024-01-01", "2025-05-31")),
    ([segment for segment in ALONE if segment != NO_END], ("2025-02-01", "9999-12-31")),
    ([segment.replace("18*001", "18*024") for segment in ALONE if segment != NO_END], ("2024-01-01", "2025-02-01")),
    ([segment for segment in ALONE if "*303*" not in segment], ("2024-01-01", "2025-05-31")),
]


@pytest.mark.parametrize(("member", "dates"), DATES)
def test_coverage_without_dates_of_its_own_has_those_of_its_member(
    delegated: Callable[..., Any], member: list[str], dates: tuple[str, str]
) -> None:
    tables = delegated(member)
    assert tuple(tables.coverage.loc[1, ["benefit_begin", "benefit_end"]]) == dates
    assert tables.coverage.loc[1, "benefit_month"] == f"{dates[0][:8]}01"
    assert tables.findings.empty
    assert check_chunk(tables.members, tables.coverage, tables.reporting, DAY).empty


def test_coverage_with_no_date_anywhere_breaks_the_structure(delegated: Callable[..., Any]) -> None:
    dateless = [segment for segment in ALONE if not segment.startswith("DTP")]
    assert delegated(MEMBER, dateless, dateless).codes() == {(2, "DTP*348", "R17"), (3, "DTP*348", "R17")}


def test_the_same_people_read_alike_in_both_dialects(read: Read, statements: tuple[Statement, ...]) -> None:
    ours = read(enrollment_file("DHCS834-DA-20261028-SHP-010-001", DAY, 1, statements))
    theirs = read(delegated_file("ORCHARD", DAY, 1, statements), profile=load_profile("delegated"))
    assert theirs.findings.empty
    differ = (ours.members != theirs.members) & ~(ours.members.isna() & theirs.members.isna())
    kept_as_received = {column for column in ours.members.columns if column.startswith("ref_")}
    places = {"set_control", "segment_no"}
    assert set(differ.columns[differ.any()]) <= {*kept_as_received, *places, "medicare_status"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=st.randoms(use_true_random=True), first=st.integers(0, 55), size=st.sampled_from([1 << 21, 900]))
def test_damage_to_a_delegating_plan_s_file(
    read: Read, statements: tuple[Statement, ...], random: Random, first: int, size: int
) -> None:
    content = delegated_file("ORCHARD", DAY, 1, statements[first : first + 3]).decode()
    for text in (content, damaged(content, random)):
        try:
            tables = read(text, chunk_size=size, profile=load_profile("delegated"))
        except FileFault:
            continue
        assert tables.members.index.is_unique


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=st.randoms(use_true_random=True), name=st.sampled_from(["delegated", "tangled"]))
def test_any_file_reads_alike_by_any_profile(
    read: Read,
    interchange: Callable[..., str],
    tangled: EnrollmentProfile,
    member_one: list[str],
    member_two: list[str],
    random: Random,
    name: str,
) -> None:
    profile = tangled if name == "tangled" else load_profile(name)
    content = damaged(interchange([member_one, MEMBER, member_two, member_one], [MEMBER, member_one]), random)
    try:
        tables = read(content, profile=profile)
    except FileFault:
        return
    assert len(tables.members) > 3


@pytest.mark.parametrize(
    "more",
    [
        ["REF*3H*1;2"],
        ["REF*QQ*1;2", "REF*QQ*1;3"],
        ["DTP*303*D8*20250101-20250201"],
        ["DTP*356*RD8*20250101-20250201"],
        ["DTP*303*D8*20250101", "DTP*356*D8*20250101"],
        ["REF*NEW**A"],
        ["REF*NEW**A", "REF*F6**C"],
    ],
)
def test_segments_that_share_a_column_read_alike(
    read: Read,
    interchange: Callable[..., str],
    tangled: EnrollmentProfile,
    member_one: list[str],
    member_two: list[str],
    more: list[str],
) -> None:
    plain = [segment for segment in member_one if not segment.startswith(("REF*QQ", "REF*3H"))]
    content = interchange([member_two, [*plain[:2], *more, *plain[2:]], plain])
    assert len(read(content, profile=tangled).members) == 3


def test_of_several_segments_that_may_repeat_the_first_value_counts(
    read: Read, two_members: str, tangled: EnrollmentProfile
) -> None:
    told = two_members.replace("REF*RB*60~", "REF*RB*~REF*XX1**A~REF*RB*CD~REF*RB*60~", 1)
    coverage = read(with_true_totals(told), profile=tangled).coverage
    assert coverage.loc[1, ["ref_rb", "ref_xx1", "ref_9v"]].tolist() == ["CD", "A", "ZEPHYRA@EXAMPLE.ORG"]


def test_a_large_file_of_the_dialect_is_read_in_bounded_pieces(
    read: Read, statements: tuple[Statement, ...], tmp_path: Path
) -> None:
    tables = read(delegated_file("ORCHARD", DAY, 1, statements), chunk_size=4_000, profile=load_profile("delegated"))
    assert tables.members["set_control"].tolist() == [f"{n:04d}" for n in range(1, len(statements) + 1)]
