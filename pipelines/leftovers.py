"""What a process that died leaves in the plan's home, and its removal under the run lock.

Only names that this software gives are looked at, and of files in the outbox only those that no row of it names: the
rows are committed after the bytes are written. Spill files go when the store is opened, a part in a recipient's folder
when it is known what became of its file (`pipelines.delivery.send`), a temporary mark or backup when the next is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pipelines.transfer import receipts
from pipelines.warehouse import Warehouse


def sweep(warehouse: Warehouse, nights: Iterable[date]) -> int:
    """Remove what runs of these nights left half-done, and return the number of files."""
    home = warehouse.home
    left = [
        home / "published.duckdb.new", *home.glob("work_lists/JI_WORK_LISTS_*.new"),
        *home.glob("reports/nightly/.*.html.new"),
    ]  # fmt: skip
    for night in sorted(set(nights)):
        left += _nameless(warehouse, home / "outbox" / night.isoformat())
    return _remove(left)


def sweep_parts(home: Path) -> int:
    """Remove parts of files that nobody will go on with: for when every source was read to its end."""
    return _remove((home / "landing").glob(".*.part"))


def _nameless(warehouse: Warehouse, folder: Path) -> Iterator[Path]:
    """Yield files of the outbox that no row names, and receipts of deliveries that are entered."""
    outbox = warehouse.home / "outbox"
    waits = {
        outbox / path: waits
        for path, waits in warehouse.rows(
            "SELECT path, bool_or(status IN ('PREPARED', 'FAILED')) FROM delivery.outbox GROUP BY path"
        )
    }
    for path in folder.glob("*/*"):
        received = receipts.file_of(path)
        if not (path in waits if received is None else waits.get(received)):
            yield path


def _remove(left: Iterable[Path]) -> int:
    there = [path for path in left if path.is_file()]
    for path in there:
        path.unlink()
    return len(there)
