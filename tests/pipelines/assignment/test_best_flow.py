"""A flow that is best by several objectives in their order, compared with every flow there is."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelines.assignment.flow import Network, best_flow

arcs = st.tuples(
    st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda ends: ends[0] != ends[1]),
    st.integers(0, 2),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
)


def whole(numbers: Any) -> Any:
    return np.array(numbers, dtype=np.int64)


def network(drawn: list[Any], supplies: list[int]) -> Network:
    ends, capacities, _ = zip(*drawn, strict=True)
    return Network(whole(supplies), whole([e[0] for e in ends]), whole([e[1] for e in ends]), whole(capacities))


def meets_supplies(net: Network, flow: Any) -> bool:
    left = net.supplies.copy()
    np.subtract.at(left, net.tails, flow)
    np.add.at(left, net.heads, flow)
    return not left.any()


@settings(max_examples=150, deadline=None)
@given(drawn=st.lists(arcs, min_size=1, max_size=6), supply=st.integers(0, 3))
def test_no_flow_is_better_by_the_first_objective_in_which_they_differ(drawn: list[Any], supply: int) -> None:
    net = network(drawn, [supply, 0, 0, -supply])
    objectives = [whole([costs[rank] for _, _, costs in drawn]) for rank in range(3)]
    possible = [
        tuple(int(costs @ whole(flow)) for costs in objectives)
        for flow in itertools.product(*(range(capacity + 1) for capacity in net.capacities))
        if meets_supplies(net, whole(flow))
    ]
    assume(possible)
    found = best_flow(net, *objectives)
    assert meets_supplies(net, found)
    assert (found >= 0).all()
    assert (found <= net.capacities).all()
    assert tuple(int(costs @ found) for costs in objectives) == min(possible)


def test_a_greater_objective_is_never_outweighed_however_great_the_sums_of_a_lesser_one() -> None:
    two_ways = Network(whole([3, -3]), whole([0, 0]), whole([1, 1]), whole([3, 3]))
    found = best_flow(two_ways, whole([0, 1]), whole([2**58, 0]))
    assert found.tolist() == [3, 0]


def test_supplies_that_cannot_be_met_and_costs_beyond_whole_numbers_are_refused() -> None:
    narrow = Network(whole([2, -2]), whole([0]), whole([1]), whole([1]))
    with pytest.raises(ArithmeticError, match="INFEASIBLE"):
        best_flow(narrow, whole([1]))
    wide = Network(whole([1, -1]), whole([0]), whole([1]), whole([1]))
    with pytest.raises(ArithmeticError, match="too great"):
        best_flow(wide, whole([2**59]))
