"""Commands that look back on what was sent: `resend` the very bytes, `replay` how they came about."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    business_date,
    print_json,
    print_table,
    talk,
)
from pipelines.config import read_config, read_roster
from pipelines.delivery.resend import resend as send_again
from pipelines.replay import replay as make_again
from pipelines.warehouse import open_warehouse
from schemas.problems import ExitCode

NightOption = Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="The night in question.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(resend)
    app.command()(replay)


def resend(
    provider: Annotated[str, typer.Option(help="The provider's NPI.")],
    date: NightOption,
    reason: Annotated[str, typer.Option(help="Why, for the record; no health information.")] = "",
    by: Annotated[str, typer.Option(help="Who asks for it.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Put what a provider was delivered on a day into its folder again, byte for byte, where it is there no more."""
    settings = read_config(config)
    on = business_date(settings, None)
    roster = read_roster(settings.delivery.providers).as_of(on)
    with open_warehouse(settings.home) as warehouse:
        results = send_again(
            warehouse, settings, roster, provider, date.date(), on=on, reason=reason, resent_by=by, sleep=time.sleep
        )
    if json:
        print_json([asdict(result) for result in results])
    else:
        print_table(f"To {provider} again", ("file", "outcome", "code"), [(r.name, r.outcome, r.code) for r in results])
    if any(result.code for result in results):
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)


def replay(date: NightOption, config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Make the files of a past night again from what that night knew, and compare them with what was sent.

    Nothing is sent or changed. Ends with 0 when every file comes out byte for byte, with 1 when one does not.
    """
    settings = read_config(config)
    roster = read_roster(settings.delivery.providers)
    with open_warehouse(settings.home) as warehouse:
        found = make_again(warehouse, settings, roster, date.date())
    if json:
        print_json(asdict(found))
    elif found.differs:
        print_table(
            f"Files of the night of {found.business_date} that come out otherwise",
            ("NPI", "file", "batch", "came out", "rows then", "rows now", "alike"),
            [
                (f.npi, f.name, f.batch, f.verdict, f.rows_then, f.rows_now, f.rows_alike)
                for f in found.files
                if f.verdict != "IDENTICAL"
            ],
        )
    identical = sum(file.verdict == "IDENTICAL" for file in found.files)
    talk.print(f"{identical} of {len(found.files)} files of the night of {found.business_date} came out byte for byte.")
    if not found.differs:
        return
    for cause in found.known_causes:
        talk.print(f"It may be because {cause}.")
    if not found.known_causes:
        talk.print(
            "Program, configuration and providers are those of then, and nothing else is known that would explain it: "
            "`ecm-exchange rebuild` tells whether what stands now follows from the facts. Report it."
        )
    raise typer.Exit(ExitCode.PROBLEMS_FOUND)
