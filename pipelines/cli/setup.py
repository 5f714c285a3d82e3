"""Commands to set up a home and to look at it in Dagster: `init`, `ui`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.beginning import CHECKLIST, begin
from pipelines.cli.common import DEFAULT_CONFIG, ConfigOption, talk
from pipelines.config import read_config
from pipelines.fleet import read_fleet


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(init)
    app.command()(ui)


def init(folder: Annotated[Path, typer.Option("--dir", metavar="FOLDER", help="Where to write.")] = Path()) -> None:
    """Write what a plan begins with; overwrite nothing.

    Configuration, providers table, layouts, key pair, checklist. Run it again at any time: it writes what is missing,
    and adds boxes for new partners to the checklist.
    """
    written, there, public = begin(folder)
    talk.print(f"Written in {folder}: {_listed(folder, written)}" if written else f"Nothing is missing in {folder}.")
    if there and written:
        talk.print(f"Left as it was: {_listed(folder, there)}")
    talk.print("\nNext, in this order:")
    again, there_and = ("", "") if folder == Path() else (f" --dir {folder}", f"`cd {folder}`, and there ")
    steps = (
        f"Open {folder / CHECKLIST}: whom to ask for what. Begin with what others need days for.",
        "Give partners this public key; each tells you by phone the fingerprint of its host key:",
        f"Edit exchange.toml and providers.csv. `ecm-exchange init{again}` again adds a box for each partner.",
        f"{there_and}`ecm-exchange doctor` until nothing is wrong, then `ecm-exchange run`.",
    )
    for number, step in enumerate(steps, start=1):
        talk.print(f"  {number} {step}", soft_wrap=True)
        if step.endswith("key:"):
            talk.print(f"    {public}", soft_wrap=True)


def _listed(folder: Path, paths: Sequence[Path]) -> str:
    """Name files by their places in a folder, and one that has many once."""
    places = [path.relative_to(folder) for path in paths]
    return ", ".join(dict.fromkeys(str(place) if place.parent == Path() else f"{place.parent}/" for place in places))


def ui(
    config: ConfigOption = DEFAULT_CONFIG,
    fleet: Annotated[
        Path | None, typer.Option("--fleet", metavar="FILE", help="Show every plan that this file names instead.")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Open the Dagster UI on this home, or on a fleet of plans.

    It listens on 127.0.0.1 and has no login of its own. Stop it with Ctrl-C.
    """
    if fleet is None:
        read_config(config)
        shown = ["--config", str(config.resolve())]
    else:
        read_fleet(fleet)
        shown = ["--fleet", str(fleet.resolve())]
    arguments = [sys.executable, "-m", "dagster_project.ui", *shown, "--port", str(port)]
    os.execv(sys.executable, arguments)  # noqa: S606 - our own interpreter and module, no shell
