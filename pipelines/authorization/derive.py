"""Derive `exchange.ecm_authorizations` from the episodes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.config.policy import Authorization
from pipelines.warehouse import Warehouse


def derive_authorizations(warehouse: Warehouse, policy: Authorization, business_date: date) -> dict[str, int]:
    """Fill `exchange.ecm_authorizations` anew and return the number of authorizations by status."""
    with warehouse.transaction():
        warehouse.run_file(
            Path(__file__).with_name("authorizations.sql"),
            business_date=business_date,
            months=policy.months,
            anchors=list(policy.anchor),
        )
    return dict(
        warehouse.rows("SELECT status, count(*) FROM exchange.ecm_authorizations GROUP BY status ORDER BY status")
    )
