"""The 834s keep the guide's map and the DHCS habits, and their counts agree."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import pyx12.params
import pyx12.x12n_document

from sample_data import SampleExchange, generate
from sample_data.people import ACTIVE, FIRST_BACKGROUND_NUMBER, HOLD, NOT_COVERED, TERMINATED
from sample_data.roster import nights
from schemas.codes import CIN_PATTERN

Segments = Callable[[Path], list[str]]
Loops = Callable[[Path], dict[str, list[str]]]


def test_every_834_passes_the_map_of_the_guide(tmp_path: Path) -> None:
    generate(tmp_path, members=80)
    files = sorted(tmp_path.rglob("DHCS834-*.dat"))
    assert len(files) == 10
    refused = []
    for file in files:
        acknowledgement = io.StringIO()
        text = io.StringIO(file.read_text(encoding="ascii"))
        passed = pyx12.x12n_document.x12n_document(pyx12.params.params(), text, acknowledgement, None)
        if not passed or "IK3*" in acknowledgement.getvalue():
            refused.append(file.name)
    assert refused == []


def test_control_totals_agree_with_the_content(enrollment_files: list[Path], segments_of: Segments) -> None:
    for file in enrollment_files:
        found = segments_of(file)
        by_id = {segment.split("*")[0]: segment.split("*") for segment in found}
        members = sum(segment.startswith("INS*") for segment in found)
        assert by_id["QTY"][1:] == ["TO", str(members)]
        assert members > 0
        assert by_id["SE"][1] == str(len(found) - 4)
        assert by_id["SE"][2] == by_id["ST"][2]
        assert by_id["GE"][1:] == ["1", by_id["GS"][6]]
        assert by_id["IEA"][1:] == ["1", by_id["ISA"][13]]
        assert by_id["BGN"][2] == file.stem
        assert len(found[0]) == 105


def test_control_numbers_rise_and_never_repeat(enrollment_files: list[Path], segments_of: Segments) -> None:
    heads = [[segment.split("*") for segment in segments_of(file)[:3]] for file in enrollment_files]
    for segment, element in ((0, 13), (1, 6), (2, 2)):
        numbers = [int(head[segment][element]) for head in heads]
        assert numbers == sorted(set(numbers))


def test_a_full_opens_the_exchange_and_every_month(enrollment_files: list[Path], exchange: SampleExchange) -> None:
    fulls = {file.parents[3].name: file.name for file in enrollment_files if "-MO-" in file.name}
    assert fulls == {
        "2026-10-28": "DHCS834-MO-20261001-SHP-010-001.dat",
        "2026-11-02": "DHCS834-MO-20261101-SHP-010-001.dat",
    }
    dailies = {file.name for file in enrollment_files if "-DA-" in file.name}
    assert dailies == {f"DHCS834-DA-{day:%Y%m%d}-SHP-010-001.dat" for day in exchange.dates}


def test_a_member_stands_once_in_a_file_under_a_well_formed_cin(
    enrollment_files: list[Path], segments_of: Segments
) -> None:
    for file in enrollment_files:
        cins = [segment.split("*")[2] for segment in segments_of(file) if segment.startswith("REF*1L*")]
        assert len(cins) == len(set(cins)) == sum(segment.startswith("INS*") for segment in segments_of(file))
        assert all(re.fullmatch(CIN_PATTERN, cin) for cin in cins)


def test_a_month_without_coverage_ends_the_day_before_it_begins(
    enrollment_files: list[Path], segments_of: Segments
) -> None:
    known = {*ACTIVE, *HOLD, *NOT_COVERED, *TERMINATED}
    seen = set()
    for file in enrollment_files:
        found = segments_of(file)
        for place, segment in enumerate(found):
            if not segment.startswith("HD*"):
                continue
            status = segment.split(";")[1]
            begin, end = (date.fromisoformat(found[place + after].split("*")[3]) for after in (1, 2))
            assert status in known
            assert begin.day == 1
            after_end = end + timedelta(days=1)
            assert (after_end.day, after_end > begin) == (1, status in ACTIVE)
            seen.add(status)
    assert {"01", "05", "59", "00"} <= seen


def test_benefit_months_run_back_from_the_month_of_the_file(enrollment_files: list[Path], loops_of: Loops) -> None:
    depths = set()
    for file in enrollment_files:
        month = int(file.name[11:15]) * 12 + int(file.name[15:17])
        for loop in loops_of(file).values():
            begins = [segment.split("*")[3] for segment in loop if segment.startswith("DTP*348*")]
            assert [int(b[:4]) * 12 + int(b[4:6]) for b in begins] == [month - back for back in range(len(begins))]
            numbers = [segment for segment in loop if segment.startswith("REF*ZZ*;;")]
            assert numbers == [f"REF*ZZ*;;{10 + back}" for back in range(len(begins))]
            depths.add(("-MO-" in file.name, len(begins)))
    assert {(True, 2), (True, 3), (True, 4), (False, 1), (False, 2)} <= depths


def test_packed_references_have_the_slots_of_dhcs(enrollment_files: list[Path], loops_of: Loops) -> None:
    for file in enrollment_files:
        for loop in loops_of(file).values():
            member_level = next(segment for segment in loop if segment.startswith("REF*ZZ*010"))
            assert member_level.count(";") == 9
            assert all(segment.count(";") == 7 for segment in loop if segment.startswith("REF*CE*"))
            assert all(len(segment.split("*")[2]) <= 50 for segment in loop if segment.startswith("REF*"))


def test_the_indicator_comes_by_aid_code_and_by_reporting_category(
    enrollment_files: list[Path], segments_of: Segments
) -> None:
    found = [segment for file in enrollment_files for segment in segments_of(file)]
    special = {segment.split("*")[2].split(";")[slot] for segment in found if "REF*CE" in segment for slot in (2, 4, 6)}
    assert {"JX", "JY", "80", ""} == special
    assert {"REF*ZZ*JI-ADULT", "REF*ZZ*JI-YOUTH", "REF*ZZ*HH-TIER"} <= set(found)
    assert found.count("LS*2700") == found.count("LE*2700") > 0


def test_the_population_has_the_announced_shares() -> None:
    days = (date(2026, 10, 28), date(2026, 10, 29))
    told = list(nights(days, 10_000, 1))
    opening = told[0].full or ()
    flagged = [statement.member for statement in opening if statement.member.now.ji]
    assert len(opening) == pytest.approx(10_000, abs=5)
    assert len(flagged) / len(opening) == pytest.approx(0.0125, abs=0.004)
    states = {member.now.status for member in flagged}
    assert {"05", "59", "01"} <= states
    for night in told:
        many = [one for one in night.daily if one.member.person.number >= FIRST_BACKGROUND_NUMBER]
        assert len(many) / 10_000 == pytest.approx(0.011, abs=0.002)


def test_whoever_has_left_is_missing_from_the_next_full(enrollment_files: list[Path], loops_of: Loops) -> None:
    second = next(place for place, file in enumerate(enrollment_files) if place and "-MO-" in file.name)
    gone, known = set(), set()
    for file in enrollment_files[:second]:
        for cin, loop in loops_of(file).items():
            known.add(cin)
            if loop[0].split("*")[3] == "024":
                gone.add(cin)
    assert gone
    assert set(loops_of(enrollment_files[second])) == known - gone
