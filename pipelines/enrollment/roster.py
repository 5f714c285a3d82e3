"""A full 834 against the roster before it. Absence ends nothing: it is a difference for a person to look at.

A full file is compared as of its place in the order of files, not of its arrival: when an older file comes late, the
full files after it are compared again. The first full file of a source has nothing to be compared with.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent

QUESTIONS = """
    SELECT f.file_id, f.business_date, d.cin,
           d.cin IN (SELECT cin FROM exchange.ji_episodes WHERE state <> 'CLOSED') AS has_open_episode,
           d.cin IN (SELECT cin FROM exchange.ecm_authorizations
                     WHERE status IN ('PENDING_RELEASE', 'ACTIVE', 'SUSPENDED')) AS has_authorization,
           d.cin IN (SELECT cin FROM exchange.ecm_assignments WHERE ended_on IS NULL) AS has_assignment
    FROM exchange.roster_differences AS d
    JOIN ledger.files AS f ON f.file_id = d.file_id
    JOIN exchange.members AS m ON m.cin = d.cin AND m.file_order < f.file_order
    WHERE d.kind = 'MISSING'
"""
"""Members missing from a full file whom no later file names, with what still runs for them."""


def missing_from(warehouse: Warehouse, file_id: str) -> tuple[int, int]:
    """Count the members that the full file leaves out of the roster before it, and all that were on that.

    Needs the policy's views; the file's rows are in the facts, whether or not it is accepted yet.
    """
    for full in _full_files(warehouse, "file_id = $file_id", {"file_id": file_id}):
        _look_back(warehouse, full)
        missing, before = warehouse.rows(
            "SELECT (SELECT count(*) FROM roster_missing), (SELECT count(*) FROM roster_before)"
        )[0]
        return missing, before
    return 0, 0


def compare_rosters(warehouse: Warehouse, *, everyone: bool = False) -> None:
    """Fill `exchange.roster_differences` for the full files that a fresh file is, or comes before.

    With `everyone` for all full files.
    """
    concerned = _full_files(
        warehouse,
        """status LIKE 'ACCEPTED%' AND ($everyone OR EXISTS (
               SELECT 1 FROM ledger.files AS fresh
               WHERE fresh.kind = '834' AND NOT fresh.applied AND fresh.status LIKE 'ACCEPTED%'
                 AND fresh.source = files.source
                 AND (fresh.file_order, fresh.file_id) <= (files.file_order, files.file_id)
           ))""",
        {"everyone": everyone},
    )
    for full in concerned:
        _look_back(warehouse, full)
        warehouse.run_file(_HERE / "roster_differences.sql")


def roster_counts(warehouse: Warehouse, business_date: date) -> dict[str, int]:
    """Count the differences of the full files that this night received, by kind; empty when it received none."""
    return {
        f"roster_{kind.lower()}": count
        for kind, count in warehouse.rows(
            """SELECT kind, count(*) FROM exchange.roster_differences
               WHERE file_id IN (SELECT file_id FROM ledger.files WHERE business_date = $on)
               GROUP BY kind ORDER BY kind""",
            {"on": business_date},
        )
    }


def _full_files(warehouse: Warehouse, which: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """List the full files that have one of the same source before them."""
    found = warehouse.rows(
        f"""SELECT file_id, source, file_order, file_date FROM ledger.files AS files
            WHERE kind = '834' AND scope = 'FULL' AND {which} AND EXISTS (
                SELECT 1 FROM ledger.files AS earlier
                WHERE earlier.kind = '834' AND earlier.scope = 'FULL' AND earlier.status LIKE 'ACCEPTED%'
                  AND earlier.source = files.source AND earlier.file_order < files.file_order
            )
            ORDER BY file_order, file_id""",  # noqa: S608 - conditions from this module
        parameters,
    )
    return [dict(zip(("full_id", "full_source", "full_order", "full_date"), row, strict=True)) for row in found]


def _look_back(warehouse: Warehouse, full: dict[str, Any]) -> None:
    day: date = full["full_date"]
    since = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    warehouse.run_file(_HERE / "roster_before.sql", **full, roster_since=since)
