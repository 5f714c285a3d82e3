"""A plan whose store is in memory, for samples that need files to be received and loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from pipelines.config import read_config
from pipelines.releases.quarantine import list_quarantine
from pipelines.responses.found import FILE, Found, found_in
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import declaration
from schemas.findings import CATALOGUE
from tests.codes.sample import Meeting, Stage
from tests.pipelines.load.conftest import Plan

ON = date(2024, 11, 3)
EXAMPLE = Path(__file__).parents[2] / "sample_data" / "examples" / "exchange.toml"


@contextmanager
def a_plan(stage: Stage) -> Iterator[Plan]:
    """Open an empty store for the plan of the checked-in configuration."""
    config = read_config(EXAMPLE)
    config = config.model_copy(update={"paths": config.paths.model_copy(update={"home": stage.folder})})
    connection = duckdb.connect(config={"threads": 1})
    try:
        connection.execute(declaration())
        yield Plan(Warehouse(connection, stage.folder), config)
    finally:
        connection.close()


def told_of_files(plan: Plan) -> Meeting:
    """Return what the plan can be told of its files without a name: their states, what is held, findings by place."""
    warehouse = plan.warehouse
    quarantine = list_quarantine(warehouse, date.min)
    states = plan.files("status, reason, detail")
    found = [(each, name) for file, name in plan.files("file_id, name") for each in found_in(warehouse, file)]
    lines = [f"{status} {reason} {detail}" for status, reason, detail in states]
    lines += [f"{each.code} {each.meaning}: {each.then}" for each in (*quarantine.files, *quarantine.rejected)]
    lines += [
        f"{name}, {_place(each)}{each.column or 'all of it'}: {CATALOGUE[each.code].meaning}" for each, name in found
    ]
    return Meeting(
        (*(reason for _, reason, _ in states if reason), *(each.code for each, _ in found)), "\n".join(lines)
    )


def _place(found: Found) -> str:
    return "" if found.row == FILE else f"row {found.row}, "
