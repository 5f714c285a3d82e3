"""Remove what need not be kept any longer: bytes and contents, never the accounting of whom was disclosed to whom."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pipelines.audit.journal import folder_of
from pipelines.audit.record import audit_of
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note

_PURGE = Path(__file__).with_name("purge.sql")


def purge(warehouse: Warehouse, years: int, business_date: date) -> int:
    """Remove what was received and sent `years` before this business date; return how many files are gone.

    What a provider was told last of an assignment stays whole: the next delta is computed against it. The store is
    settled first; a run that is killed before the files are gone finds them the next time.
    """
    before = years_earlier(business_date, years)
    paths = [*_old(warehouse.home / "outbox", before), *_old(folder_of(audit_of(warehouse.home)), before)]
    paths += _landed(warehouse, before)
    if not paths:
        return 0
    with warehouse.transaction():
        warehouse.run_file(_PURGE, before=before)
        note(warehouse, business_date, "PURGED", before.isoformat(), f"{len(paths)} files or folders")
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return len(paths)


def years_earlier(day: date, years: int) -> date:
    """Return the same day so many years before; of a leap day the one before it."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _old(folder: Path, before: date) -> Iterator[Path]:
    """List what is named by a day before another."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            if date.fromisoformat(path.name[:10]) < before:
                yield path
        except ValueError:
            continue  # not named by a day


def _landed(warehouse: Warehouse, before: date) -> list[Path]:
    """List landed bytes that came before a day, not again since, and have been loaded or held."""
    found = warehouse.rows(
        """SELECT sha256 FROM ledger.files
           GROUP BY sha256 HAVING max(business_date) < $before AND bool_and(status <> 'LANDED') ORDER BY sha256""",
        {"before": before},
    )
    paths = (warehouse.home / "landing" / sha256[:2] / sha256 for (sha256,) in found)
    return [path for path in paths if path.exists()]
