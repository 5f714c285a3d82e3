"""One night in a process of its own, as the command line runs it: what stations did and took, and what stands then."""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.config import read_config, read_roster
from pipelines.nightly import Night, run_night
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.door import open_published


@dataclass(frozen=True)
class Station:
    """What one station did, with the checks after it."""

    station: str
    seconds: float
    cpu_seconds: float
    """Of this process and of those that it started and that have ended"""
    counts: dict[str, int]


def simulate(config_file: Path, on: date) -> dict[str, Any]:
    """Run the night and return its stations, its problems and what the store holds after it."""
    config = read_config(config_file)
    roster = read_roster(config.delivery.providers)
    stations = []
    with open_warehouse(config.home) as warehouse:
        night = Night(warehouse, config, roster, on)
        before = _cpu_seconds()
        for result in run_night(night):
            now = _cpu_seconds()
            stations.append(Station(result.station, result.seconds, now - before, result.counts))
            before = now
    with open_published(config.home) as published:
        holds = {"tables": _rows(published), "files": _balance(published, on), "used_bytes": _used_bytes(published)}
    return {"stations": [asdict(station) for station in stations], "problems": night.problems, **holds}


def _cpu_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _rows(store: Warehouse) -> dict[str, int]:
    tables = store.rows("SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY ALL")
    return {table: store.value(f"SELECT count(*) FROM {table}") for (table,) in tables}  # noqa: S608 - from the catalogue


def _used_bytes(store: Warehouse) -> int:
    """Of the store's file, less the blocks that wait to be written again."""
    used: int = store.value("SELECT block_size * used_blocks FROM pragma_database_size()")
    return used


def _balance(store: Warehouse, on: date) -> dict[str, int]:
    """Of the night's files: rows in, loaded, rejected and duplicate."""
    names = ("files", "rows_in", "rows_loaded", "rows_rejected", "rows_duplicate")
    sums = ", ".join(f"coalesce(sum({name}), 0)::BIGINT" for name in names[1:])
    (found,) = store.rows(
        f"SELECT count(*), {sums} FROM ledger.files WHERE business_date = $on",  # noqa: S608 - from above
        {"on": on},
    )
    return dict(zip(names, found, strict=True))


def main() -> None:
    """Run one night and print what it did as JSON."""
    parser = argparse.ArgumentParser(description="Run a night of a simulated plan.")
    parser.add_argument("config", type=Path)
    parser.add_argument("on", type=date.fromisoformat)
    asked = parser.parse_args()
    started = time.perf_counter()
    told = simulate(asked.config, asked.on)
    print(json.dumps(told | {"in_process_seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
