"""Assembles the definitions of a fleet. The fleet file is all they read: one plan's mistake breaks no other's graph."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

import dagster_project
from dagster_project.defs.monthly_report import monthly_report
from dagster_project.defs.redeliver import redeliver
from dagster_project.fleet.graph import graph_of
from dagster_project.fleet.homes import FleetHomes
from dagster_project.fleet.partitions import nights_of
from dagster_project.fleet.plans import plans_of
from dagster_project.fleet.schedules import schedules_of
from dagster_project.fleet.sensors import sensors_of
from dagster_project.schedules import job_of_nights
from pipelines.containment import write_for_the_owner_alone
from pipelines.fleet import read_fleet


def assemble_fleet(homes: FleetHomes | None = None) -> dg.Definitions:
    """Gather the graph and what runs it, each run in one process, on the homes of a fleet: the environment's or given.

    Raises
    ------
    ConfigurationError
        When the fleet file is missing or wrong.
    """
    homes = homes or FleetHomes.from_environment()
    fleet = read_fleet(Path(homes.fleet_file))
    one = dg.load_from_defs_folder(path_within_project=Path(dagster_project.__file__).parent).assets or ()
    assets = [each for each in one if isinstance(each, dg.AssetsDefinition | dg.AssetSpec)]
    nightly = job_of_nights(nights_of(fleet))
    return dg.Definitions(
        assets=[*graph_of(fleet, assets), *plans_of(fleet)],
        jobs=[nightly, redeliver, monthly_report],
        schedules=list(schedules_of(fleet, nightly, monthly_report)),
        sensors=list(sensors_of(Path(homes.fleet_file), fleet, nightly)),
        resources={"exchange": homes},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster loads, into processes that write for their owner alone."""
    write_for_the_owner_alone()
    return assemble_fleet()
