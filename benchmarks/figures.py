"""What several runs of a program on one file say together."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from benchmarks.processes import Run


@dataclass(frozen=True)
class Cost:
    """Seconds of the best run, by one clock."""

    best: float
    start_up: float
    """Seconds that a file of one member takes"""
    members: int

    @property
    def per_member(self) -> float:
        """Seconds that each further member takes."""
        return max(self.best - self.start_up, 0.0) / max(self.members - 1, 1)

    def of(self, members: int) -> float:
        """Seconds that so many members take: as measured, or as each further member adds its part."""
        return self.best if members == self.members else self.start_up + self.per_member * (members - 1)


@dataclass(frozen=True)
class Figures:
    """The runs of a program on a file with so many members; all of whole processes, start-up included."""

    members: int
    runs: tuple[Run, ...]
    of_one: tuple[Run, ...]
    """Its runs on a file of one member, which tell what starting it costs"""

    @property
    def time(self) -> Cost:
        """By the clock on the wall. The fastest run counts: others on the machine disturbed it least."""
        return Cost(min(r.seconds for r in self.runs), min(r.seconds for r in self.of_one), self.members)

    @property
    def work(self) -> Cost:
        """By the processors' time, of all its threads and processes, which others on the machine disturb little."""
        return Cost(min(r.cpu_seconds for r in self.runs), min(r.cpu_seconds for r in self.of_one), self.members)

    @property
    def median(self) -> float:
        """Seconds of the run in the middle."""
        return statistics.median(r.seconds for r in self.runs)

    @property
    def slowest(self) -> float:
        """Seconds of the slowest run."""
        return max(r.seconds for r in self.runs)

    @property
    def peak_mb(self) -> float:
        """Peak memory in MB, of the largest single process."""
        return max(r.peak_mb for r in self.runs)
