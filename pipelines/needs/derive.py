"""Derive `exchange.release_needs` from what facilities, referrers and the liaison say of the needs at a release."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.config.policy import Needs
from pipelines.identity import lend_standing_rows
from pipelines.liaison import lend_standing_records
from pipelines.warehouse import Warehouse
from schemas.codes import COMMUNITY_SUPPORTS, NEEDS

_HERE = Path(__file__).parent


def derive_needs(warehouse: Warehouse, policy: Needs, business_date: date) -> dict[str, int]:
    """Fill `exchange.release_needs` anew and return how many people lack what, by need.

    `need_words.sql` gathers the newest word on each matter, `release_needs.sql` says what follows from them.
    """
    supports = pd.DataFrame(COMMUNITY_SUPPORTS.items(), columns=["support", "words"], dtype="str")
    warehouse.lend("support_words", supports)
    with warehouse.transaction():
        lend_standing_rows(warehouse)
        lend_standing_records(warehouse)
        warehouse.run_file(_HERE / "need_words.sql", business_date=business_date)
        warehouse.run_file(
            _HERE / "release_needs.sql",
            unknown_within=policy.unknown_within,
            missing_after=policy.missing_after,
            elected_supports=list(policy.community_supports),
        )
    counts = dict(warehouse.rows("SELECT need, count(*) FROM exchange.release_needs WHERE is_missing GROUP BY need"))
    return {need: counts.get(need, 0) for need in NEEDS}
