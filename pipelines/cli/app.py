"""The commands gathered, and the one place where a problem becomes a sentence on stderr and an exit code."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from pipelines.cli import (
    again,
    alerts,
    audit,
    codes,
    demo,
    directory,
    files,
    fleet,
    identity,
    night,
    quarantine,
    rebuild,
    record,
    recovery,
    report,
    setup,
    show,
)
from pipelines.cli.common import styled, talk
from pipelines.containment import contain, kind_and_place
from pipelines.stopping import Stopped, exit_code_of_stop, heed_signals
from schemas.problems import ExchangeError, ExitCode, refused_by_system

app = typer.Typer(
    name="ecm-exchange",
    help="Nightly exchange between a Medi-Cal plan and its ECM providers for people leaving jail or prison.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for module in (
    setup,
    night,
    show,
    codes,
    directory,
    files,
    demo,
    record,
    rebuild,
    identity,
    quarantine,
    again,
    alerts,
    audit,
    recovery,
    report,
    fleet,
    alerts,
):
    module.register(app)


def main() -> None:
    """Run the command line."""
    contain()
    heed_signals()
    try:
        app()
    except ExchangeError as problem:
        _tell(problem)
    except Stopped:
        _tell_of_stop()
    except (OSError, MemoryError) as refusal:
        _tell(refused_by_system(refusal))
    except Exception as defect:  # noqa: BLE001 - its message may quote a value: only kind and place are told
        _tell_of_stop()
        kind, place = kind_and_place(type(defect), defect.__traceback__)
        talk.print(styled("X01", "bold red", f" a defect in this software ({kind})"))
        talk.print(f"  where  {place}", highlight=False)
        talk.print("  do     Report kind and place. Nothing half-done was kept: run again.", highlight=False)
        _tell_more("X01")
        sys.exit(ExitCode.PROBLEMS_FOUND)


def _tell(problem: ExchangeError) -> NoReturn:
    talk.print(styled(problem.code, "bold red", f" {problem.what}"))
    if problem.where:
        talk.print(f"  where  {problem.where}", highlight=False)
    if problem.remedy:
        talk.print(f"  do     {problem.remedy}", highlight=False)
    _tell_more(problem.code)
    sys.exit(problem.exit_code)


def _tell_more(code: str) -> None:
    talk.print(f"  more   ecm-exchange explain-code {code}", highlight=False)


def _tell_of_stop() -> None:
    """Leave with a word when a signal told this process to stop; a library may have made an error of it."""
    code = exit_code_of_stop()
    if code is not None:
        talk.print("Stopped by a signal. Nothing half-done was kept: run again, and it goes on from what stands.")
        sys.exit(code)
