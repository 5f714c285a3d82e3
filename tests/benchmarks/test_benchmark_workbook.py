"""What is measured of a workbook is one that the gate lets pass, and all of it stands in the table."""

from __future__ import annotations

from benchmarks.workbook import measure, report


def test_a_measured_workbook_is_proven_and_told_with_its_size() -> None:
    small, large = (measure(members=30, news=news, turns=1) for news in (3, 30))
    assert large.bytes > small.bytes > 0
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in report(iter((small, large))).splitlines()]
    assert [row[:2] for row in rows if row][2:] == [["30", "3"], ["30", "30"]]
