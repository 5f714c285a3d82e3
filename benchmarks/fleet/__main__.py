"""Measure nights of fleets and print the tables: `python -m benchmarks.fleet`, or `make fleet-bench`."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from benchmarks.fleet import tables
from benchmarks.fleet.fleets import DAILY, FIRST, MeasuredFleet, keep, read_fleets, write_fleets
from benchmarks.fleet.measure import measure
from benchmarks.fleet.plans import FleetPlan, write_plans, written_plans
from benchmarks.fleet.sizes import sizes_below
from benchmarks.fleet.stand import stand_of
from benchmarks.machine import machine
from benchmarks.processes import ROOT, FailedError, run
from benchmarks.simulation.served import served

_ALL = ((FIRST, 5, 2), *((DAILY, plans, workers) for plans in (5, 1, 25) for workers in (4, 2, 1)))
"""Kinds of nights, plans and workers."""
_SEED = 1
_FLEETS = ROOT / "fleet-bench"
"""Outside of the program, whose folders every plan's nights can read."""

Wanted: TypeAlias = tuple[str, int, int]


def command_line() -> argparse.ArgumentParser:
    """Say what can be asked for."""
    parser = argparse.ArgumentParser(description="Measure nights of many plans on workers of this machine.")
    parser.add_argument("--plans", type=int, default=5, help="of sizes as in life (5)")
    parser.add_argument("--workers", type=int, default=2, help="that share their nights (2)")
    parser.add_argument("--largest", type=int, default=20_000, help="members of the largest plan (20000)")
    parser.add_argument("--depot", action="store_true", help="homes that are kept in a depot between nights")
    parser.add_argument(
        "--all", action="store_true", help="1, 5 and 25 plans on 1, 2 and 4 workers, for the tables of docs/scale.md"
    )
    return parser


def main() -> None:
    """Measure what the command line asks for; what was measured before an interruption is not measured again."""
    asked = command_line().parse_args()
    signal.signal(signal.SIGTERM, _stop)  # so that what was started is ended whoever ends this
    wanted = _ALL if asked.all else ((FIRST, asked.plans, asked.workers), (DAILY, asked.plans, asked.workers))
    folder = _FLEETS / ("all" if asked.all else f"{asked.plans}-{asked.workers}")
    try:
        fleets = measure_all(folder, asked.largest, wanted, depot=asked.depot)
    except FailedError as failed:
        sys.exit(str(failed))
    if asked.all:
        keep(fleets)
    print(", ".join(f"{name} {value}" for name, value in machine().items()), end="\n\n")
    print(tables.fleets(fleets), tables.databases(fleets), sep="\n")


def measure_all(
    folder: Path, largest: int, wanted: Sequence[Wanted], *, depot: bool = False
) -> Sequence[MeasuredFleet]:
    """Measure all that is wanted of a fleet, one after the other; plans whose first night is not wanted begin before.

    What was measured stands in `measured.json` until all of it is; begun again before that, this goes on from there.
    """
    told = folder / "measured.json"
    fleets = list(read_fleets(told)) if told.exists() else []
    if not (folder / "whole").exists() or len(fleets) == len(wanted):
        shutil.rmtree(folder, ignore_errors=True)
        write_plans(
            folder, sizes_below(largest, max(many for _, many, _ in wanted)), 1 + len(wanted), _SEED, depot=depot
        )
        (folder / "whole").touch()
        fleets = []
    plans = written_plans(folder)
    _begin(plans[max(many for kind, many, _ in wanted if kind == FIRST) :])
    with stand_of(folder, plans) as stand:
        for kind, many, workers in wanted[len(fleets) :]:
            fleets.append(measure(stand, plans[:many], workers, kind=kind))
            write_fleets(told, fleets)
            _say(f"{kind} night of {many} plans on {workers} workers: {fleets[-1].seconds:.0f} s")
    return fleets


def _begin(plans: Sequence[FleetPlan]) -> None:
    """Let the first night of plans pass that have had none, each in a process of its own."""
    for plan in plans:
        if not plan.has_begun:
            _say(f"first night of {plan.id}, which is not measured")
            on = plan.next_day()
            with served(plan.folder):
                run(
                    [sys.executable, "-m", "benchmarks.simulation.night", plan.folder / "exchange.toml", on.isoformat()]
                )


def _stop(number: int, _: object) -> None:
    sys.exit(128 + number)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
