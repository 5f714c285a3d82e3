"""The commands gathered, and the one place where a problem becomes a sentence on stderr and an exit code."""

from __future__ import annotations

import sys

import typer

from pipelines.cli import (
    again,
    audit,
    demo,
    directory,
    files,
    identity,
    night,
    quarantine,
    rebuild,
    record,
    setup,
    show,
)
from pipelines.cli.common import styled, talk
from pipelines.containment import contain, kind_and_place
from schemas.problems import ExchangeError, ExitCode

app = typer.Typer(
    name="ecm-exchange",
    help="Nightly exchange between a Medi-Cal plan and its ECM providers for people leaving jail or prison.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for module in (setup, night, show, directory, files, demo, record, rebuild, identity, quarantine, again, audit):
    module.register(app)


def main() -> None:
    """Run the command line."""
    contain()
    try:
        app()
    except ExchangeError as problem:
        talk.print(styled(problem.code, "bold red", f" {problem.what}"))
        if problem.where:
            talk.print(f"  where  {problem.where}", highlight=False)
        if problem.remedy:
            talk.print(f"  do     {problem.remedy}", highlight=False)
        sys.exit(problem.exit_code)
    except Exception as defect:  # noqa: BLE001 - its message may quote a value: only kind and place are told
        kind, place = kind_and_place(type(defect), defect.__traceback__)
        talk.print(styled("X01", "bold red", f" a defect in this software ({kind})"))
        talk.print(f"  where  {place}", highlight=False)
        talk.print("  do     Report kind and place. Nothing half-done was kept: run again.", highlight=False)
        sys.exit(ExitCode.PROBLEMS_FOUND)
