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


def derive_reports(warehouse: Warehouse) -> dict[str, int]:
    """Fill the three tables anew and return how many reports, attempts, successful ones and days of care there are."""
    warehouse.lend("standing_words", standings_table())
    with warehouse.transaction():
        for script in ("returned.sql", "provider_reports.sql", "contact_attempts.sql", "care_days.sql"):
            warehouse.run_file(_HERE / script)
    return dict(zip(("reports", "attempts", "successful", "care_days"), warehouse.rows(_COUNTS)[0], strict=True))
