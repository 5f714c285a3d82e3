"""Command `fleet`: several plans, each with a home of its own, at a glance."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from pipelines.cli import fleet_homes, fleet_worker
from pipelines.cli.common import JsonOption, day_option, out, print_json, print_table, styled, talk
from pipelines.cli.help import Group, examples
from pipelines.cli.progress import working
from pipelines.durable import show_file
from pipelines.fleet import Fleet, PlanStanding, Stands, read_fleet, survey, worst_first
from pipelines.fleet.kubernetes import Cluster, render
from pipelines.fleet.page import UNCONFINED, render_fleet
from pipelines.fleet.queues import unserved, with_seats
from pipelines.homes.variables import DATABASE_VARIABLE
from schemas.problems import ExchangeError, ExitCode

FleetOption = Annotated[Path, typer.Option("--fleet", metavar="FILE", help="The file that names the plans.")]
DueOption = Annotated[
    date | None, day_option("--date", help="The night that is due; by each plan's clock unless given.")
]


def by_digest(image: str) -> str:
    """Take an image that is named by its digest: a tag may mean another program tomorrow, or on another node."""
    if not re.fullmatch(r"[a-z0-9][a-zA-Z0-9._:/-]*@sha256:[0-9a-f]{64}", image):
        raise typer.BadParameter("name it by its digest, as in registry.example/ecm-exchange@sha256:...")
    return image


_COLOUR = {Stands.RIGHT: "green", Stands.AT_WORK: "yellow"}

commands = typer.Typer(cls=Group, no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    fleet_homes.register(commands)
    fleet_worker.register(commands)
    app.add_typer(commands, name="fleet", help="See several plans at a glance, each with a home of its own.")


@commands.callback()
def fleet() -> None:
    """See several plans at a glance, each with a home of its own."""


@commands.command(epilog=examples("ecm-exchange fleet status --fleet fleet.toml --page fleet.html"))
def status(
    fleet: FleetOption = Path("fleet.toml"),
    date: DueOption = None,
    queue: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only plans whose nights this queue's workers run.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Write an HTML page of it as well.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show how each plan stands, those in trouble first.

    It names no member. With ECM_EXCHANGE_DATABASE it tells of plans whose queue no worker serves, too. Ends with 1 when
    one of the plans needs a person.
    """
    plans, now = read_fleet(fleet), datetime.now(UTC)
    if queue is not None and not (plans := plans.of_queue(queue)).plans:
        raise typer.BadParameter("no plan of the fleet file has this queue", param_hint="--queue")
    with working(f"looking at {len(plans.plans)} plans"):
        standings = survey(plans, now, date)
        if database := os.environ.get(DATABASE_VARIABLE):
            standings = _with_workers(plans, standings, database)
    if page is not None:
        show_file(page, render_fleet(plans, standings, now))
        talk.print(f"Written: {page}")
    if json:
        print_json([{**asdict(each), "stands": each.stands.value} for each in standings])
    else:
        _show(plans.name, standings)
    if plans.unconfined:
        talk.print(styled("look at", "yellow", f" {UNCONFINED} (`unconfined` in {fleet})"))
    if any(each.do for each in standings):
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)


@commands.command(epilog=examples("ecm-exchange fleet kubernetes --image IMAGE > kubernetes.yaml"))
def kubernetes(
    image: Annotated[str, typer.Option(parser=by_digest, metavar="IMAGE", help="The program's image, by its digest.")],
    fleet: FleetOption = Path("fleet.toml"),
    namespace: Annotated[str, typer.Option(metavar="NAME", help="Where all of it lies.")] = Cluster.namespace,
    workers: Annotated[int, typer.Option(min=1, max=100, help="Pods for each queue.")] = Cluster.workers,
    work_size: Annotated[
        str, typer.Option(metavar="SIZE", help="How much of homes a worker can hold.")
    ] = Cluster.work_size,
    storage_class: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of workers' volumes; the node's own disk unless given.")
    ] = None,
) -> None:
    """Print manifests that run the fleet in Kubernetes.

    They name secrets and hold none. No plan's configuration is read.
    """
    cluster = Cluster(image, namespace, workers, storage_class, work_size)
    sys.stdout.write(render(read_fleet(fleet), cluster))


def _with_workers(fleet: Fleet, standings: list[PlanStanding], database: str) -> list[PlanStanding]:
    from pipelines.homes.seats import seats  # noqa: PLC0415 - one machine for all plans has not what it needs

    try:
        return list(with_seats(fleet, standings, seats(database).of_queue))
    except ExchangeError as problem:
        return [unserved(each, problem) for each in standings]


def _show(name: str, standings: list[PlanStanding]) -> None:
    ordered = worst_first(standings)
    print_table(
        name,
        ("plan", "stands", "night", "files", "held", "told", "owed", "unassigned", "overdue"),
        [
            (each.plan, Text(each.stands.value, _COLOUR.get(each.stands, "red")), each.night, *_figures(each))
            for each in ordered
        ],
    )
    for each in ordered:
        if each.do:
            out.print(f"{each.plan}: {each.says.rstrip('.')}. {each.do} ({each.config})", soft_wrap=True)


def _figures(each: PlanStanding) -> tuple[int | None, ...]:
    if each.night is None:
        return (None,) * 6
    return (
        each.files_in, each.files_held, each.providers_told, each.files_owed, each.unassigned,
        each.clocks_overdue,
    )  # fmt: skip
