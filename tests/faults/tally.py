"""What became of everybody's rows under a fault: the fixture `survived`, and the table that tells of all of them.

A test that injects a fault compares what recipients found with what they would have found without it. Its figures
travel with its report, so that they reach the table from other processes too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Protocol

import pytest

_PROPERTY = "fault"
_RESULTS: list[tuple[str, Toll]] = []

Row = tuple[str, Hashable]
"""A recipient (or another place that only some rows may reach) and what it was told there, once for each time."""


@dataclass(frozen=True)
class Toll:
    """What a fault cost, in rows."""

    lost: int = 0
    duplicated: int = 0
    misrouted: int = 0

    def __bool__(self) -> bool:
        return any((self.lost, self.duplicated, self.misrouted))


class Survived(Protocol):
    """Judge a fault and enter it into the table."""

    def __call__(self, kind: str, *, expected: Iterable[Row], found: Iterable[Row]) -> None:
        """Assert that every recipient found what it should, once, and nothing else; `kind` names the fault."""


def toll(expected: Iterable[Row], found: Iterable[Row]) -> Toll:
    """Count what is missing, what is there too often, and what stands where it was never meant to be."""
    due, there = Counter(expected), Counter(found)
    return Toll(
        lost=(due - there).total(),
        duplicated=sum(count - due[row] for row, count in there.items() if row in due and count > due[row]),
        misrouted=sum(count for row, count in there.items() if row not in due),
    )


@pytest.fixture
def survived(request: pytest.FixtureRequest) -> Callable[..., None]:
    def judge(kind: str, *, expected: Iterable[Row], found: Iterable[Row]) -> None:
        cost = toll(expected, found)
        request.node.user_properties.append((_PROPERTY, (kind, cost.lost, cost.duplicated, cost.misrouted)))
        assert not cost, f"{kind}: {cost}"

    return judge


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call":
        _RESULTS.extend(
            (kind, Toll(*figures))
            for name, (kind, *figures) in (entry for entry in report.user_properties if entry[0] == _PROPERTY)
        )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _RESULTS:
        return
    by_kind: defaultdict[str, list[Toll]] = defaultdict(list)
    for kind, cost in _RESULTS:
        by_kind[kind].append(cost)
    width = max(map(len, by_kind))
    terminalreporter.section("faults survived")
    terminalreporter.write_line(f"{'kind':<{width}}  tried   lost  duplicated  misrouted")
    for kind, costs in [*sorted(by_kind.items()), ("all", [cost for _, cost in _RESULTS])]:
        lost, duplicated, misrouted = (sum(getattr(c, name) for c in costs) for name in Toll.__dataclass_fields__)
        terminalreporter.write_line(f"{kind:<{width}}  {len(costs):>5}  {lost:>5}  {duplicated:>10}  {misrouted:>9}")
