"""Commands that show: `status` (what a night did) and `explain` (why a member stands where it stands)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from pipelines.cli.common import DEFAULT_CONFIG, ConfigOption, DateOption, JsonOption, out, print_json, print_table
from pipelines.config import read_config
from pipelines.reporting.explain import explain as gather
from pipelines.reporting.night import summarize_night
from pipelines.warehouse import Warehouse, open_published

_FILES = """
    SELECT source, kind, file_date, status, reason, rows_in, rows_loaded, rows_rejected, rows_duplicate, detail
    FROM ledger.files WHERE business_date = $on ORDER BY arrival
"""
_OUTBOX = """
    SELECT recipient_kind, recipient, scope, name, rows, status, reason
    FROM delivery.outbox WHERE business_date = $on AND status <> 'SUPERSEDED'
    ORDER BY recipient_kind, recipient, sequence, part
"""


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(status)
    app.command()(explain)


def status(config: ConfigOption = DEFAULT_CONFIG, date: DateOption = None, json: JsonOption = False) -> None:
    """Show what a night received, decided and delivered; the last night when no date is given."""
    settings = read_config(config)
    with open_published(settings.home) as warehouse:
        on = date.date() if date else warehouse.value("SELECT max(business_date) FROM ledger.runs")
        summary = summarize_night(warehouse, on)
        files, outbox = warehouse.rows(_FILES, {"on": on}), warehouse.rows(_OUTBOX, {"on": on})
        work_list = _work_list(warehouse)
    if json:
        print_json({**summary.as_dict(), "work_list": dict(work_list)})
        return
    print_table(
        f"Files received on {on}",
        ("source", "kind", "file date", "status", "code", "rows", "loaded", "rejected", "duplicate", "detail"),
        files,
    )
    print_table(
        "Files for providers and senders", ("for", "recipient", "scope", "file", "rows", "status", "code"), outbox
    )
    figures = summary.as_dict()
    print_table(
        "The night in figures",
        ("figure", "value"),
        [(name.replace("_", " "), _told(value)) for name, value in figures.items()],
    )
    print_table("For the JI liaison", ("work list", "members"), work_list)


def explain(
    cin: Annotated[str, typer.Argument(help="The member's CIN.")],
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Explain a member: evidence, episodes, authorization, assignment, clocks, deliveries, each with its rules. PHI."""
    settings = read_config(config)
    with open_published(settings.home) as warehouse:
        sections = gather(warehouse, cin.strip().upper())
    if json:
        print_json([asdict(section) for section in sections])
        return
    for section in sections:
        if section.rows:
            print_table(f"{section.title}  [dim]({section.rules})[/]", section.columns, section.rows)
            out.print()


def _work_list(warehouse: Warehouse) -> list[tuple[str, int]]:
    return [
        ("unassigned", warehouse.value("SELECT count(*) FROM exchange.unassigned")),
        (
            "pending release",
            warehouse.value("SELECT count(*) FROM exchange.ji_episodes WHERE state = 'PENDING_RELEASE'"),
        ),
        ("back inside", warehouse.value("SELECT count(*) FROM exchange.ji_episodes WHERE state = 'BACK_INSIDE'")),
        ("clocks past due", warehouse.value("SELECT count(*) FROM exchange.clocks WHERE status = 'LATE'")),
        (
            "referrals and notices nobody matches",
            warehouse.value("SELECT count(*) FROM exchange.identities WHERE rank = 1 AND method = 'UNMATCHED'"),
        ),
        (
            "identity to be reviewed",
            warehouse.value("SELECT count(*) FROM exchange.identities WHERE rank = 1 AND method = 'REVIEW'"),
        ),
    ]


def _told(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items()) or "none"
    return str(value)
