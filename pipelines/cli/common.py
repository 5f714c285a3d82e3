"""What the commands share: consoles, the configuration option, today's business date, tables and JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from pipelines.config import ExchangeConfig
from schemas.visible import visible, visible_json


class _Screen(Console):
    """A console on which text is what it is: nothing in it is markup, and nothing in it steers the terminal."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is to be shown, each character of it visible."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


talk = _Screen(stderr=True, markup=False)
"""For people: progress, problems, where to look."""

out = _Screen(markup=False)
"""For results."""

if not out.is_terminal:
    out.width = 160  # a file or pipe has no width: keep rows on one line

DEFAULT_CONFIG = Path("exchange.toml")

ConfigOption = Annotated[Path, typer.Option("--config", help="The plan's configuration.", show_default=True)]
ReasonOption = Annotated[str, typer.Option(help="Why, for the record; no health information.")]
ByOption = Annotated[str, typer.Option(help="Who decides.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
DateOption = Annotated[
    datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Business date; today in the plan's zone.")
]
NightOption = Annotated[
    datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="As of this day; the last night unless given.")
]


def business_date(config: ExchangeConfig, given: datetime | None) -> date:
    """Take the date that was given, or today where the plan is: the only place a clock is asked for a date."""
    return given.date() if given is not None else datetime.now(ZoneInfo(config.plan.timezone)).date()


def styled(text: str, style: str, rest: str = "") -> Text:
    """Return a line that begins with `text` in a style."""
    return Text.assemble((text, style), rest)


def print_json(value: Any) -> None:
    """Print a value as JSON to stdout; dates become ISO text."""
    sys.stdout.write(visible_json(json.dumps(value, indent=2, default=str, ensure_ascii=False)) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows to stdout as a table; numbers stand to the right, text is never taken for markup."""
    rows = [tuple(row) for row in rows]
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for place, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[place], int | float) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text("" if cell is None else str(cell)) for cell in row))
    out.print(table)


def tell_of_codes(codes: Iterable[str]) -> None:
    """Say where more is told of the codes that were shown, by the example of the first."""
    if first := next(iter(codes), ""):
        talk.print(f"Why, and what to do: ecm-exchange explain-code {first}", highlight=False)
