"""Measure, print the tables and write them down: `python -m benchmarks`, or `make bench`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict

from benchmarks import assignment_report, report
from benchmarks.contenders import GROWING, NIGHTS, OTHERS, OURS, REFERENCES, STAGES
from benchmarks.environments import MODELS, PEERS, PROJECT, RESULTS
from benchmarks.library import Library
from benchmarks.machine import machine, versions
from benchmarks.measure import Job, take_turns
from benchmarks.plan import TAKING_PART, figures, given, jobs, large_jobs, sizes
from benchmarks.processes import FailedError, Run, run
from benchmarks.transfer import report as transfer_report
from benchmarks.transfer.measure import measure as measure_transfer

_NIGHTS_AT_MOST = 2
"""Rounds of the two nights, which take longest."""

Runs = Mapping[Job, tuple[Run, ...]]


def main() -> None:
    """Measure as the command line asks."""
    parser = argparse.ArgumentParser(description="Measure the 834 engine beside others.")
    parser.add_argument("--members", type=int, default=100_000, help="of the file that is read (100000)")
    parser.add_argument("--rounds", type=int, default=5, help="how many turns each takes (5)")
    parser.add_argument(
        "--full", action="store_true", help="all of the file for slow programs too, and a million members"
    )
    parser.add_argument("--assignment", action="store_true", help="a night's assignments alone, beside other ways")
    parser.add_argument("--transfer", action="store_true", help="the transfer alone, beside other clients")
    parser.add_argument("--workbook", action="store_true", help="a provider's workbook alone")
    parser.add_argument("--megabytes", type=int, default=128, help="of the large file that is moved (128)")
    asked = parser.parse_args()
    if asked.transfer:
        print(_transfer(asked.megabytes, asked.rounds, whole=asked.full))
        return
    if asked.assignment:
        print(_assignment())
        return
    if asked.workbook:
        print(_workbook(asked.rounds))
        return
    if asked.members < 2 or asked.rounds < 1:
        parser.error("at least two members and one round are needed")
    library = Library(RESULTS / "files")
    try:
        runs = _measure(library, asked.members, asked.rounds, whole=asked.full)
    except FailedError as failed:
        sys.exit(str(failed))
    text = _report(library, runs, asked.members, whole=asked.full)
    written = RESULTS / f"{asked.members}.md"
    written.write_text(text, encoding="utf-8")
    written.with_suffix(".json").write_text(_raw(runs), encoding="utf-8")
    print(text)
    _tell(f"Written to {written.parent.name}/{written.name} and .json")


def _measure(library: Library, members: int, rounds: int, *, whole: bool) -> Runs:
    for environment in (PEERS, MODELS):
        environment.prepare()
    everything = [*jobs(members, whole=whole), *large_jobs(members, whole=whole)]
    for size in sorted({job.members for job in everything}):
        _tell(f"a file of {size:,} members")
        library.full(size)
    library.daily(members)
    runs = take_turns(jobs(members, whole=whole), rounds, library.full, _tell)
    nights = take_turns([Job(NIGHTS, members)], min(rounds, _NIGHTS_AT_MOST), library.full, _tell)
    return runs | nights | take_turns(large_jobs(members, whole=whole), 1, library.full, _tell)


def _report(library: Library, runs: Runs, members: int, *, whole: bool) -> str:
    at_size = {c: found for c in TAKING_PART if (found := figures(runs, c, given(c, members, whole=whole)))}
    by_size = {
        size: {c: found for c in GROWING if (found := figures(runs, c, size))} for size in sizes(members, whole=whole)
    }
    megabytes = {size: library.full(size).stat().st_size / 1e6 for size in by_size}
    nights = [run.answer["nights"] for run in runs[Job(NIGHTS, members)]]
    about = {**machine(), **versions([PEERS, MODELS])}
    return "\n".join(
        (
            f"# The 834 engine, measured with {members:,} members ({megabytes[members]:.0f} MB)\n",
            ", ".join(f"{name} {value}" for name, value in about.items()) + "\n",
            "## Beside others\n",
            report.TIMES_NOTE,
            report.times(at_size, (*OURS, *OTHERS), members),
            report.RATIOS_NOTE,
            report.ratios(at_size, (*OURS, *OTHERS), REFERENCES, members),
            "## Stage by stage\n",
            report.STAGES_NOTE,
            report.stages(at_size, STAGES),
            "## By size\n",
            report.growth(by_size, megabytes, GROWING),
            "## A full file's night and a daily file's night\n",
            report.NIGHTS_NOTE,
            report.nights(nights),
            _assignment(),
        )
    )


def _assignment() -> str:
    _tell("a night's assignments")
    told = run((PROJECT.python, "-m", "benchmarks.assignment")).answer
    return "\n".join(("## A night's assignments\n", assignment_report.NOTE, assignment_report.assignment(told)))


def _workbook(rounds: int) -> str:
    # Imported where it is measured: whoever measures other programs stays small, or their memory is told as its own.
    from benchmarks import workbook  # noqa: PLC0415

    measured = (workbook.measure(2_000, news, rounds) for news in (40, 2_000))
    return "\n".join(("## A provider's workbook\n", workbook.NOTE, workbook.report(measured)))


def _transfer(megabytes: int, rounds: int, *, whole: bool) -> str:
    megabytes, files, names = (1_074, 2_000, 100_000) if whole else (megabytes, 500, 20_000)
    try:
        told = measure_transfer(megabytes, files, names, rounds, _tell)
    except FailedError as failed:
        sys.exit(str(failed))
    sizes = f"{megabytes:,} MB, {files:,} files of 20 KiB, {names:,} names"
    return "\n".join(
        (f"## The transfer, measured with {sizes}\n", transfer_report.NOTE, transfer_report.transfer(told))
    )


def _raw(runs: Runs) -> str:
    """Write down every run."""
    told = [
        {"name": job.contender.name, "members": job.members, "runs": [asdict(run) for run in taken]}
        for job, taken in runs.items()
    ]
    about = {"machine": machine(), "versions": versions([PEERS, MODELS]), "measured": told}
    return json.dumps(about, indent=1) + "\n"


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
