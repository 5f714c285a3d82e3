"""Commands that run a night or act on it: `run`, `plan`, `assign`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date as day
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from pipelines.alerts import tell_of_stop
from pipelines.assignment import decide
from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ByOption,
    CinArgument,
    ConfigOption,
    DateOption,
    JsonOption,
    ReasonOption,
    business_date,
    out,
    print_json,
    print_table,
    styled,
    talk,
)
from pipelines.cli.completion import provider_npis
from pipelines.cli.help import examples
from pipelines.cli.progress import shown, working
from pipelines.config import read_addressees, read_config, read_roster
from pipelines.delivery.preview import preview, why_nothing
from pipelines.nightly import STATIONS, Night, StationResult, run_night
from pipelines.reporting.page import stop_by
from pipelines.runs import refuse_leap, unfinished
from pipelines.warehouse import open_warehouse
from schemas.problems import AnotherRunActive, ExitCode

_ASSIGN = 'ecm-exchange assign CIN 2916482120 --reason "knows the family" --by "A. Liaison"'


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(epilog=examples("ecm-exchange run", "ecm-exchange run --date 2026-11-03 --json"))(run)
    app.command(epilog=examples("ecm-exchange plan --date 2026-11-03"))(plan)
    app.command(epilog=examples(_ASSIGN))(assign)


def run(config: ConfigOption = DEFAULT_CONFIG, date: DateOption = None, json: JsonOption = False) -> None:
    """Run the nightly exchange: receive, load, decide, deliver.

    A night can be run again at any time: it goes on from what stands, changes nothing twice and sends nothing twice.
    Ends with 1 when something is to be looked at; each such matter is a line on stderr.
    """
    with refusal_told(config, date) as begun:
        settings = read_config(config)
        on = business_date(settings, date)
        roster = read_roster(settings.delivery.providers).as_of(on)
        with open_warehouse(settings.home, settings.backups) as warehouse:
            refuse_leap(warehouse, on, today=business_date(settings, None))
            night = begun.night = Night(warehouse, settings, roster, on)
            results = run_with_progress(night, f"night of {on}")
    if json:
        print_json(
            {
                "business_date": on,
                "stations": [
                    {"station": r.station, "seconds": round(r.seconds, 3), "counts": r.counts} for r in results
                ],
                "problems": night.problems,
            }
        )
    else:
        print_table(
            f"Night of {on}",
            ("station", "seconds", "counts"),
            [(r.station, round(r.seconds, 2), _counts(r)) for r in results],
        )
    for problem in night.problems:
        talk.print(styled("look at", "yellow", f" {problem}"))
    if night.problems:
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)


@dataclass
class Begun:
    """A night that is to be run, once it could be."""

    night: Night | None = None


@contextmanager
def refusal_told(config: Path, given: day | None) -> Iterator[Begun]:
    """Tell people of a night that was refused before its first station; from there on the night itself tells.

    Somebody at a terminal sees it there, and a second run of a night that is at work is nothing to tell.
    """
    begun = Begun()
    try:
        yield begun
    except Exception as refusal:
        has_been_told = begun.night is not None and begun.night.has_stopped
        if not (has_been_told or talk.is_terminal) and (addressees := read_addressees(config)) is not None:
            on = given or datetime.now(ZoneInfo(addressees.timezone)).date()
            if isinstance(refusal, AnotherRunActive) and _is_at_work(addressees.home, on):
                raise
            for line in tell_of_stop(addressees, on, stop_by("", refusal), os.environ):
                talk.print(styled("look at", "yellow", f" {line}"))
        raise


def _is_at_work(home: Path, on: day) -> bool:
    left = unfinished(home)
    return left is not None and left.is_at_work and left.run.business_date == on


def run_with_progress(night: Night, title: str) -> list[StationResult]:
    """Run a night and show on stderr, to a person who looks, which station it is at."""
    results: list[StationResult] = []
    with shown() as progress:
        if progress is None:
            return list(run_night(night))
        task = progress.add_task(title, total=len(STATIONS))
        loading = progress.add_task("834", visible=False)
        night.progress = lambda done, total: progress.update(
            loading, completed=done, total=total, visible=done < total, description=f"834 of {total / 1e6:,.0f} MB"
        )
        for result in run_night(night):
            results.append(result)
            done = len(results)
            coming = STATIONS[done][0] if done < len(STATIONS) else "done"
            progress.update(task, advance=1, description=f"{title}: {coming}")
    return results


def plan(config: ConfigOption = DEFAULT_CONFIG, date: DateOption = None, json: JsonOption = False) -> None:
    """Tell what would be sent to whom, and why; send nothing.

    It follows from what has been received so far. Nothing is fetched, sent or changed.
    """
    settings = read_config(config)
    on = business_date(settings, date)
    roster = read_roster(settings.delivery.providers).as_of(on)
    with open_warehouse(settings.home, settings.backups) as warehouse, working("working out what would be sent"):
        planned = preview(warehouse, settings, roster, on)
        nothing = "" if planned else why_nothing(warehouse, settings, roster, on)
    if json:
        print_json(
            [
                {"npi": p.npi, "provider": p.name, "scope": p.scope, "rows": p.rows, "why": p.why, "held": p.held}
                for p in planned
            ]
        )
    elif nothing:
        out.print(f"Nothing would be sent for {on:%A} {on}: {nothing}.")
    else:
        print_table(
            f"To be sent for {on}",
            ("NPI", "provider", "file", "rows", "why", "held by"),
            [(p.npi, p.name, p.scope, p.rows, p.why, p.held) for p in planned],
        )


def assign(
    cin: CinArgument,
    npi: Annotated[str, typer.Argument(metavar="NPI", help="The provider's NPI.", autocompletion=provider_npis)],
    reason: ReasonOption,
    by: ByOption,
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
) -> None:
    """Record the liaison's decision: this provider has the member.

    The next run acts on it: the provider is told, and so is the one that had the member before.
    """
    settings = read_config(config)
    on = business_date(settings, date)
    roster = read_roster(settings.delivery.providers).as_of(on)
    with open_warehouse(settings.home, settings.backups) as warehouse:
        decide(warehouse, roster, cin, npi, on=on, reason=reason, decided_by=by)
    talk.print(f"Decided. The next run assigns the member to {roster.by_npi()[npi].name}.")


def _counts(result: StationResult) -> str:
    return ", ".join(f"{name} {number}" for name, number in result.counts.items() if number)
