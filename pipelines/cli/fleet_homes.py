"""Commands on the homes of a fleet: `fleet do`, `fleet begin`, `fleet fetch`."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.common import talk
from pipelines.cli.help import examples
from pipelines.cli.progress import working
from pipelines.fleet.own import as_plan
from pipelines.fleet.read import read_fleet
from pipelines.homes.variables import DATABASE_VARIABLE

PlanArgument = Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id.")]
FleetOption = Annotated[Path, typer.Option("--fleet", metavar="FILE", help="The file that names the plans.")]
_FLEET = Path("fleet.toml")


def register(commands: typer.Typer) -> None:
    """Add the commands to those of the fleet."""
    commands.command(
        "do",
        context_settings={"allow_interspersed_args": False},
        epilog=examples("ecm-exchange fleet do VALLEY run", "ecm-exchange fleet do --reading VALLEY status"),
    )(do)
    commands.command(
        epilog=examples("ecm-exchange fleet begin VALLEY /srv/valley/home", "ecm-exchange fleet begin VALLEY --new")
    )(begin)
    commands.command(epilog=examples("ecm-exchange fleet fetch VALLEY --to /mnt/backups"))(fetch)


def do(
    plan: PlanArgument,
    command: Annotated[list[str], typer.Argument(metavar="COMMAND...", help="A command and its options.")],
    fleet: FleetOption = _FLEET,
    reading: Annotated[
        bool, typer.Option("--reading", help="Only read what was published last, whoever works on the home.")
    ] = False,
) -> None:
    """Do something on a plan's home, wherever it is kept.

    Takes the home, and brings it back in the end. Configuration and secrets are those that the fleet file names.
    """
    from pipelines.homes.hold import hold, hold_published  # noqa: PLC0415 - one plan's machine has not what it needs

    plans, database = read_fleet(fleet), os.environ.get(DATABASE_VARIABLE)
    own = plans.plan(plan)
    with as_plan(own) as config:
        held: AbstractContextManager[object] = (
            hold_published(config, database=database, secrets=os.environ)
            if reading
            else hold(config, database=database, holder=f"fleet do {command[0]}", seconds=plans.lease_seconds)
        )
        with held:
            code = _main_app()([*command, "--config", str(own.config)], standalone_mode=False)
    if code:
        raise typer.Exit(code)


def begin(
    plan: PlanArgument,
    home: Annotated[Path | None, typer.Argument(metavar="HOME", help="The plan's home on this machine.")] = None,
    fleet: FleetOption = _FLEET,
    new: Annotated[bool, typer.Option("--new", help="Begin an empty home: the plan never had one.")] = False,
    from_depot: Annotated[
        bool, typer.Option("--from-depot", help="Go on from the depot's newest state: the database was lost.")
    ] = False,
) -> None:
    """Bring a plan's home into its depot, at first or after a loss.

    Without it the nights of a plan with a `depot` do not begin: on an empty home everything would be sent again.
    """
    from pipelines.homes.begin import begin_from_depot, begin_with  # noqa: PLC0415 - as above
    from pipelines.homes.hold import without_leases  # noqa: PLC0415 - as above
    from pipelines.homes.lease import take_lease  # noqa: PLC0415 - as above

    if sum((home is not None, new, from_depot)) != 1:
        raise typer.BadParameter("give HOME, or --new, or --from-depot")
    database, plans = os.environ.get(DATABASE_VARIABLE), read_fleet(fleet)
    if database is None:
        raise without_leases(plan)
    with (
        as_plan(plans.plan(plan)) as config,
        take_lease(database, plan, "fleet begin", seconds=plans.lease_seconds) as lease,
    ):
        if config.paths.depot is None:
            raise typer.BadParameter(f"the configuration of {plan} names no depot")
        with working("bringing the home in"):
            if from_depot:
                begin_from_depot(config, lease, os.environ)
            else:
                begin_with(config, lease, home, os.environ, os.environ)
    talk.print(f"In the depot: {lease.high_water.checkpoint}, {lease.high_water.entries} audit entries.")


def fetch(
    plan: PlanArgument,
    checkpoint: Annotated[
        str | None, typer.Argument(metavar="CHECKPOINT", help="One of the depot's; the newest unless given.")
    ] = None,
    *,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", file_okay=False, help="Folder of backups.")],
    fleet: FleetOption = _FLEET,
) -> None:
    """Make a backup of a checkpoint in a plan's depot.

    It is a backup like those of `ecm-exchange backup`: proven, and put back by `ecm-exchange fleet do PLAN restore`.
    """
    from pipelines.homes.fetch import fetch_backup  # noqa: PLC0415 - as above

    with as_plan(read_fleet(fleet).plan(plan)) as config, working("fetching, and proving the copy"):
        place = fetch_backup(config, checkpoint, to, secrets=os.environ)
    talk.print(f"{place}: verified.")


def _main_app() -> typer.Typer:
    from pipelines.cli.app import app  # noqa: PLC0415 - the application holds this module

    return app
