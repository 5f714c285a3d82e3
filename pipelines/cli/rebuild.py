"""The command `rebuild`: what follows from the facts by the present configuration, shown before it is applied."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from pipelines.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, print_json, print_table, styled, talk
from pipelines.cli.help import examples
from pipelines.cli.progress import working
from pipelines.config import read_config, read_roster
from pipelines.rebuild import Rebuilt
from pipelines.rebuild import rebuild as derive_anew
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.door import publish
from schemas.problems import ExitCode


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(epilog=examples("ecm-exchange rebuild", "ecm-exchange rebuild --apply"))(rebuild)


def rebuild(
    apply: Annotated[bool, typer.Option("--apply", help="Keep the result; without it nothing is changed.")] = False,
    members: Annotated[bool, typer.Option("--members", help="List who is concerned too. PHI.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Derive everything anew from the facts; show what differs.

    By the present configuration: so a change of it is seen before it counts. Nothing is changed without --apply. Ends
    with 0 when nothing differs or the result is kept, with 1 when something differs.
    """
    settings = read_config(config)
    roster = read_roster(settings.delivery.providers)
    with open_warehouse(settings.home, settings.backups) as warehouse:
        with working("deriving everything anew"):
            found = derive_anew(warehouse, settings, roster, apply=apply)
        if apply:
            publish(warehouse)
    if json:
        print_json(_as_dict(found, applied=apply, members=members))
    else:
        _show(found, members=members)
    for result in found.failed:
        talk.print(styled("would stop the night", "yellow", f" {result.sentence()}"))
    if apply:
        talk.print("Applied. The next night tells the providers what it changes for them.")
    elif found.differs:
        talk.print("Nothing was changed. `--apply` keeps this.")
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)


def _show(found: Rebuilt, *, members: bool) -> None:
    if not found.differs:
        talk.print(f"Everything stands as it follows from the facts, as of the night of {found.business_date}.")
        return
    if found.policies:
        talk.print(f"Read otherwise than in the last night: {', '.join(found.policies)}")
    if found.is_another_program:
        talk.print("This is another version of the program than the one that ran the last night.")
    if not found.policies and not found.is_another_program:
        talk.print(
            "Program and configuration are those of the last night: what differs was derived in error. Report it."
        )
    print_table(
        f"What differs as of the night of {found.business_date}",
        ("table", "rows", "added", "removed", "changed"),
        [(t.table, t.rows, t.added, t.removed, t.changed) for t in found.tables if t.differs],
    )
    print_table(
        "For members", ("what", "gained by", "lost by"), [(s.standing, s.gained, s.lost) for s in found.standings]
    )
    if members:
        print_table(
            "Members", ("CIN", "what", "change", "NPI"), [(m.cin, m.standing, m.change, m.npi) for m in found.members]
        )


def _as_dict(found: Rebuilt, *, applied: bool, members: bool) -> dict[str, object]:
    told: dict[str, object] = {
        "business_date": found.business_date,
        "differs": found.differs,
        "applied": applied,
        "policies_changed": found.policies,
        "program_changed": found.is_another_program,
        "tables": [asdict(table) for table in found.tables],
        "standings": [asdict(standing) for standing in found.standings],
        "would_stop_the_night": [result.check.name for result in found.failed],
    }
    return told | {"members": [asdict(member) for member in found.members]} if members else told
