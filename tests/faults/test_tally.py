"""The judge of the fault tests must itself see what is lost, doubled or misrouted."""

from __future__ import annotations

import pytest

from tests.faults.tally import Row, Toll, toll

DUE: list[Row] = [("north", "ADD 1"), ("north", "ADD 2"), ("south", "ADD 3")]


@pytest.mark.parametrize(
    ("found", "cost"),
    [
        (DUE, Toll()),
        (DUE[1:], Toll(lost=1)),
        ([*DUE, DUE[0]], Toll(duplicated=1)),
        ([*DUE, ("south", "ADD 1")], Toll(misrouted=1)),
        ([*DUE[1:], ("south", "ADD 1")], Toll(lost=1, misrouted=1)),
        ([], Toll(lost=3)),
    ],
)
def test_rows_are_counted_where_they_were_due(found: list[Row], cost: Toll) -> None:
    assert toll(DUE, found) == cost
