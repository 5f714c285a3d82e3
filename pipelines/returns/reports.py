"""Derive `exchange.provider_reports`, `contact_attempts` and `care_days` from what providers returned."""

from __future__ import annotations

from pathlib import Path

from pipelines.returns.standings import standings_table
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent

_COUNTS = """
    SELECT
        (SELECT count(*) FROM exchange.provider_reports),
        (SELECT count(*) FROM exchange.contact_attempts),
        (SELECT count(*) FROM exchange.contact_attempts WHERE attempt_successful),
        (SELECT count(*) FROM exchange.care_days)
"""


def read_returned(warehouse: Warehouse) -> None:
    """Put the rows that count into the session, as `returned`, and what the words of their status mean."""
    warehouse.lend("standing_words", standings_table())
    warehouse.run_file(_HERE / "returned.sql")


def derive_reports(warehouse: Warehouse) -> dict[str, int]:
    """Fill the three tables anew and return how many reports, attempts, successful ones and days of care there are."""
    with warehouse.transaction():
        read_returned(warehouse)
        for script in ("provider_reports.sql", "contact_attempts.sql", "care_days.sql"):
            warehouse.run_file(_HERE / script)
    return dict(zip(("reports", "attempts", "successful", "care_days"), warehouse.rows(_COUNTS)[0], strict=True))
