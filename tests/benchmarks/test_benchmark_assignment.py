"""A night's assignments beside other ways to choose: all choose among the same, and the flow is never worse."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.assignment import SCENES, measure
from benchmarks.assignment_report import assignment


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return measure(members=400, needing=150, providers=40, turns=1)


@pytest.mark.parametrize("places", SCENES)
def test_the_flow_leaves_out_the_fewest_and_then_fits_best_and_fills_most_evenly(
    told: dict[str, Any], places: str
) -> None:
    ways = told["scenes"][places]["ways"]
    ranked = {name: [way["left_out"], way["mismatch"], round(way["unevenness"], 3)] for name, way in ways.items()}
    assert ranked["flow"] == min(ranked.values())
    assert len(set(map(tuple, ranked.values()))) > 1, "the ways differ"


def test_each_way_stands_in_the_table_with_its_multiple_of_the_flow(told: dict[str, Any]) -> None:
    rows = [
        [cell.strip() for cell in line.split("|")] for line in assignment(told).splitlines() if line.startswith("|")
    ]
    assert [row[1:3] for row in rows[2:]] == [
        [places, way] for places in SCENES for way in ("flow", "rounds", "one by one")
    ]
    assert {row[4] for row in rows[2:] if row[2] == "flow"} == {"1.00"}
