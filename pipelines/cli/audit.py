"""Commands on what was recorded: `verify-audit`, and `incident`, which says who received whom in which file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipelines.audit.disclosures import Told, of_file, of_member
from pipelines.audit.verify import MISFITS, verify
from pipelines.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, print_json, print_table, styled, talk
from pipelines.config import read_config
from pipelines.delimited import csv_bytes
from pipelines.durable import replace_file
from pipelines.warehouse import open_warehouse, run_lock
from pipelines.warehouse.door import open_as_it_is
from schemas.problems import ExchangeError, ExitCode


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(incident)
    app.command()(verify_audit)


def incident(
    file: Annotated[str, typer.Argument(help="A delivered file: its name, or the path of a copy.")] = "",
    cin: Annotated[str, typer.Option(help="Instead: every file that told a provider of this member.")] = "",
    members: Annotated[bool, typer.Option("--members", help="List the members. PHI.")] = False,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write the members to a file. PHI.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Account for a disclosure: who received a file, when, how that was verified, and how many members it names."""
    settings = read_config(config)
    if bool(file) == bool(cin):
        raise typer.BadParameter("give a file, or --cin")
    with open_warehouse(settings.home) as warehouse:
        found, told = of_member(warehouse, cin.strip().upper()) if cin else of_file(warehouse, file)
    if csv_file is not None:
        replace_file(csv_file.absolute(), _csv(told))
        talk.print(f"{len(told)} rows are in {csv_file}: protected health information.", highlight=False)
    if json:
        print_json(
            {"files": [asdict(each) for each in found]}
            | ({"members": [asdict(each) for each in told]} if members else {})
        )
        return
    print_table(
        "Disclosed",
        ("provider", "file", "delivered", "verified", "rows", "members"),
        [(d.npi, d.file, d.delivered_on, d.verified, d.rows, d.members) for d in found],
    )
    if members:
        talk.print(styled("What follows is protected health information.", "yellow"))
        columns = ("CIN", "provider", "file", "delivered", "action", "reason", "repeated")
        print_table(
            "Members",
            columns,
            [
                (t.cin, t.npi, t.file, t.delivered_on, t.record_action, t.change_reason, "yes" if t.repeated else "")
                for t in told
            ],
        )


def verify_audit(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Walk the audit log from its first entry and compare it with the store: 1 when anything does not fit."""
    home = read_config(config).home
    with run_lock(home):
        if not (home / "warehouse.duckdb").exists():
            verdict = verify(None, home)
        else:
            with open_as_it_is(home) as warehouse:
                verdict = verify(warehouse, home)
    if json:
        print_json({"entries": verdict.entries, "first_misfit": verdict.first_misfit, "misfit": verdict.misfit or None})
    elif verdict.misfit:
        raise ExchangeError(
            "D16",
            f"entry {verdict.first_misfit} {MISFITS[verdict.misfit]}",
            where=str(home / "audit"),
            remedy="Compare with a backup's audit folder. What stands before that entry fits.",
        )
    else:
        talk.print(styled(f"All {verdict.entries} entries fit", "green", ", each other and the store."))
    if verdict.misfit:
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)


def _csv(told: list[Told]) -> bytes:
    return csv_bytes([tuple(Told.__dataclass_fields__), *(tuple(asdict(each).values()) for each in told)])
