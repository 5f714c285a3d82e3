"""Which CINs are one person: what the liaison decided and, where the plan lets it, what the 834 says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.config import ExchangeConfig
from pipelines.load.told_rows import view_told_rows
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent


def resolve_aliases(warehouse: Warehouse, config: ExchangeConfig, business_date: date) -> dict[str, int]:
    """Fill `exchange.cin_aliases` and `exchange.prior_identifiers` anew; return their numbers.

    Counts: `ALIASES`, and prior identifiers of the 834 that are `ASKED` of the liaison or `UNCLEAR` (several members
    have the same one, or they lead in a circle: nothing is merged on them).
    """
    policy = config.identity
    prior = policy.prior_identifier_column
    wanted = f"{prior} <> cin AND regexp_matches({prior}, '9\\d{{7}}[A-Za-z]')"
    with warehouse.transaction():
        warehouse.run_file(_HERE / "names.sql")
        warehouse.run(
            f"""CREATE OR REPLACE TEMP TABLE priors AS
                SELECT {prior} AS prior, cin, file_id, segment_no FROM facts.enrollment_members
                WHERE {"false" if policy.prior_identifier == "ignore" else wanted}"""  # noqa: S608 - column from code
        )
        view_told_rows(warehouse)
        warehouse.run_file(_HERE / "aliases.sql", business_date=business_date, prior_identifier=policy.prior_identifier)
    asked = dict(
        warehouse.rows(
            """SELECT outcome, count(*) FROM exchange.prior_identifiers WHERE outcome IN ('ASKED', 'UNCLEAR')
               GROUP BY outcome ORDER BY outcome"""
        )
    )
    return {"ALIASES": warehouse.value("SELECT count(*) FROM exchange.cin_aliases"), **asked}
