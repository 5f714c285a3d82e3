"""Least-cost flow through a network, for several objectives in their order of rank. Knows nothing of members.

Ranked objectives are usually folded into one by weights so large that a lesser one can never outweigh a greater. Here
no weight is needed, so that none can overflow: each objective is solved by itself, and what its best flows have in
common is kept for the next one. The prices of the nodes tell what that is. An arc that costs more than the difference
in price between its ends is used as little as may be in every best flow, one that costs less as much as may be, and
all others are free.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """Nodes 0, 1, 2, ... and arcs between them; several arcs may join the same two nodes."""

    supplies: Integers
    """What each node gives, or takes when negative; together nothing."""
    tails: Integers
    """By arc, the node it comes from."""
    heads: Integers
    """By arc, the node it goes to."""
    capacities: Integers
    """By arc, how much may flow at most."""


def best_flow(network: Network, first: Integers, *others: Integers) -> Integers:
    """Return the flow of each arc that is best by the first objective, among those best by the second, and so on.

    An objective is what a unit of flow costs on each arc: whole numbers from 0, and the number of nodes times the
    greatest below 2**60, so that all sums stay exact.

    Raises
    ------
    ArithmeticError
        When no flow meets all supplies, or the costs are beyond that bound.
    """
    least, most = np.zeros_like(network.capacities), network.capacities
    flow = least
    for costs in (first, *others):
        flow = _cheapest(network, least, most, costs)
        prices = _prices(network, least, most, flow, costs)
        surplus = costs - (prices[network.heads] - prices[network.tails])
        least, most = np.where(surplus < 0, most, least), np.where(surplus > 0, least, most)
    return flow


def _cheapest(network: Network, least: Integers, most: Integers, costs: Integers) -> Integers:
    """Solve one objective: what must flow is sent ahead, and the solver decides on the rest."""
    if len(network.supplies) * costs.max(initial=0) >= 2**60:
        raise ArithmeticError("the costs are too great for whole numbers of 64 bits")
    free = np.flatnonzero(most > least)
    supplies = network.supplies.copy()
    np.subtract.at(supplies, network.tails, least)
    np.add.at(supplies, network.heads, least)
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        network.tails[free], network.heads[free], (most - least)[free], costs[free]
    )
    solver.set_nodes_supplies(np.arange(len(supplies)), supplies)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow cannot be solved: {status.name}")
    flow = least.copy()
    flow[free] += solver.flows(arcs)
    return flow


def _prices(network: Network, least: Integers, most: Integers, flow: Integers, costs: Integers) -> Integers:
    """Price the nodes by the cheapest way that one unit more could take to each, undoing flow included.

    That such ways exist, without a circle that would pay, is what proves that the flow is the cheapest.
    """
    more, back = np.flatnonzero(flow < most), np.flatnonzero(flow > least)
    starts = np.concatenate([network.tails[more], network.heads[back]])
    ends = np.concatenate([network.heads[more], network.tails[back]])
    steps = np.concatenate([costs[more], -costs[back]])
    order = np.argsort(ends, kind="stable")
    starts, steps = starts[order], steps[order]
    reached, first_of_each = np.unique(ends[order], return_index=True)
    prices = np.zeros(len(network.supplies), dtype=np.int64)
    for _ in range(len(prices) + 1):
        cheapest = np.minimum.reduceat(prices[starts] + steps, first_of_each) if len(starts) else prices[reached]
        if (cheapest >= prices[reached]).all():
            return prices
        prices[reached] = np.minimum(prices[reached], cheapest)
    raise ArithmeticError("the flow is not the cheapest")
