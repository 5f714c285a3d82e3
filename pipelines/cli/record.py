"""Command that records what the JI liaison knows of one person: `record`, which also takes a record back."""

from __future__ import annotations

from datetime import date as day
from typing import Annotated

import typer

from pipelines.cli.common import (
    DEFAULT_CONFIG,
    CinArgument,
    ConfigOption,
    DateOption,
    business_date,
    day_option,
    talk,
)
from pipelines.cli.completion import record_kinds
from pipelines.cli.help import examples
from pipelines.config import read_config
from pipelines.liaison import RecordRefused, void
from pipelines.liaison import record as write_down
from pipelines.liaison.kinds import KINDS, VOID
from pipelines.warehouse import open_warehouse

_EXAMPLES = (
    'ecm-exchange record 91234567A FIRST_CONTACT --on 2026-11-04 --by "A. Liaison"',
    'ecm-exchange record 91234567A VOID --event 5b1d0c7e9a42 --by "A. Liaison"',
)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(help=_help(), epilog=examples(*_EXAMPLES))(record)


def record(
    cin: CinArgument,
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help=f"What happened, as above, or {VOID}.", autocompletion=record_kinds)
    ],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who records it.")],
    on: Annotated[day | None, day_option("--on", help=f"Day on which it happened; needed but for {VOID}.")] = None,
    event: Annotated[str, typer.Option(metavar="ID", help=f"With {VOID}: the record to take back.")] = "",
    detail: Annotated[
        str, typer.Option(metavar="TEXT", help="Anything to add, for the record; no health information.")
    ] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
) -> None:
    """Record what happened; the help is made of the kinds."""
    settings = read_config(config)
    today = business_date(settings, date)
    member, wanted = cin.strip().upper(), kind.strip().upper()
    with open_warehouse(settings.home, settings.backups) as warehouse:
        if wanted == VOID:
            event_id = void(warehouse, event, cin=member, recorded_on=today, recorded_by=by, detail=detail)
        elif on is None:
            raise RecordRefused("N07", "the day is missing", remedy="Give --on, the day on which it happened.")
        else:
            event_id = write_down(
                warehouse, member, wanted, happened_on=on, recorded_on=today, recorded_by=by, detail=detail
            )
    talk.print(f"Recorded as {event_id}. The next run counts it.")


def _help() -> str:
    kinds = "\n\n".join(f"{kind.kind} ({kind.rule}): {kind.says}." for kind in KINDS.values())
    return (
        "Record a contact, hand-off, care plan, mailing or need met.\n\n"
        "Its clock is met, or its need is, from the next run on.\n\n"
        f"{kinds}\n\n{VOID}: takes back the record named by --event."
    )
