"""Who gains and who loses something by a rebuild: a flag, an open episode, a running authorization, a provider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.warehouse import Warehouse

STANDINGS = {
    "JI flag": "SELECT DISTINCT cin, '' AS npi FROM {ji_evidence}",
    "open episode": "SELECT DISTINCT cin, '' AS npi FROM {ji_episodes} WHERE state <> 'CLOSED'",
    "running authorization": """SELECT DISTINCT cin, '' AS npi FROM {ecm_authorizations}
                                WHERE status IN ('PENDING_RELEASE', 'ACTIVE', 'SUSPENDED')""",
    "assignment": "SELECT cin, npi FROM {ecm_assignments} WHERE ended_on IS NULL",
    "place on the list of the unassigned": "SELECT DISTINCT cin, '' AS npi FROM {unassigned}",
}
"""What a member may have, as a query on derived tables; `npi` is the provider where there is one."""

_TABLES = ("ji_evidence", "ji_episodes", "ecm_authorizations", "ecm_assignments", "unassigned")


@dataclass(frozen=True)
class StandingDifference:
    """How many members gain or lose something."""

    standing: str
    gained: int
    lost: int


@dataclass(frozen=True)
class MemberDifference:
    """What one member gains or loses: protected health information."""

    cin: str
    standing: str
    change: str
    """GAINED or LOST."""
    npi: str
    """The provider of an assignment, else empty."""


def compare_standings(warehouse: Warehouse) -> Iterator[MemberDifference]:
    """Compare what members have now with what was put aside, each difference once, by standing and member."""
    for standing, query in STANDINGS.items():
        now = query.format(**{name: f"exchange.{name}" for name in _TABLES})
        stood = query.format(**{name: f"stood_{name}" for name in _TABLES})
        for cin, npi, change in warehouse.rows(
            f"""SELECT cin, npi, 'GAINED' AS change FROM ({now} EXCEPT {stood})
                UNION ALL
                SELECT cin, npi, 'LOST' FROM ({stood} EXCEPT {now})
                ORDER BY cin, change, npi"""  # noqa: S608 - queries from above
        ):
            yield MemberDifference(cin, standing, change, npi)


def count_standings(members: tuple[MemberDifference, ...]) -> tuple[StandingDifference, ...]:
    """Count the differences by standing."""
    changes = [(each.standing, each.change) for each in members]
    return tuple(
        StandingDifference(standing, changes.count((standing, "GAINED")), changes.count((standing, "LOST")))
        for standing in STANDINGS
    )
