"""Command `identity`: what is open about whom rows speak of, which CINs are one person, and the liaison's answers."""

from __future__ import annotations

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
    print_json,
    print_table,
    talk,
)
from pipelines.config import read_config
from pipelines.identity.decisions import Action, decide_identity
from pipelines.identity.merges import merge as store_merge
from pipelines.identity.merges import unmerge as store_undo
from pipelines.identity.questions import QUESTIONS
from pipelines.warehouse import open_published, open_warehouse

_LIST = f"""
    SELECT q.question, q.source, q.key, f.name AS file, q.line_no AS line, q.since, q.reason, q.cin, q.probability,
           q.agreement, q.meaning, q.what_to_do
    FROM ({QUESTIONS}) AS q
    LEFT JOIN ledger.files AS f ON f.file_id = q.file_id
    ORDER BY q.question, q.since, q.source, q.key, q.probability DESC NULLS FIRST, q.cin
"""  # noqa: S608 - a constant

_SHOWN = ("question", "source", "key", "file", "line", "since", "reason", "cin", "probability", "agreement")

SourceArgument = Annotated[str, typer.Argument(help="The source, as `identity list` names it.")]
KeyArgument = Annotated[str, typer.Argument(help="Id of the referral, notice or receipt, or the CIN of a MIF row.")]
OldArgument = Annotated[str, typer.Argument(help="The CIN that counts no longer.")]

commands = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(commands, name="identity", help="Decide whom rows speak of and which CINs are one person.")


@commands.command("list")
def show(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """List what is open, as the last night left it, with whom each row may mean. PHI."""
    with open_published(read_config(config).home) as warehouse:
        found = warehouse.table(_LIST)
    found = found.astype(object).where(found.notna(), None)
    if json:
        print_json(found.to_dict(orient="records"))
        return
    found["since"] = [f"{day:%Y-%m-%d}" for day in found["since"]]
    print_table("Identity questions", _SHOWN, found[list(_SHOWN)].itertuples(index=False, name=None))
    told = found[["reason", "meaning", "what_to_do"]].drop_duplicates("reason").sort_values("reason")
    print_table("What they ask", ("reason", "meaning", "what to do"), told.itertuples(index=False, name=None))


@commands.command()
def accept(
    source: SourceArgument,
    key: KeyArgument,
    cin: Annotated[str, typer.Argument(help="The member's CIN.")],
    reason: ReasonOption,
    by: ByOption,
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
) -> None:
    """Say that a row speaks of this member; it holds for later versions of the row."""
    _decide(config, date, source, key, "ACCEPT", reason, by, cin=cin.strip().upper())
    talk.print("Decided. The next run takes the row for this member's.")


@commands.command()
def reject(
    source: SourceArgument,
    key: KeyArgument,
    reason: ReasonOption,
    by: ByOption,
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
) -> None:
    """Say that a row speaks of nobody of the plan; it is asked about no longer."""
    _decide(config, date, source, key, "REJECT", reason, by)
    talk.print("Decided. The next run takes the row for nobody's.")


@commands.command()
def reopen(
    source: SourceArgument,
    key: KeyArgument,
    reason: ReasonOption,
    by: ByOption,
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
) -> None:
    """Take back what was decided on a row: the rules decide again."""
    _decide(config, date, source, key, "REOPEN", reason, by)
    talk.print("Taken back. The next run matches the row by the rules.")


@commands.command()
def merge(
    old: OldArgument,
    new: Annotated[str, typer.Argument(help="The member's CIN, under which everything counts.")],
    reason: ReasonOption,
    by: ByOption,
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
) -> None:
    """Say that two CINs are one person: from the next run on everything counts under the second."""
    settings = read_config(config)
    with open_warehouse(settings.home) as warehouse:
        store_merge(
            warehouse,
            old.strip().upper(),
            new.strip().upper(),
            on=business_date(settings, date),
            reason=reason,
            decided_by=by,
        )
    talk.print("Merged. The next run counts everything under the second CIN.")


@commands.command()
def unmerge(
    old: OldArgument,
    reason: ReasonOption,
    by: ByOption,
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
) -> None:
    """Say that a CIN is a person of its own: undoes a merge, and answers no to an 834's prior identifier."""
    settings = read_config(config)
    with open_warehouse(settings.home) as warehouse:
        store_undo(warehouse, old.strip().upper(), on=business_date(settings, date), reason=reason, decided_by=by)
    talk.print("Undone. The next run counts the CIN for itself.")


def _decide(
    config: ConfigOption,
    date: DateOption,
    source: str,
    key: str,
    action: Action,
    reason: str,
    by: str,
    cin: str | None = None,
) -> None:
    settings = read_config(config)
    with open_warehouse(settings.home) as warehouse:
        decide_identity(
            warehouse, source, key, action, cin=cin, on=business_date(settings, date), reason=reason, decided_by=by
        )
