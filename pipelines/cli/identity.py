"""Command `identity`: what is open about whom rows speak of, which CINs are one person, and the liaison's answers."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ByOption,
    CinArgument,
    ConfigOption,
    DateOption,
    JsonOption,
    ReasonOption,
    business_date,
    print_json,
    print_table,
    talk,
)
from pipelines.cli.completion import source_names
from pipelines.cli.help import Group, examples
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

SourceArgument = Annotated[
    str,
    typer.Argument(metavar="SOURCE", help="The source, as `identity list` names it.", autocompletion=source_names),
]
KeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", help="Id of the referral, notice or receipt, or the CIN of a MIF row.")
]
OldArgument = Annotated[str, typer.Argument(metavar="OLD_CIN", help="The CIN that counts no longer.")]

commands = typer.Typer(cls=Group, no_args_is_help=True)
_FOR_THE_RECORD = '--reason "same birth certificate" --by "A. Liaison"'


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(commands, name="identity", help="Decide whom rows speak of and which CINs are one person.")


@commands.command("list")
def show(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """List what is open, and whom each row may mean. PHI.

    As the last night left it: an answer counts from the next run on.
    """
    with open_published(read_config(config).home) as warehouse:
        found = warehouse.table(_LIST)
    found = found.astype(object).where(found.notna(), None)
    found["since"] = [since.date() for since in found["since"]]
    if json:
        print_json(found.to_dict(orient="records"))
        return
    print_table(
        "Identity questions", _SHOWN, found[list(_SHOWN)].itertuples(index=False, name=None),
        nothing="Nothing is open: it is known of every row whom it speaks of.",
    )  # fmt: skip
    if found.empty:
        return
    told = found[["reason", "meaning", "what_to_do"]].drop_duplicates("reason").sort_values("reason")
    print_table("What they ask", ("reason", "meaning", "what to do"), told.itertuples(index=False, name=None))


@commands.command(
    epilog=examples("ecm-exchange identity accept probation PROB-261103-9012 91234567A", f"    {_FOR_THE_RECORD}")
)
def accept(
    source: SourceArgument,
    key: KeyArgument,
    cin: CinArgument,
    reason: ReasonOption,
    by: ByOption,
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
) -> None:
    """Say that a row speaks of this member.

    It holds for later versions of the row too. The next run takes the row for this member's.
    """
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
    """Say that a row speaks of nobody of the plan.

    It is asked about no longer. The next run takes the row for nobody's.
    """
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
    """Take back what was decided on a row.

    The next run matches the row by the rules.
    """
    _decide(config, date, source, key, "REOPEN", reason, by)
    talk.print("Taken back. The next run matches the row by the rules.")


@commands.command(epilog=examples("ecm-exchange identity merge 91234567A 97654321B", f"    {_FOR_THE_RECORD}"))
def merge(
    old: OldArgument,
    new: Annotated[str, typer.Argument(metavar="CIN", help="The member's CIN, under which everything counts.")],
    reason: ReasonOption,
    by: ByOption,
    config: ConfigOption = DEFAULT_CONFIG,
    date: DateOption = None,
) -> None:
    """Say that two CINs are one person.

    From the next run on everything counts under the second.
    """
    settings = read_config(config)
    with open_warehouse(settings.home, settings.backups) as warehouse:
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
    """Say that a CIN is a person of its own.

    It undoes a merge, and answers no to an 834's prior identifier. From the next run on the CIN counts for itself.
    """
    settings = read_config(config)
    with open_warehouse(settings.home, settings.backups) as warehouse:
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
    with open_warehouse(settings.home, settings.backups) as warehouse:
        decide_identity(
            warehouse, source, key, action, cin=cin, on=business_date(settings, date), reason=reason, decided_by=by
        )
