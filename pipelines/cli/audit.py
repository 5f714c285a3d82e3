"""Commands on what was recorded: `verify-audit`, and `incident`, which says who received whom in which file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipelines.audit.disclosures import Told, of_file, of_member
from pipelines.audit.verify import MISFITS, verify
from pipelines.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, print_json, print_table, styled, talk
from pipelines.cli.help import examples
from pipelines.cli.progress import working
from pipelines.config import read_config
from pipelines.delimited import csv_bytes
from pipelines.durable import replace_file
from pipelines.warehouse import open_warehouse, run_lock
from pipelines.warehouse.door import open_as_it_is
from schemas.problems import ExchangeError, ExitCode

_FILE = "ECM_ASSIGNMENT_2916482120_20261103_01_DELTA.csv"
_DISCLOSED = ("provider", "file", "delivered", "verified", "rows", "members")
_TOLD = ("CIN", "provider", "file", "delivered", "action", "reason", "repeated")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(epilog=examples(f"ecm-exchange incident {_FILE}", f"ecm-exchange incident {_FILE} --csv told.csv",
                                "ecm-exchange incident --cin 91234567A --json"))(incident)  # fmt: skip
    app.command()(verify_audit)


def incident(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A delivered file: its name, or the path of an unchanged copy.")
    ] = "",
    cin: Annotated[
        str, typer.Option(metavar="CIN", help="Instead of a file: every file that told a provider of this member.")
    ] = "",
    members: Annotated[bool, typer.Option("--members", help="List the members too. PHI.")] = False,
    csv_file: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", dir_okay=False, help="Write the members to a file, for you alone. PHI."),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Tell who received a file, or was told of a member, and when.

    For the account of a disclosure: also how it was verified that the file arrived, and how many members it names.
    """
    if bool(file) == bool(cin):
        raise typer.BadParameter("name one delivered file, or a member with --cin", param_hint="FILE")
    settings = read_config(config)
    with open_warehouse(settings.home, settings.backups) as warehouse:
        found, told = of_member(warehouse, cin.strip().upper()) if cin else of_file(warehouse, file)
    if csv_file is not None:
        replace_file(csv_file.absolute(), _csv(told))
        talk.print(f"{len(told)} rows are in {csv_file}: protected health information.")
    if json:
        print_json(
            {"files": [asdict(each) for each in found]}
            | ({"members": [asdict(each) for each in told]} if members else {})
        )
        return
    print_table(
        "Disclosed", _DISCLOSED, [(d.npi, d.file, d.delivered_on, d.verified, d.rows, d.members) for d in found],
        nothing="No file that was delivered told a provider of this member.",
    )  # fmt: skip
    if members and told:
        talk.print(styled("What follows is protected health information.", "yellow"))
        rows = [
            (t.cin, t.npi, t.file, t.delivered_on, t.record_action, t.change_reason, "yes" if t.repeated else "")
            for t in told
        ]
        print_table("Members", _TOLD, rows)


def verify_audit(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Check that the audit log fits itself and the store.

    It is walked from its first entry, and the first one that does not fit is named. Ends with 1 when there is one.
    """
    home = read_config(config).home
    with run_lock(home), working("walking the audit log"):
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
    elif verdict.entries:
        talk.print(styled(f"All {verdict.entries} entries fit", "green", ", each other and the store."))
    else:
        talk.print("Nothing has been recorded yet.")
    if verdict.misfit:
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)


def _csv(told: list[Told]) -> bytes:
    return csv_bytes([tuple(Told.__dataclass_fields__), *(tuple(asdict(each).values()) for each in told)])
