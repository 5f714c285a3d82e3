"""What the commands share: the options, today's business date, JSON; and, from their modules, screens and tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from pipelines.cli.screen import out, styled, talk
from pipelines.cli.tables import print_pairs, print_table
from pipelines.config import ExchangeConfig
from schemas.visible import visible_json

__all__ = [
    "DEFAULT_CONFIG", "ByOption", "CinArgument", "ConfigOption", "DateOption", "JsonOption", "NightOption",
    "ReasonOption", "business_date", "day_option", "out", "print_json", "print_pairs", "print_table", "styled", "talk",
    "tell_of_codes",
]  # fmt: skip

DAY = "YYYY-MM-DD"
"""How a day is written, for the help."""


def a_day(text: str) -> date:
    """Read a day as it is given on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"it is no day of the calendar; write it as {DAY}") from None


def day_option(name: str, *, help: str) -> Any:  # noqa: A002 - as typer calls it
    """Declare an option that takes a day."""
    return typer.Option(name, parser=a_day, metavar=DAY, help=help)


DEFAULT_CONFIG = Path("exchange.toml")

ConfigOption = Annotated[Path, typer.Option("--config", metavar="FILE", help="The plan's configuration.")]
ReasonOption = Annotated[str, typer.Option(metavar="TEXT", help="Why, for the record; no health information.")]
ByOption = Annotated[str, typer.Option(metavar="NAME", help="Who decides, for the record.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON to stdout, for machines.")]
DateOption = Annotated[date | None, day_option("--date", help="Business date; today where the plan is unless given.")]
NightOption = Annotated[date | None, day_option("--date", help="The night; the last one unless given.")]
CinArgument = Annotated[str, typer.Argument(metavar="CIN", help="The member's CIN.")]


def business_date(config: ExchangeConfig, given: date | None) -> date:
    """Take the date that was given, or today where the plan is: the only place a clock is asked for a date."""
    return given if given is not None else datetime.now(ZoneInfo(config.plan.timezone)).date()


def print_json(value: Any) -> None:
    """Print a value as JSON to stdout; dates become ISO text, and what JSON has no word for is refused."""
    told = json.dumps(value, indent=2, default=_in_json, ensure_ascii=False, allow_nan=False)
    sys.stdout.write(visible_json(told) + "\n")


def _in_json(value: object) -> str:
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(type(value).__name__)


def tell_of_codes(codes: Iterable[str]) -> None:
    """Say where more is told of the codes that were shown, by the example of the first."""
    if first := next(iter(codes), ""):
        talk.print(f"Why, and what to do: ecm-exchange explain-code {first}")
