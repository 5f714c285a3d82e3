"""Derive `exchange.ji_episodes` from the facts as they are known on the business date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.config import ExchangeConfig
from pipelines.enrollment.apply import lend_policy
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent


def derive_episodes(warehouse: Warehouse, config: ExchangeConfig, business_date: date) -> dict[str, int]:
    """Fill `exchange.ji_episodes` anew and return the number of episodes by state.

    The scripts say what each file observed of a member (`observations.sql`), what referrers, facilities and delegating
    plans stated (`statements.sql`), and fold both into episodes (`episodes.sql`).
    """
    lend_policy(warehouse, config)
    with warehouse.transaction():
        for script in ("statements.sql", "observations.sql", "episodes.sql"):
            warehouse.run_file(_HERE / script, business_date=business_date)
    return dict(warehouse.rows("SELECT state, count(*) FROM exchange.ji_episodes GROUP BY state ORDER BY state"))
