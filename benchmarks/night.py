"""A plan that receives a monthly full and then a daily file, station by station: `python -m benchmarks.night FILE`.

These are the stations between the partners' servers and the outbox, in the order of the night, with a fresh warehouse
in a temporary folder. Nothing is pulled and nothing delivered: how long that takes is for a network to say.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.files import DAILY, DAILY_NIGHT, FULL_NIGHT
from pipelines import nightly
from pipelines.config import read_config, read_roster
from pipelines.intake import ledger
from pipelines.nightly import Counts, Night
from pipelines.transfer.pull import LandedFile
from pipelines.warehouse import open_warehouse
from sample_data.configuration import exchange_toml
from sample_data.providers import providers_csv

STATIONS = tuple(
    station
    for _, station in nightly.STATIONS
    if station not in (nightly.receive, nightly.list_work, nightly.fill_outbox, nightly.deliver)
)
_PORT = 2222  # written into the configuration; nobody listens there


def load(full: Path) -> dict[str, int]:
    """Load the full file into a fresh warehouse; returns how many members it holds then."""
    with _plan(full.parent) as night:
        _land(night, full, FULL_NIGHT)
        nightly.load_enrollment(night)
        return {"members": _loaded(night)}


def two_nights(full: Path) -> dict[str, Any]:
    """Run the stations on the full file and then on the daily one beside it.

    Returns how many members each file told of and the seconds of each station.
    """
    told: dict[str, dict[str, Any]] = {}
    with _plan(full.parent) as night:
        for name, file, on in (("full", full, FULL_NIGHT), ("daily", full.with_name(DAILY), DAILY_NIGHT)):
            before = _loaded(night)
            _land(night, file, on)
            night.business_date = on
            seconds = {station.__name__: _seconds(station, night) for station in STATIONS}
            told[name] = {"members": _loaded(night) - before, "seconds": seconds}
    return {"members": told["full"]["members"], "nights": told}


@contextmanager
def _plan(folder: Path) -> Iterator[Night]:
    """Set up a plan with a fresh warehouse."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        base = Path(place)
        (base / "exchange.toml").write_text(exchange_toml(FULL_NIGHT, _PORT), encoding="utf-8")
        (base / "providers.csv").write_text(providers_csv(int(folder.name), _PORT), encoding="utf-8")
        config = read_config(base / "exchange.toml")
        with open_warehouse(config.home) as warehouse:
            yield Night(warehouse, config, read_roster(config.delivery.providers), FULL_NIGHT)


def _land(night: Night, path: Path, on: date) -> None:
    """Enter a file into landing and ledger, as after a pull; its name stands for its hash."""
    digest = hashlib.sha256(path.name.encode()).hexdigest()
    landed = night.config.home / "landing" / digest[:2] / digest
    landed.parent.mkdir(parents=True, exist_ok=True)
    landed.symlink_to(path.resolve())
    (source,) = (source for source in night.config.sources if source.kind == "834")
    file = LandedFile(path.name, path.stat().st_size, 0, digest, landed)
    status = ledger.record(night.warehouse, night.config, source, file, on)
    if status != "LANDED":
        raise ValueError(f"{path.name} is {status}")


def _loaded(night: Night) -> int:
    members: int = night.warehouse.value("SELECT count(*) FROM facts.enrollment_members")
    return members


def _seconds(station: Callable[[Night], Counts], night: Night) -> float:
    started = time.perf_counter()
    station(night)
    return time.perf_counter() - started


def main() -> None:
    """Run what is asked for on a file in the folder that is named by its number of members."""
    parser = argparse.ArgumentParser(description="Load an 834 in a fresh warehouse.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--nights", action="store_true", help="run the stations of its night and of the next one")
    asked = parser.parse_args()
    print(json.dumps(two_nights(asked.file) if asked.nights else load(asked.file)))


if __name__ == "__main__":
    main()
