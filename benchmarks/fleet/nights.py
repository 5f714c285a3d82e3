"""Single nights as they were measured, kept beside the code in `nights.csv`: what costs are fitted to.

`python -m benchmarks.fleet.nights RESULTS.json …` takes them anew from what `make load` left in
`benchmarks/results/simulation/`.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.fleet.cost import Rates, Task, fit

_KEPT = Path(__file__).with_suffix(".csv")


@dataclass(frozen=True)
class MeasuredNight:
    """One night of one plan, in a process of its own."""

    begun_with: int
    """Members on the first full 834"""
    members: int
    providers: int
    night: int
    """1 brings a full 834"""
    rows: int
    files: int
    cpu_seconds: float
    seconds: float
    peak_mb: float
    home_mb: float
    """Of all that the home holds after it"""

    @property
    def task(self) -> Task:
        """What it had to do."""
        return Task(self.members, self.rows, self.files)


def kept_nights() -> Sequence[MeasuredNight]:
    """Read the nights that are kept."""
    kinds: dict[str, Callable[[str], Any]] = {
        field.name: int if field.type == "int" else float for field in fields(MeasuredNight)
    }
    with _KEPT.open(encoding="utf-8", newline="") as file:
        return [
            MeasuredNight(**{name: kinds[name](value) for name, value in row.items()}) for row in csv.DictReader(file)
        ]


@cache
def seconds() -> Rates:
    """Seconds of processor of a night."""
    return fit([(each.task, each.cpu_seconds) for each in kept_nights()])


def _from_results(results: Path) -> Iterator[MeasuredNight]:
    told = json.loads(results.read_text(encoding="utf-8"))
    for each in told["nights"]:
        delivered = next(one for one in each["stations"] if one["station"] == "deliver")
        yield MeasuredNight(
            told["members"], each["tables"]["exchange.members"], told["providers"], each["night"],
            each["files"]["rows_in"], delivered["counts"]["delivered"], round(each["cpu_seconds"], 2),
            round(each["seconds"], 2), round(each["peak_mb"]), round(sum(each["bytes"].values()) / 1e6, 1),
        )  # fmt: skip


def main() -> None:
    """Keep the nights of the results that are named, and no others."""
    nights = [night for name in sys.argv[1:] for night in _from_results(Path(name))]
    nights.sort(key=lambda each: (each.begun_with, each.providers, each.night))
    with _KEPT.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [field.name for field in fields(MeasuredNight)], lineterminator="\n")
        table.writeheader()
        table.writerows(map(asdict, nights))


if __name__ == "__main__":
    main()
