"""The commands gathered, and the one place where a problem becomes a sentence on stderr and an exit code."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from pipelines.cli import (
    again,
    alerts,
    audit,
    codes,
    demo,
    directory,
    doctor,
    explain,
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
    status,
)
from pipelines.cli.common import print_json, talk
from pipelines.cli.help import MainGroup, plain
from pipelines.cli.problems import as_dict, tell
from pipelines.containment import contain, kind_and_place
from pipelines.stopping import Stopped, exit_code_of_stop, heed_signals
from schemas.problems import ExchangeError, refused_by_system

app = typer.Typer(
    name="ecm-exchange",
    cls=MainGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
for module in (
    setup,
    doctor,
    night,
    status,
    explain,
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
plain(app)


def _tell_version(is_asked: bool) -> None:  # noqa: FBT001 - typer calls it
    if is_asked:
        sys.stdout.write(f"ecm-exchange {version('ecm-exchange')}\n")
        raise typer.Exit


@app.callback()
def every_command(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Run the nightly exchange between a Medi-Cal plan and its ECM providers.

    Every command has a --help of its own. Results go to stdout, everything else to stderr. Exit codes: 0 fine, 1
    problems found, 2 usage, 65 bad data, 69 partner unreachable, 74 input or output, 75 another run is active, 78
    configuration.
    """


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
        remedy = "Report kind and place. Nothing half-done was kept: run again."
        _tell(ExchangeError("X01", f"a defect in this software ({kind})", where=place, remedy=remedy))


def _tell(problem: ExchangeError) -> NoReturn:
    """Say code, what, where and what to do on stderr; a machine that asked for JSON is given the same on stdout."""
    tell(problem)
    if "--json" in sys.argv:
        print_json({"error": as_dict(problem)})
    sys.exit(problem.exit_code)


def _tell_of_stop() -> None:
    """Leave with a word when a signal told this process to stop; a library may have made an error of it."""
    code = exit_code_of_stop()
    if code is not None:
        talk.print("Stopped by a signal. Nothing half-done was kept: run again, and it goes on from what stands.")
        sys.exit(code)
