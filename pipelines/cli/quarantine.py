"""Commands on what is held: `release`, and `quarantine` with `list`, `show`, `export` and `release`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date as day
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ByOption,
    ConfigOption,
    DateOption,
    JsonOption,
    ReasonOption,
    business_date,
    day_option,
    out,
    print_json,
    print_table,
    talk,
    tell_of_codes,
)
from pipelines.cli.help import Group, examples
from pipelines.config import read_config
from pipelines.releases import READ_AGAIN
from pipelines.releases import release as let_through
from pipelines.releases.quarantine import (
    Entry,
    NotThere,
    corrections_in,
    file_in_question,
    findings_in,
    list_quarantine,
    rejected_rows_of,
    rows_held,
)
from pipelines.releases.record import find_held
from pipelines.warehouse import open_published, open_warehouse
from pipelines.warehouse.audit import note
from schemas.findings import CATALOGUE

_SHORT = 12
"""Characters of an id that are shown: enough to tell it from all others."""

_SHOWN = 200
_COLUMNS = ("id", "of", "kind", "night", "code", "rows", "came again", "meaning", "detail", "then")

commands = typer.Typer(cls=Group, no_args_is_help=True)

_RELEASE = 'ecm-exchange release 5b1d0c7e9a42 --reason "sender confirmed" --by "A. Liaison"'

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="As `quarantine list` shows it.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for group in (app, commands):
        group.command("release", epilog=examples(_RELEASE))(release)
    app.add_typer(commands, name="quarantine", help="See what is held or rejected; let through what is right.")


def release(
    held: IdArgument,
    reason: ReasonOption,
    by: ByOption,
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
) -> None:
    """Let through what a check holds, past that one check.

    A file that came, or rows for a provider: exactly these, and every other check stays. The next run acts on it.
    """
    settings = read_config(config)
    with open_warehouse(settings.home, settings.backups) as warehouse:
        on = business_date(settings, date)
        released = let_through(warehouse, held.strip(), on=on, reason=reason, released_by=by)
    if not released.is_news:
        talk.print(f"It had been released from {released.code} before: nothing was added.")
    elif released.code in READ_AGAIN:
        talk.print("Released. The next run reads the file by the layout that its source has then.")
    elif released.kind == "FILE":
        talk.print(f"Released. The next run loads the file without {released.code}; every other check stays.")
    else:
        talk.print(f"Released. The next run lets these rows past {released.code}, if none of them changes before.")


@commands.command("list")
def show_list(
    since: Annotated[
        day | None, day_option("--since", help="Only files that came since this day; of the last month unless given.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """List held files, held rows and rejected rows. Counts only.

    Rejected rows by file and code, each with what there is to do. As the last run left it.
    """
    with open_published(read_config(config).home) as warehouse:
        found = list_quarantine(warehouse, since)
    if json:
        print_json(asdict(found))
        return
    _show_entries("Files that are held", found.files)
    _show_entries("Rows for providers that are held", found.deliveries)
    _show_entries("Rejected rows, by file and code", found.rejected)
    tell_of_codes(entry.code for entry in (*found.files, *found.deliveries, *found.rejected))


@commands.command()
def show(held: IdArgument, config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Show what was found in a file, or which rows are held. PHI.

    Of a file each rejected row stands as its sender wrote it.
    """
    with open_published(read_config(config).home) as warehouse:
        file = file_in_question(warehouse, held.strip())
        if file is None:
            hold = find_held(warehouse, held.strip())
            title = f"Rows of held files with {hold.code}"
            columns: tuple[str, ...] = ("action", "reason", "assignment", "cin", "last_name", "first_name")
            rows = rows_held(warehouse, hold.id)
        else:
            title = f"{file.name} of {file.source}, {' '.join(filter(None, (file.status, file.reason)))}"
            title += f": {file.rows_in} rows"
            title += "".join(f", {rows} of them correct {of}" for of, rows in corrections_in(warehouse, file.file_id))
            columns = ("row", "line", "column", "code", "severity", "original", "came_again", "meaning")
            rows = [(*found, CATALOGUE[found[3]].meaning) for found in findings_in(warehouse, file.file_id)]
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    names = [name.replace("_", " ").replace("cin", "CIN") for name in columns]
    print_table(title, names, rows[:_SHOWN], nothing=f"{title}. Nothing was found in it.")
    if len(rows) > _SHOWN:
        out.print(f"... and {len(rows) - _SHOWN} more; --json prints all of them.")


@commands.command(epilog=examples("ecm-exchange quarantine export 5b1d0c7e9a42 --out rejected.csv"))
def export(
    held: IdArgument,
    out_file: Annotated[
        Path, typer.Option("--out", metavar="FILE", dir_okay=False, help="File to write; only you may read it.")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write a file's rejected rows as CSV, to be corrected. PHI.

    They stand as in the response to its sender: corrected and put into the inbox, they are taken.
    """
    settings = read_config(config)
    with open_warehouse(settings.home, settings.backups) as warehouse:
        file = file_in_question(warehouse, held.strip())
        if file is None:
            raise NotThere("H01", "no file has this id", remedy="`ecm-exchange quarantine list` shows the ids of now.")
        content = rejected_rows_of(warehouse, settings, file)
        note(warehouse, business_date(settings, None), "EXPORTED", str(file.file_id), "rejected rows")
    out_file.unlink(missing_ok=True)
    with os.fdopen(os.open(out_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(content)
    talk.print(f"Written, and readable by you alone: {out_file}")


def _show_entries(title: str, entries: Sequence[Entry]) -> None:
    rows = [
        (e.id[:_SHORT], e.of, e.kind, f"{e.night:%Y-%m-%d}", e.code, e.rows, e.again or "", e.meaning, e.detail, e.then)
        for e in entries
    ]
    print_table(title, _COLUMNS, rows)
