"""Commands to set up and look after a home: `init`, `doctor`, `ui`."""

from __future__ import annotations

import os
import sys
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from pipelines.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, business_date, print_json, print_table, talk
from pipelines.config import read_config, read_roster
from pipelines.doctor import examine
from pipelines.transfer.keys import ensure_keypair
from schemas.problems import ExchangeError, ExitCode


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(init)
    app.command()(doctor)
    app.command()(ui)


def init(folder: Annotated[Path, typer.Option("--dir", help="Where to write.")] = Path()) -> None:
    """Write a commented exchange.toml, a providers table and a key pair to begin with; nothing is overwritten."""
    templates = resources.files("pipelines.cli") / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("exchange.toml", "providers.csv"):
        target = folder / name
        if target.exists():
            raise ExchangeError("M04", "the file exists already", where=str(target), remedy="Choose another --dir.")
        target.write_text((templates / name).read_text(encoding="utf-8"), encoding="utf-8")
    public = ensure_keypair(folder / "keys" / "plan_ed25519")
    (folder / "keys" / "known_hosts").touch(mode=0o600)
    talk.print(f"Written: {folder / 'exchange.toml'}, {folder / 'providers.csv'}, {folder / 'keys'}/")
    talk.print("\nNext:", highlight=False)
    talk.print("  1 give this public key to your partners:", highlight=False)
    talk.print(f"    {public}", highlight=False, soft_wrap=True)
    talk.print("  2 put each partner's host key, checked by phone, into keys/known_hosts", highlight=False)
    talk.print("  3 edit exchange.toml and providers.csv", highlight=False)
    talk.print("  4 ecm-exchange doctor", highlight=False)
    talk.print("  5 ecm-exchange run", highlight=False)


def doctor(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Find what is wrong before the night does: keys, host keys, folders, calendar, disk; and how to mend it."""
    settings = read_config(config)
    today = business_date(settings, None)
    roster = read_roster(settings.delivery.providers).as_of(today)
    with talk.status("looking at keys, servers and folders"):
        found = list(examine(settings, roster, today))
    if json:
        print_json([vars(ailment) for ailment in found])
    else:
        order = {"wrong": 0, "look": 1, "fine": 2}
        colour = {"wrong": "red", "look": "yellow", "fine": "green"}
        print_table(
            "Health of this exchange",
            ("", "subject", "finding", "what to do"),
            [
                (Text(a.state, colour[a.state]), a.subject, a.what, a.remedy)
                for a in sorted(found, key=lambda a: order[a.state])
            ],
        )
    if any(ailment.state == "wrong" for ailment in found):
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)


def ui(
    config: ConfigOption = DEFAULT_CONFIG,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Open the Dagster UI on this home, on loopback only. Stop it with Ctrl-C."""
    read_config(config)
    arguments = [sys.executable, "-m", "dagster_project.ui", "--config", str(config.resolve()), "--port", str(port)]
    os.execv(sys.executable, arguments)  # noqa: S606 - our own interpreter and module, no shell
