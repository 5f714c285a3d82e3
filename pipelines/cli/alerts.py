"""Commands about whom a night tells how it went: `alerts test`, `alerts check`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.text import Text

from pipelines.alerts import ALERT_CODES, check, try_addresses
from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    business_date,
    print_json,
    print_table,
    styled,
    talk,
)
from pipelines.cli.help import Group, examples
from pipelines.cli.progress import working
from pipelines.config import Addressees, read_addressees, read_config
from schemas.problems import ConfigurationError, ExitCode

commands = typer.Typer(cls=Group, no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    commands.command("test")(try_out)
    commands.command("check", epilog=examples("ecm-exchange alerts check"))(look)
    app.add_typer(commands, name="alerts", help="Try whom a night tells how it went; tell of a missing night.")


def try_out(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Send a trial message to every address of [[alerts]].

    It says that it is one. Ends with 1 when an address did not take it.
    """
    settings = read_config(config)
    addressees = _somebody(settings.addressees, config)
    with working("writing to every address"):
        outcomes = try_addresses(addressees, business_date(settings, None), os.environ)
    if json:
        print_json([{"to": each.to, "code": each.code, "status": each.status} for each in outcomes])
    else:
        print_table(
            "Trial of every address",
            ("to", "what became of it", "what to do"),
            [
                (each.to, Text("taken", "green"), "See that it has arrived.")
                if not each.code
                else (each.to, Text(each.finding, "red"), ALERT_CODES[each.code].remedy)
                for each in outcomes
            ],
        )
    if any(each.code for each in outcomes):
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)


def look(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Tell people if a night is missing or files are owed.

    For cron: it tells those whose hour (`by`) has come, if the night of today is missing or files have not arrived.
    Ends with 1 when it is so and somebody is due to be told, or could not be.
    """
    addressees = read_addressees(config)
    if addressees is None:
        addressees = read_config(config).addressees  # which says what is wrong
    seen = check(_somebody(addressees, config), datetime.now(UTC), os.environ)
    if json:
        print_json({"business_date": seen.on, "code": seen.code, "is_due": seen.is_due, "untold": seen.untold})
    else:
        talk.print(seen.sentence())
        for line in seen.untold:
            talk.print(styled("look at", "yellow", f" {line}"))
    if (seen.code and seen.is_due) or seen.untold:
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)


def _somebody(addressees: Addressees, config: Path) -> Addressees:
    if not addressees.alerts:
        raise ConfigurationError(
            "Y07",
            ALERT_CODES["Y07"].meaning,
            where=str(config),
            remedy=ALERT_CODES["Y07"].remedy,
        )
    return addressees
