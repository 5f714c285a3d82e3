"""The derived tables before and after, compared row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.enrollment.apply import TABLES as ENROLLMENT_TABLES
from pipelines.warehouse import Warehouse

KEYS = {
    "care_days": "cin, npi, kind, happened_on",
    "cin_aliases": "alias",
    "clocks": "clock_id",
    "contact_attempts": "attempt_id",
    "coverage_months": "cin, hcp_code, benefit_month",
    "ecm_assignments": "assignment_id",
    "ecm_authorizations": "authorization_id",
    "identities": "kind, file_id, row_no",
    "ji_contradictions": "contradiction_id",
    "ji_episodes": "episode_id",
    "ji_evidence": "evidence_id",
    "locator_totals": "locator",
    "ji_steps": "cin, step",
    "members": "cin",
    "provider_reports": "cin, npi",
    "release_needs": "episode_id, need",
    "unassigned": "cin",
    "work_items": "item_id",
}
"""What a row speaks of, so that another row about the same is a change; rows of other tables come or go."""


@dataclass(frozen=True)
class TableDifference:
    """How a table differs from what stood, in rows."""

    table: str
    rows: int
    """As it is now."""
    added: int
    removed: int
    changed: int

    @property
    def differs(self) -> bool:
        """Whether any row came, went or changed."""
        return bool(self.added or self.removed or self.changed)


def derived_tables(warehouse: Warehouse) -> tuple[str, ...]:
    """Name the tables of the exchange schema, without the schema."""
    found = warehouse.rows(
        """SELECT table_name FROM duckdb_tables()
           WHERE database_name = 'warehouse' AND schema_name = 'exchange' ORDER BY table_name"""
    )
    return tuple(name for (name,) in found)


def put_aside(warehouse: Warehouse) -> None:
    """Keep every derived table under `stood_<name>`, and empty all but those that are emptied where they are filled."""
    for name in derived_tables(warehouse):
        warehouse.run(f"CREATE OR REPLACE TEMP TABLE stood_{name} AS FROM exchange.{name}")
        if f"exchange.{name}" not in ENROLLMENT_TABLES:
            warehouse.run(f"DELETE FROM exchange.{name}")  # noqa: S608 - from the catalogue


def compare_tables(warehouse: Warehouse) -> Iterator[TableDifference]:
    """Compare every derived table with what was put aside.

    Rows are compared by a hash of 64 bits: among millions of rows that costs an eighth of comparing column by column.
    """
    for name in derived_tables(warehouse):
        warehouse.run(
            f"""CREATE OR REPLACE TEMP TABLE differing AS
                SELECT fingerprint, sum(number)::BIGINT AS more
                FROM (
                    SELECT hash(now) AS fingerprint, 1 AS number FROM exchange.{name} AS now
                    UNION ALL
                    SELECT hash(stood), -1 FROM stood_{name} AS stood
                )
                GROUP BY fingerprint HAVING sum(number) <> 0"""  # noqa: S608 - from the catalogue
        )
        rows, come, gone = warehouse.rows(
            f"""SELECT (SELECT count(*) FROM exchange.{name}), coalesce(sum(more) FILTER (more > 0), 0)::BIGINT,
                       coalesce(-sum(more) FILTER (more < 0), 0)::BIGINT FROM differing"""  # noqa: S608 - as above
        )[0]
        changed = _changed(warehouse, name) if come and gone else 0
        yield TableDifference(name, rows, come - changed, gone - changed, changed)


def _changed(warehouse: Warehouse, name: str) -> int:
    """Count what both a row that came and a row that went speak of."""
    key = KEYS.get(name)
    if key is None:
        return 0
    changed: int = warehouse.value(
        f"""SELECT count(*) FROM (
                SELECT {key} FROM exchange.{name} AS now
                WHERE hash(now) IN (SELECT fingerprint FROM differing WHERE more > 0)
                INTERSECT
                SELECT {key} FROM stood_{name} AS stood
                WHERE hash(stood) IN (SELECT fingerprint FROM differing WHERE more < 0)
            )"""  # noqa: S608 - from the catalogue and above
    )
    return changed
