"""Match the rows of tabular files to members."""

from __future__ import annotations

from pathlib import Path

from pipelines.warehouse import Warehouse


def match_identities(warehouse: Warehouse) -> dict[str, int]:
    """Fill `exchange.identities` and return the number of newest rows by method.

    Methods: `CIN` (the CIN is a member's and name or birth date agrees), `NAME_BIRTH_DATE_AND_MORE` (no CIN; name,
    birth date and one more datum agree with exactly one member), `REVIEW` (a CIN whose name and birth date both
    disagree, or several members fit), `UNMATCHED` (tried again every night).
    """
    with warehouse.transaction():
        warehouse.run_file(Path(__file__).with_name("identities.sql"))
    return dict(
        warehouse.rows(
            "SELECT method, count(*) FROM exchange.identities WHERE rank = 1 GROUP BY method ORDER BY method"
        )
    )
