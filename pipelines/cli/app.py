"""The commands gathered, and the one place where a problem becomes a sentence on stderr and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import typer

from pipelines.cli import demo, directory, files, identity, night, rebuild, record, setup, show
from pipelines.cli.common import talk
from schemas.problems import ExchangeError, ExitCode

app = typer.Typer(
    name="ecm-exchange",
    help="Nightly exchange between a Medi-Cal plan and its ECM providers for people leaving jail or prison.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for module in (setup, night, show, directory, files, demo, record, rebuild, identity):
    module.register(app)


def main() -> None:
    """Run the command line."""
    os.umask(0o077)  # everything written holds or may hold PHI
    try:
        app()
    except ExchangeError as problem:
        talk.print(f"[bold red]{problem.code}[/] {problem.what}", highlight=False)
        if problem.where:
            talk.print(f"  where  {problem.where}", highlight=False, markup=False)
        if problem.remedy:
            talk.print(f"  do     {problem.remedy}", highlight=False, markup=False)
        sys.exit(problem.exit_code)
    except Exception as defect:  # noqa: BLE001 - its message may quote a value: only kind and place are told
        place = traceback.extract_tb(defect.__traceback__)[-1]
        talk.print(f"[bold red]X01[/] a defect in this software ({type(defect).__name__})", highlight=False)
        talk.print(f"  where  {Path(place.filename).name} line {place.lineno}", highlight=False, markup=False)
        talk.print("  do     Report kind and place. Nothing half-done was kept: run again.", highlight=False)
        sys.exit(ExitCode.PROBLEMS_FOUND)
