"""What an asset tells of itself: numbers, codes and column names. Never a row, never a file's name.

Whole numbers under names that stay the same are what Dagster plots over the nights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dagster as dg

from pipelines.nightly import Night, StationResult
from pipelines.reporting.by_table import Figure, figures_of, figures_of_read_files
from pipelines.reporting.page import page_of

Telling = Callable[[Night, Sequence[StationResult]], Mapping[str, Any]]
"""From the night and the stations that this run has been at to metadata."""


def table_facts(night: Night, key: dg.AssetKey) -> dict[str, Any]:
    """Tell the rows of the table an asset is, and what shows whether it is right."""
    name = ".".join(key.path)
    rows = night.warehouse.value(f"SELECT count(*) FROM {name}")  # noqa: S608 - a name from code
    return {**_told(figures_of(night.warehouse, name, night.business_date)), "dagster/row_count": rows}


def read_files(night: Night, _: Sequence[StationResult]) -> Mapping[str, Any]:
    """Tell what became of the files received on this business date, by source, kind, status and code."""
    return _told(figures_of_read_files(night.warehouse, night.business_date))


def the_run(night: Night, done: Sequence[StationResult]) -> Mapping[str, Any]:
    """Tell how long this run was at which station, what a person should look at, and where the page of the night is."""
    stations: list[dict[str, Any]] = [
        {"station": each.station, "seconds": round(each.seconds, 2), "did": in_words(each.counts)} for each in done
    ]
    page = page_of(night.config, night.business_date)
    return {
        "seconds": round(sum(each.seconds for each in done), 1),
        "look_at": dg.MetadataValue.md("\n".join(f"- {problem}" for problem in night.problems) or "nothing"),
        **({"page_of_the_night": dg.MetadataValue.path(page)} if page.is_file() else {}),
        "stations": _table(stations),
    }


def in_words(counts: Mapping[str, int]) -> str:
    """Say what a station counted, leaving out what there was none of."""
    return (
        ", ".join(f"{name.replace('_', ' ').lower()} {number:,}" for name, number in counts.items() if number)
        or "nothing new"
    )


def _told(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: _table(figure) if isinstance(figure, list) else figure for name, figure in figures.items()}


def _table(rows: Sequence[Mapping[str, Any]]) -> dg.TableMetadataValue:
    """Make a small table; its columns are those of its first row."""
    kinds = {int: "int", float: "float"}
    columns = [dg.TableColumn(name, kinds.get(type(value), "string")) for name, value in rows[0].items()]
    records = [dg.TableRecord({name: _cell(value) for name, value in row.items()}) for row in rows]
    return dg.MetadataValue.table(records, schema=dg.TableSchema(columns))


def _cell(value: Any) -> str | int | float:
    return value if isinstance(value, int | float) else "" if value is None else str(value)
