"""The command `report`: what is written for the state, for plan operations, and for those the plan works with."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    DateOption,
    JsonOption,
    business_date,
    print_json,
    talk,
)
from pipelines.config import read_config, read_roster
from pipelines.reporting.months import Month
from pipelines.reporting.state_report import NAME, report_to_state, state_report, usual_path
from pipelines.warehouse import open_warehouse

MonthOption = Annotated[str | None, typer.Option(help="The month, YYYY-MM; the last one that is over unless given.")]
OutOption = Annotated[
    Path | None,
    typer.Option(allow_dash=True, dir_okay=False, help="File to write, or - for stdout; below the home unless given."),
]

_STDOUT = Path("-")

report = typer.Typer(
    name="report",
    help="Write a report to the state or for plan operations. PHI: it is written for your account alone.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(report)


@report.command(NAME)
def dhcs_json(
    config: ConfigOption = DEFAULT_CONFIG,
    month: MonthOption = None,
    out: OutOption = None,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Write JI members, authorizations, assignments and providers of a month for DHCS, as of its last day (R35). PHI.

    The same month gives the same bytes, whenever it is asked for. What is written to a file counts as reported.
    """
    settings = read_config(config)
    today = business_date(settings, date)
    of = Month.named(month) if month is not None else Month.before(today)
    roster = read_roster(settings.delivery.providers)
    with open_warehouse(settings.home) as warehouse:
        if out == _STDOUT:
            content, _ = state_report(warehouse, settings, roster, of, today=today)
            sys.stdout.buffer.write(content)
            return
        path = out or usual_path(settings, of)
        written = report_to_state(warehouse, settings, roster, of, path, today=today)
    if json:
        print_json({"report": NAME, **asdict(written), "month": str(of)})
    talk.print(f"{written.members} members of {of}: {path}", highlight=False, soft_wrap=True)
    talk.print(f"Send it to DHCS by {written.due}. The readers' copy knows of it after the next night.")
