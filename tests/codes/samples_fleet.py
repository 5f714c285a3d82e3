"""Codes of a fleet: plans that cannot be shown."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from dagster_project.fleet.apart import ask
from dagster_project.fleet.homes import FleetHomes
from pipelines.config import read_roster
from pipelines.fleet import read_fleet, survey
from pipelines.fleet.own import own_config, own_environment
from pipelines.homes.confine import confining, refuse_mixed
from pipelines.homes.reach import Place, reach_of
from sample_data import generate
from schemas.problems import ConfigurationError
from tests.codes.sample import Meeting, Sample, Stage, raised

NOW = datetime(2026, 11, 30, 20, tzinfo=UTC)


def fleet_of(*ids: str) -> str:
    """Name plans by their ids, each in the folder of its number."""
    plans = [f'\n[[plans]]\nid = "{each}"\nconfig = "{number}/exchange.toml"\n' for number, each in enumerate(ids)]
    return f'name = "A bureau"\n{"".join(plans)}'


def seen(code: str, says: str, told: str, fleet: str, harm: Callable[[Path], object] = lambda _: None) -> Sample:
    """Make a sample of a fleet that is looked at, after something was done to the folder of the first plan."""

    def scene(stage: Stage) -> Meeting:
        (stage.folder / "fleet.toml").write_text(fleet, encoding="utf-8")
        generate(stage.folder / "0", members=1, days=1)
        harm(stage.folder / "0")
        plans = survey(read_fleet(stage.folder / "fleet.toml"), NOW, date(2026, 11, 30), patience=1)
        text = "\n".join(f"{each.plan}: {each.says}. {each.do}" for each in plans)
        return Meeting(tuple(re.findall(r"\(([A-Z]\d\d)\)", text)), text)

    return Sample(code, says, scene, told=told, shown=fleet, form="toml")


def one_copied_from_the_other(first: Path) -> None:
    """Leave a second plan whose configuration names the home of the first."""
    second = first.with_name("1")
    second.mkdir()
    text = (first / "exchange.toml").read_text(encoding="utf-8").replace('id = "SHP"', 'id = "COPY"')
    (second / "exchange.toml").write_text(text.replace('"home"', f'"{first / "home"}"'), encoding="utf-8")
    (second / "providers.csv").symlink_to(first / "providers.csv")
    (second / "keys").symlink_to(first / "keys")


def no_disk(first: Path) -> None:
    """Put in the place of the configuration what nobody ever writes into."""
    (first / "exchange.toml").unlink()
    os.mkfifo(first / "exchange.toml")


def secrets_for_everybody(stage: Stage) -> Meeting:
    """Ask for the secrets of a plan whose file of them was copied with the rights of any other file."""
    (stage.folder / "fleet.toml").write_text(WITH_SECRETS, encoding="utf-8")
    (stage.folder / "valley.env").write_text("ECM_ALERTS_MAIL=mailto://nobody\n", encoding="utf-8")
    (stage.folder / "valley.env").chmod(0o644)
    try:
        own_environment(read_fleet(stage.folder / "fleet.toml").plans[0])
    except ConfigurationError as problem:
        return Meeting((problem.code,), str(problem))
    return Meeting((), "")


def asked_of_a_fleet(*partitions: str) -> Callable[[Stage], Meeting]:
    """Ask for a home as a run does that has these partitions."""

    def scene(stage: Stage) -> Meeting:
        (stage.folder / "fleet.toml").write_text(fleet_of("VALLEY"), encoding="utf-8")
        return raised(lambda: FleetHomes(fleet_file=str(stage.folder / "fleet.toml")).of(partitions))

    return scene


def in_reach(stage: Stage, folder: str, *, of_all: bool = False) -> Meeting:
    """Let a plan have its home in a folder, and ask whether its nights can be kept apart from other plans'."""
    (stage.folder / "fleet.toml").write_text(fleet_of("SHP", "COPY"), encoding="utf-8")
    generate(stage.folder / "0", members=1, days=1)
    fleet = read_fleet(stage.folder / "fleet.toml")
    plan, file = fleet.plans[0], stage.folder / "0" / "exchange.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"home"', f'"{stage.folder / folder}"'), encoding="utf-8")
    config = own_config(plan)
    place = Place(stage.folder / "fleet.toml", records=stage.folder / folder if of_all else None)
    (stage.folder / folder).mkdir()
    reach = reach_of(
        plan, config, read_roster(config.delivery.providers), fleet=fleet, place=place, secrets={}, environment={}
    )
    return raised(lambda: refuse_mixed(plan, fleet, reach))


def looked_after(stage: Stage) -> Meeting:
    """Have a plan looked after whose disk does not answer."""
    (stage.folder / "fleet.toml").write_text(fleet_of("VALLEY"), encoding="utf-8")
    (stage.folder / "0").mkdir()
    os.mkfifo(stage.folder / "0" / "exchange.toml")
    return raised(lambda: ask(stage.folder / "fleet.toml", "VALLEY", "look", patience=0.1))


WITH_SECRETS = fleet_of("VALLEY") + 'environment = "valley.env"\n'
ELSEWHERE = fleet_of("SHP") + 'timezone = "America/New_York"\n'

SAMPLES = (
    seen("S01", "a plan whose id was changed in one of two files", "that of another plan", fleet_of("VALLEY")),
    seen("S02", "two plans of one home", "a folder in common", fleet_of("SHP", "COPY"), one_copied_from_the_other),
    seen("S03", "a plan on a disk that does not answer", "did not answer in time", fleet_of("SHP"), no_disk),
    seen("S04", "a plan whose nights would follow two clocks", "another time zone", ELSEWHERE),
    Sample(
        "S05",
        "secrets that everybody may read",
        secrets_for_everybody,
        told="read by others",
        shown=WITH_SECRETS,
        form="toml",
    ),
    Sample(
        "S06",
        "a night of a plan that has left",
        asked_of_a_fleet("2026-11-30|DELTA"),
        told="names no plan of this id",
        shown=fleet_of("VALLEY"),
        form="toml",
    ),
    Sample("S07", "a check that is executed by itself", asked_of_a_fleet(), told="without naming a plan"),
    Sample("S08", "a plan whose disk does not answer between its nights", looked_after, told="no answer came in"),
    Sample("S40", "a kernel without Landlock", lambda _: raised(lambda: confining(0)), told="cannot be confined"),
    Sample("S41", "a home in Dagster's own folder", lambda stage: in_reach(stage, "dagster", of_all=True)),
    Sample("S42", "a home in the folder of another plan", lambda stage: in_reach(stage, "1")),
)
