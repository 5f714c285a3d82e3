"""Run the nights and print the tables: `python -m benchmarks.simulation`, or `make load`."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from benchmarks.environments import RESULTS
from benchmarks.machine import machine
from benchmarks.processes import FailedError, run
from benchmarks.simulation import report
from benchmarks.simulation.served import free_ports, put_files_of_the_day, served


def command_line() -> argparse.ArgumentParser:
    """Say what can be asked for."""
    parser = argparse.ArgumentParser(description="Simulate a plan's nights and measure each.")
    parser.add_argument("--members", type=int, default=20_000, help="on the first full 834 (20000)")
    parser.add_argument("--providers", type=int, default=300, help="each with a folder of its own (300)")
    parser.add_argument("--nights", type=int, default=30, help="business days in a row (30)")
    parser.add_argument("--seed", type=int, default=1, help="the same one lives the same days (1)")
    return parser


def main() -> None:
    """Simulate what the command line asks for."""
    asked = command_line().parse_args()
    folder = RESULTS / "simulation" / f"{asked.members}-{asked.providers}-{asked.nights}-{asked.seed}"
    try:
        told = simulate(folder, asked.members, asked.providers, asked.nights, asked.seed)
    except FailedError as failed:
        sys.exit(str(failed))
    text = report.tables(machine(), told)
    folder.with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


def simulate(folder: Path, members: int, providers: int, nights: int, seed: int) -> dict[str, Any]:
    """Run the nights of a plan made anew in `folder`; what is measured is written down after each.

    This process stays small, for the sake of what `benchmarks.processes` measures: children do everything.
    """
    shutil.rmtree(folder, ignore_errors=True)
    numbers = [str(number) for number in (members, providers, nights, seed)]
    run([sys.executable, "-m", "benchmarks.simulation.plan", folder, *numbers[:2], str(free_ports(1)[0])])
    _say(f"writing the files of {nights} nights")
    run([sys.executable, "-m", "benchmarks.simulation.inboxes", folder / "days", *numbers])
    told: dict[str, Any] = {"members": members, "providers": providers, "seed": seed, "nights": []}
    with served(folder):
        for day in sorted((folder / "days").iterdir()):
            put_files_of_the_day(day, folder)
            done = run([sys.executable, "-m", "benchmarks.simulation.night", folder / "exchange.toml", day.name])
            night = {
                "night": len(told["nights"]) + 1, "on": day.name, "seconds": done.seconds, "peak_mb": done.peak_mb,
                "cpu_seconds": done.cpu_seconds, "bytes": sizes(folder / "home"), **done.answer,
            }  # fmt: skip
            told["nights"].append(night)
            folder.with_suffix(".json").write_text(json.dumps(told, indent=1), encoding="utf-8")
            _say(f"night {night['night']} of {day.name}: {done.seconds:.1f} s, {done.peak_mb:.0f} MB")
    return told


def sizes(home: Path) -> dict[str, int]:
    """Count the bytes of each file of the home, and of all below each of its folders."""
    return {
        place.name: sum(path.stat().st_size for path in (place, *place.rglob("*")) if path.is_file())
        for place in sorted(home.iterdir())
    }


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
