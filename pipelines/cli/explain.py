"""The command `explain`: why a member stands where it stands."""

from __future__ import annotations

import typer

from pipelines.cli.common import (
    DEFAULT_CONFIG,
    CinArgument,
    ConfigOption,
    JsonOption,
    out,
    print_json,
    print_pairs,
    print_table,
    styled,
)
from pipelines.cli.help import examples
from pipelines.config import read_config
from pipelines.explain import Section
from pipelines.explain import explain as gather
from pipelines.warehouse import open_published

_MOST_COLUMNS = 10
"""Beyond so many, each row of a table is shown upright, a line a column."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(epilog=examples("ecm-exchange explain 91234567A"))(explain)


def explain(cin: CinArgument, config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Explain where a member stands, rule by rule. PHI.

    Facts with their files, states, authorization, assignment and who was passed over, clocks, deliveries: as the last
    run left them, and whichever of the person's CINs is given.
    """
    settings = read_config(config)
    with open_published(settings.home) as warehouse:
        page = gather(warehouse, cin.strip().upper())
    if json:
        print_json(page.as_dict())
        return
    also = f", also known as {', '.join(page.also_known_as)}" if page.also_known_as else ""
    out.print(styled(page.cin, "bold", f"{also}\n"))
    for section in page.sections:
        if sum(any(row[place] is not None for row in section.rows) for place in range(len(section.columns))) > (
            _MOST_COLUMNS
        ):
            _show_upright(section)
        else:
            print_table(section.title, section.columns, section.rows)
    print_table("The rules named above", ("rule", "says", "source"), [(r.id, r.says, r.source) for r in page.rules])


def _show_upright(section: Section) -> None:
    for number, row in enumerate(section.rows, start=1):
        title = section.title if len(section.rows) == 1 else f"{section.title}, {number} of {len(section.rows)}"
        print_pairs(title, zip(section.columns, row, strict=True))
