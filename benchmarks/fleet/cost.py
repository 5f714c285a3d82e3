"""What a night costs, as a sum of what it has to do: fitted to measured nights, to tell of nights that were not.

Seconds of processor are fitted, not those on the wall: whatever else a machine does moves them little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np


@dataclass(frozen=True)
class Task:
    """What one night has to do."""

    members: int
    """On the plan"""
    rows: int
    """That its files bring: about a hundredth of the members, all of them when a month begins"""
    files: int
    """That it delivers"""


@dataclass(frozen=True)
class Rates:
    """Seconds of processor that a night costs whatever it does, and that each member, row and file adds."""

    night: float
    member: float
    row: float
    file: float

    def of(self, task: Task) -> float:
        """Return what a night costs."""
        return self.night + self.member * task.members + self.row * task.rows + self.file * task.files


Observed = Sequence[tuple[Task, float]]
"""Nights, and what each of them cost."""


def fit(observed: Observed) -> Rates:
    """Find the rates that miss the observed costs least, each by its own part, so that a small night counts as a large.

    None is negative: what would be is taken for nothing, and the others are found again.
    """
    wanted = np.array([cost for _, cost in observed])
    parts = np.array([(1.0, *astuple(task)) for task, _ in observed]) / wanted[:, None]
    found = np.zeros(parts.shape[1])
    kept = list(range(parts.shape[1]))
    while kept:
        solved, *_ = np.linalg.lstsq(parts[:, kept], np.ones(len(wanted)), rcond=None)
        if solved.min() >= 0:
            found[kept] = solved
            break
        kept.pop(int(solved.argmin()))
    return Rates(*map(float, found))


def miss(rates: Rates, observed: Observed) -> float:
    """Return by what part of the observed costs the rates miss them, the mean of all."""
    return float(np.mean([abs(rates.of(task) / cost - 1) for task, cost in observed]))
