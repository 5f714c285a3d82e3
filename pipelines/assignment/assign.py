"""End assignments that no longer hold, then assign everyone who has an authorization and no provider.

Precedence: 1 the JI liaison's decision, 2 a facility's notice or a referral naming the pre-release provider,
3 continuity with an earlier provider, 4 a referrer's preferred provider, 5 the rule. Nobody is moved without one of the
reasons in `ends.sql`; who cannot be assigned stands in `exchange.unassigned` with the reason.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.config import Roster
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent


def assign_members(warehouse: Warehouse, roster: Roster, business_date: date) -> dict[str, int]:
    """Decide assignments for the night and return the number of new ones by method.

    Decisions are appended to `facts.assignment_decisions`; `exchange.ecm_assignments` and `exchange.unassigned` follow.
    """
    warehouse.lend("roster", roster.table())
    with warehouse.transaction():
        before: int = warehouse.value("SELECT coalesce(max(decision), 0) FROM facts.assignment_decisions")
        warehouse.run_file(_HERE / "assignments.sql")
        warehouse.run_file(_HERE / "ends.sql", business_date=business_date)
        warehouse.run_file(_HERE / "assignments.sql")
        warehouse.run_file(_HERE / "candidates.sql", business_date=business_date)
        _grant_named_choices(warehouse)
        _grant_by_rule(warehouse)
        warehouse.run_file(_HERE / "record.sql", business_date=business_date)
        warehouse.run_file(_HERE / "assignments.sql")
    return dict(
        warehouse.rows(
            """SELECT method, count(*) FROM facts.assignment_decisions
               WHERE decision > $before AND action = 'ASSIGN' GROUP BY method ORDER BY method""",
            {"before": before},
        )
    )


def _grant_named_choices(warehouse: Warehouse) -> None:
    """Go through the named providers in order of precedence; one who is full is passed over for the next choice."""
    grant = (_HERE / "grant_named.sql").read_text(encoding="utf-8")
    for (step,) in warehouse.rows("SELECT DISTINCT step FROM choices ORDER BY step"):
        warehouse.run(grant, {"step": step})


def _grant_by_rule(warehouse: Warehouse) -> None:
    """Fill providers evenly: in each round everyone left asks the best-fitting, least-loaded provider with a place.

    A provider takes a twentieth of its free places in a round, but no more than a quarter of those who ask, the most
    urgent members first: loads rise together, and equal providers end level to one member.
    """
    grant = (_HERE / "grant_by_rule.sql").read_text(encoding="utf-8")
    granted = -1
    while granted != (granted := warehouse.value("SELECT count(*) FROM granted")):
        warehouse.run(grant)
