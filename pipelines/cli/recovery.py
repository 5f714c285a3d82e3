"""Commands for the day on which a disk fails: `backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.backup import Restored, back_up
from pipelines.backup import restore as put_back
from pipelines.backup.lost_nights import LostNights, find_lost_nights
from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    DateOption,
    JsonOption,
    business_date,
    print_json,
    print_pairs,
    print_table,
    styled,
    talk,
)
from pipelines.cli.completion import backups
from pipelines.cli.help import examples
from pipelines.cli.progress import working
from pipelines.config import read_config, read_roster
from pipelines.delivery.send import provider_endpoints
from pipelines.warehouse import open_warehouse
from schemas.problems import ExitCode


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(epilog=examples("ecm-exchange backup", "ecm-exchange backup --to /mnt/backups --json"))(backup)
    app.command(epilog=examples("ecm-exchange restore /mnt/backups/BACKUP_20261106_000055", "ecm-exchange restore"))(
        restore
    )


def backup(
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FOLDER", file_okay=False, help="Folder of backups; `backups` of [paths] unless given."
        ),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Make a verified copy of store, audit log and files.

    The files are what came and what went. The copy is opened and counted before it is called good; what an earlier
    backup there holds unchanged takes no more room.
    """
    settings = read_config(config)
    with open_warehouse(settings.home, settings.backups) as warehouse, working("copying, and proving the copy"):
        place, manifest = back_up(warehouse, to if to is not None else settings.backups)
    size = sum(kept.size for kept in manifest.files)
    if json:
        print_json({"backup": str(place), "entries": manifest.entries, "files": len(manifest.files), "bytes": size})
    else:
        talk.print(
            f"{place}: {len(manifest.files)} files, {size / 1e6:,.1f} MB, {manifest.entries} audit entries, verified."
        )


def restore(
    backup_folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="BACKUP",
            autocompletion=backups,
            help="A backup's folder; without one the store is kept as it lies there, and brought up to its audit log.",
        ),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Put a backup back; nothing that went out since is sent again.

    What was delivered and decided since is entered again from the audit log. What is replaced is kept below the home.
    Ends with 1 where something may have been delivered or decided of which nothing is left that knows.
    """
    settings = read_config(config)
    on = business_date(settings, date)
    lost = LostNights((), ())
    with working("putting back"):
        done = put_back(settings.home, backup_folder, on)
        if done.log != "KEPT" or done.unknown:
            roster = read_roster(settings.delivery.providers).as_of(on)
            with open_warehouse(settings.home) as warehouse:
                lost = find_lost_nights(warehouse, settings, roster, provider_endpoints(roster, settings))
    if json:
        print_json(_as_dict(done, lost))
    else:
        _tell(done, lost)
    if done.may_have_forgotten:
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)


def _as_dict(done: Restored, lost: LostNights) -> dict[str, object]:
    return {
        "backup": done.backup.name if done.backup is not None else None,
        "entries_again": done.again.entries,
        "rows_again": done.again.rows,
        "nights_to_run_again": done.again.nights,
        "entries_without_rows": [vars(entry) for entry in done.again.lost],
        "entries_unknown": done.unknown,
        "audit_log": done.log,
        "replaced": str(done.replaced),
        "lost_nights": lost.nights,
        "providers_not_asked": lost.not_asked,
    }


def _tell(done: Restored, lost: LostNights) -> None:
    figures = _as_dict(done, lost).items()
    print_pairs("Restored", [(name.replace("_", " "), _text(value) or "none") for name, value in figures])
    if done.again.lost:
        print_table(
            "Known by their entry only: what it tells of is lost",
            ("entry", "date", "event", "of", "detail"),
            [(e.number, e.business_date, e.event, e.subject, e.detail) for e in done.again.lost],
        )
    if done.log != "KEPT" or done.unknown:
        talk.print(
            styled(
                "What was delivered or decided after the last entry is not known here:",
                "yellow",
                " see docs/recovery.md.",
            )
        )
    for night in lost.nights:
        talk.print(f"Files of a lost night stand with providers: ecm-exchange run --date {night}")
    talk.print("The next `ecm-exchange run` loads what has to be loaded again, and goes on.")


def _text(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value)) if not value or not isinstance(value[0], dict) else str(len(value))
    return "" if value is None else str(value)
