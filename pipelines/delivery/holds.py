"""What gates hold tonight, and what a person has let go: exactly those rows, past exactly that gate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.delivery.gates import GATES, Doubt
from pipelines.warehouse import Warehouse


def is_released(warehouse: Warehouse, doubt: Doubt) -> bool:
    """Tell whether a person let these rows past this gate. Had one of them changed since, the hold had another id."""
    return GATES[doubt.code].releasable and bool(
        warehouse.value(
            "SELECT count(*) > 0 FROM facts.releases WHERE kind = 'DELIVERY' AND subject = $id AND code = $code",
            {"id": doubt.hold_id, "code": doubt.code},
        )
    )


def keep_holds(warehouse: Warehouse, on: date, found: Sequence[Doubt]) -> None:
    """Store what is held in the night of `on`, in place of what an earlier run of it held."""
    warehouse.run("DELETE FROM delivery.holds WHERE business_date = $on", {"on": on})
    for doubt in found:
        warehouse.run(
            """INSERT INTO delivery.holds BY NAME
               SELECT $hold_id AS hold_id, $on AS business_date, $npi AS npi, $code AS code, $rows AS rows,
                      $detail AS detail, $content_hash AS content_hash""",
            {
                "hold_id": doubt.hold_id, "on": on, "npi": doubt.npi, "code": doubt.code, "rows": len(doubt.rows),
                "detail": doubt.detail, "content_hash": doubt.content_hash,
            },
        )  # fmt: skip


def told_of_holds(warehouse: Warehouse, on: date) -> list[str]:
    """Say of each hold of the night what it holds, why, and what to do; a line each, fit for a log."""
    found = warehouse.rows(
        "SELECT npi, rows, code, detail, hold_id FROM delivery.holds WHERE business_date = $on ORDER BY npi, code",
        {"on": on},
    )
    return [
        f"provider {npi}: {rows} rows are held by {code}, {GATES[code].meaning} ({detail}). "
        f"Hold {hold_id[:12]}: {GATES[code].remedy}"
        for npi, rows, code, detail, hold_id in found
    ]
