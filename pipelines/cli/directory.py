"""The command `directory`: the providers as the plan knows them or as the public does, and how counties are served."""

from __future__ import annotations

import sys
from datetime import date as day
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    DateOption,
    JsonOption,
    business_date,
    print_table,
    talk,
)
from pipelines.cli.help import examples
from pipelines.config import ExchangeConfig, read_config
from pipelines.config.networks import read_networks
from pipelines.directory import FORMS, Form, Section, publish_directory, read_sections, render, write_edition
from pipelines.sheets import Cell
from pipelines.warehouse import open_published, open_warehouse
from schemas.problems import ConfigurationError

_NOT_ON_SCREEN = {
    "phone", "email", "ffs_enrolled", "facility_contracts", "tin", "since", "host", "port", "username", "folder",
}  # fmt: skip


class _Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        epilog=examples("ecm-exchange directory", "ecm-exchange directory --format csv --out providers_today.csv",
                        "ecm-exchange directory --public --out directory.json")
    )(directory)  # fmt: skip


def directory(
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
    form: Annotated[
        _Format | None, typer.Option("--format", help="How to write it; else by the ending of --out, or as a table.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", dir_okay=False, help="File to write.")] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Only what the public sees; with --out, publish this edition.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show the providers, and how counties are served.

    With --public and --out the public edition is written, and the changes that it tells count as published.
    """
    written = _form_of(_Format.JSON if json and form is None else form, out)
    settings = read_config(config)
    on = business_date(settings, date)
    if public and out is not None and written is not None:
        _publish(settings, out, written, on)
        return
    if not public:
        _tell_mistakes_of_networks(settings)
    with open_published(settings.home) as warehouse:
        sections = read_sections(warehouse, on, public=public)
    if written is None:
        _show(sections, public=public)
    elif out is None:
        sys.stdout.buffer.write(render(sections, written, on))
    else:
        write_edition(out, render(sections, written, on))
        talk.print(f"Written for the plan's own use: {out}")


def _form_of(form: _Format | None, out: Path | None) -> Form | None:
    """Return what is to be written; nothing for a table on the screen."""
    named = form.value if form is not None else "table" if out is None else out.suffix.lower().removeprefix(".")
    written = next((each for each in FORMS if each == named), None)
    if out is not None and written is None:
        raise typer.BadParameter("a file is csv, json or xlsx", param_hint="--format")
    if out is None and written == "xlsx":
        raise typer.BadParameter("a workbook needs a file: give --out", param_hint="--format")
    return written


def _publish(settings: ExchangeConfig, out: Path, form: Form, on: day) -> None:
    with open_warehouse(settings.home, settings.backups) as warehouse:
        published = publish_directory(warehouse, settings, out, form, on)
    talk.print(f"Published as of {on}: {published.providers} providers; {published.changes} changes are told by it.")
    talk.print("Put the file where the public finds it. The readers' copy knows of it after the next night.")


def _tell_mistakes_of_networks(settings: ExchangeConfig) -> None:
    """Say which lines keep the overlap from being computed; the rest of the directory does not depend on them."""
    if settings.directory.other_networks is None:
        return
    try:
        read_networks(settings.directory.other_networks, own_plan=settings.plan.id)
    except ConfigurationError as problem:
        talk.print(f"{problem.code} {problem.what}")
        talk.print(f"  where  {problem.where}")


def _show(sections: tuple[Section, ...], *, public: bool) -> None:
    """Print the tables; without the columns that a screen has no room for and nobody reads on one."""
    for section in sections:
        if section.rows:
            title = f"{section.title}. {section.note}" if section.note else section.title
            told = [place for place, name in enumerate(section.columns) if public or name not in _NOT_ON_SCREEN]
            names = list(section.columns)
            print_table(
                title,
                [names[place].replace("_", " ") for place in told],
                [[_in_words(row[place]) for place in told] for row in section.rows],
            )
    if not public:
        talk.print("Phones, contracts, tax numbers and folders of the providers: with --format csv.")


def _in_words(cell: Cell) -> Cell:
    """Let a list be broken between two of its entries, and not within one."""
    return cell.replace(";", "; ") if isinstance(cell, str) else cell
