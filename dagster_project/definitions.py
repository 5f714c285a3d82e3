"""Assembles the definitions. `dg dev`, `dg check defs` and `dg list defs` find them from the root of the project."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from dagster_project.resources import ExchangeHome
from pipelines.containment import write_for_the_owner_alone


def assemble(exchange: ExchangeHome | None = None) -> dg.Definitions:
    """Gather everything below `defs`, run in one process, on a plan's home: the environment's or the one given."""
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(
            resources={"exchange": exchange or ExchangeHome.from_environment()},
            executor=dg.in_process_executor,
        ),
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster loads, into processes that write for their owner alone."""
    write_for_the_owner_alone()
    return assemble()
