"""Command that records what the JI liaison knows of one person: `record`, which also takes a record back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from pipelines.cli.common import DEFAULT_CONFIG, ConfigOption, DateOption, business_date, talk
from pipelines.config import read_config
from pipelines.liaison import RecordRefused, void
from pipelines.liaison import record as write_down
from pipelines.liaison.kinds import KINDS, VOID
from pipelines.warehouse import open_warehouse


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(help=_help())(record)


def record(
    cin: Annotated[str, typer.Argument(help="The member's CIN.")],
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(KINDS)}, or {VOID}.")],
    by: Annotated[str, typer.Option(help="Who records it.")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help=f"Day on which it happened; needed but for {VOID}.")
    ] = None,
    event: Annotated[str, typer.Option(help=f"With {VOID}: id of the record to take back.")] = "",
    detail: Annotated[str, typer.Option(help="Anything to add, for the record; no health information.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
) -> None:
    """Record what happened; the help is made of the kinds."""
    settings = read_config(config)
    today = business_date(settings, date)
    member, wanted = cin.strip().upper(), kind.strip().upper()
    with open_warehouse(settings.home) as warehouse:
        if wanted == VOID:
            event_id = void(warehouse, event, cin=member, recorded_on=today, recorded_by=by, detail=detail)
        elif on is None:
            raise RecordRefused("N07", "the day is missing", remedy="Give --on, the day on which it happened.")
        else:
            event_id = write_down(
                warehouse, member, wanted, happened_on=on.date(), recorded_on=today, recorded_by=by, detail=detail
            )
    talk.print(f"Recorded as {event_id}. The next run counts it.", highlight=False)


def _help() -> str:
    kinds = "\n\n".join(f"{kind.kind} ({kind.rule}): {kind.says}." for kind in KINDS.values())
    return (
        "Record a contact, hand-off, care plan or mailing, so that its clock is met from the next run on.\n\n"
        f"{kinds}\n\n{VOID}: takes back the record named by --event."
    )
