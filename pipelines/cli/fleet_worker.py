"""Command `fleet worker`: serve queues of a fleet, and run the nights that are handed out there."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.help import examples
from pipelines.fleet import read_fleet


def register(commands: typer.Typer) -> None:
    """Add the command to those of a fleet."""
    commands.command(epilog=examples("ecm-exchange fleet worker --fleet fleet.toml --queue nights --concurrency 2"))(
        worker
    )


def worker(
    fleet: Annotated[Path, typer.Option("--fleet", metavar="FILE", help="The file that names the plans.")] = Path(
        "fleet.toml"
    ),
    queue: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A queue to serve, `nights` unless given; more may follow."),
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Nights at the same time; each takes about a gigabyte.")] = 1,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="What Dagster calls it in the tags of its runs; as its machine unless given."
        ),
    ] = None,
) -> None:
    """Run nights of these queues on this machine as they come.

    ECM_EXCHANGE_DATABASE and ECM_EXCHANGE_BROKER say where PostgreSQL and Redis of the fleet are. Told to stop, it ends
    the nights that it is at, and takes no other.
    """
    read_fleet(fleet)
    served = [part for name in queue or ["nights"] for part in ("--queue", name)]
    arguments = ["--fleet", str(fleet.resolve()), *served, "--concurrency", str(concurrency)]
    arguments += ["--name", name] if name is not None else []
    command = [sys.executable, "-m", "dagster_project.fleet.worker", *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter and module, no shell
