"""The page on the architecture has the stations of the night in their order, and tests that there are."""

from __future__ import annotations

import re

import pytest

from pipelines.nightly import STATIONS
from pipelines.warehouse.meanings import tables
from tests.docs import stations
from tests.docs.generated import DOCS

PAGE = (DOCS / "architecture.md").read_text(encoding="utf-8")
PROOFS = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_the_stations_are_those_of_the_night_in_its_order() -> None:
    told = PAGE.partition("<!-- generated: stations -->")[2].partition("<!-- end -->")[0]
    assert re.findall(r"^\| \d+ \| ([^|]+) \|", told, re.MULTILINE) == [name for name, _ in STATIONS]


def test_what_a_station_fills_by_hand_is_a_table() -> None:
    named = {table for of in (*stations.FILLED.values(), *stations.DECIDED.values()) for table in of}
    assert named <= tables().keys()


@pytest.mark.parametrize(("file", "test"), PROOFS, ids=[test for _, test in PROOFS])
def test_a_test_that_holds_something_is_there(file: str, test: str) -> None:
    assert re.search(rf"^def {test}\(", (DOCS.parent / file).read_text(encoding="utf-8"), re.MULTILINE)
