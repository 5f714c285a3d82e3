"""The loops of the guide as the reader follows them."""

from __future__ import annotations

import pytest
from pyx12.map_if import load_map_file
from pyx12.params import ParamsBase

from parsers.x12.guide import element_numbers, segment_ids, shapes, transitions
from schemas import enrollment


@pytest.mark.parametrize(
    ("loop", "segment", "next_loop"),
    [
        ("2000", "REF", "2000"),
        ("2000", "NM1*IL", "2100A"),
        ("2000", "NM1*74", "2100A"),
        ("2000", "HD", "2300"),
        ("2000", "N3", None),
        ("2100A", "N3", "2100A"),
        ("2100A", "NM1*31", "2100C"),
        ("2100A", "NM1*IL", None),
        ("2100A", "REF", None),
        ("2100B", "N3", None),
        ("2100G", "NM1*E1", "2100G"),
        ("2100H", "NM1*31", None),
        ("2300", "HD", "2300"),
        ("2300", "LX", "2310"),
        ("2300", "NM1*31", None),
        ("2310", "REF", None),
        ("2320", "NM1*IN", "2330"),
        ("2330", "HD", "2300"),
        ("LS_LOOP", "LX", "2700"),
        ("LS_LOOP", "HD", None),
        ("2700", "N1*75", "2750"),
        ("2700", "N1*76", None),
        ("2750", "N1*75", None),
        ("2750", "LX", "2700"),
        ("2750", "LE", "LE"),
        ("LE", "HD", None),
    ],
)
def test_a_segment_leads_to_its_loop_or_has_no_place(loop: str, segment: str, next_loop: str | None) -> None:
    assert transitions()[loop].get(segment) == next_loop


def test_every_loop_that_can_be_entered_can_be_left() -> None:
    entered = {target for places in transitions().values() for target in places.values()}
    assert entered <= set(transitions())


def test_the_guide_knows_its_segments() -> None:
    assert {"ISA", "BGN", "INS", "HD", "LE", "IEA"} <= segment_ids()
    assert "BHT" not in segment_ids()


def test_every_loop_of_a_member_has_its_segments_and_their_elements() -> None:
    assert set(shapes()) == set(transitions()) - {"LE"}
    assert shapes()["2100A"]["DMG"][4] == 3
    assert len(shapes()["2300"]["REF*CE"]) == 4
    assert "NM1" not in shapes()["2100A"], "an unknown kind of person has no place"


@pytest.mark.parametrize(
    ("path", "element", "codes"),
    [
        ("INS", 3, enrollment.MEMBER_MAINTENANCE_TYPES),
        ("2300/HD", 1, enrollment.COVERAGE_MAINTENANCE_TYPES),
        ("2300/HD", 3, enrollment.INSURANCE_LINES),
        ("2100A/DMG", 3, enrollment.GENDERS),
    ],
)
def test_the_code_lists_of_the_schemas_are_those_of_the_guide(path: str, element: int, codes: tuple[str, ...]) -> None:
    guide = load_map_file("834.5010.X220.A1.xml", ParamsBase())
    segment = guide.getnodebypath(f"/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000/{path}")
    assert sorted(segment.children[element - 1].valid_codes) == sorted(codes)


def test_an_element_has_a_number_and_those_of_the_interchange_have_none() -> None:
    assert element_numbers()["DMG", 2, 0] == "1251"
    assert {number.isdigit() for number in element_numbers().values()} == {True}
    assert ("IEA", 1, 0) not in element_numbers()
