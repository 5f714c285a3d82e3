"""End assignments that no longer hold, then assign everyone who has an authorization and no provider.

Precedence (R17, R18): 1 the JI liaison's decision, 2 a facility's notice or a referral naming the pre-release provider,
3 continuity with an earlier provider, 4 a referrer's preferred provider, 5 the rule. Nobody is moved without one of the
reasons in `ends.sql`; who cannot be assigned stands in `exchange.unassigned` with the reason. Everyone who was
considered is kept with what became of it: `facts.assignment_candidates`, `exchange.unassigned_candidates`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.assignment.rule import choose
from pipelines.checkpoints import Checkpoint, reached
from pipelines.config import Roster
from pipelines.config.policy import Assignment
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent


def assign_members(warehouse: Warehouse, policy: Assignment, roster: Roster, business_date: date) -> dict[str, int]:
    """Decide assignments for the night and return the number of new ones by method.

    Decisions are appended to `facts.assignment_decisions`; `exchange.ecm_assignments` and `exchange.unassigned` follow.
    """
    warehouse.lend("roster", roster.table())
    with warehouse.transaction():
        before: int = warehouse.value("SELECT coalesce(max(decision), 0) FROM facts.assignment_decisions")
        warehouse.run_file(_HERE / "assignments.sql")
        warehouse.run_file(_HERE / "held.sql", business_date=business_date)
        _let_go_of_crowded_moves(warehouse)
        warehouse.run_file(_HERE / "ends.sql")
        warehouse.run_file(_HERE / "assignments.sql")
        warehouse.run_file(_HERE / "needing.sql")
        _grant_named_choices(warehouse)
        grant_by_rule(warehouse, policy)
        warehouse.run_file(_HERE / "considered.sql")
        warehouse.run_file(_HERE / "record.sql")
        reached(Checkpoint.DECISIONS_RECORDED)
        warehouse.run_file(_HERE / "assignments.sql")
    return dict(
        warehouse.rows(
            """SELECT method, count(*) FROM facts.assignment_decisions
               WHERE decision > $before AND action = 'ASSIGN' GROUP BY method ORDER BY method""",
            {"before": before},
        )
    )


def read_assignments(warehouse: Warehouse) -> None:
    """Fill `exchange.ecm_assignments` from the decisions that were made; nothing is decided."""
    warehouse.run_file(_HERE / "assignments.sql")


def _let_go_of_crowded_moves(warehouse: Warehouse) -> None:
    """Keep as many of the liaison's moves as fit together: one may take the place that another leaves the same night.

    Whoever is let go of keeps a place that was counted as left, so that others may have to be let go of as well.
    """
    wanted, left = -1, warehouse.value("SELECT count(*) FROM liaison_moves")
    while left not in (0, wanted):
        warehouse.run_file(_HERE / "crowded.sql")
        wanted, left = left, warehouse.value("SELECT count(*) FROM liaison_moves")


def _grant_named_choices(warehouse: Warehouse) -> None:
    """Go through the named providers in order of precedence; one who is full is passed over for the next choice."""
    grant = (_HERE / "grant_named.sql").read_text(encoding="utf-8")
    for (step,) in warehouse.rows("SELECT DISTINCT step FROM choices ORDER BY step"):
        warehouse.run(grant, {"step": step})


def grant_by_rule(warehouse: Warehouse, policy: Assignment) -> None:
    """Let the rule choose for everyone whom no named provider could take, all at once."""
    penalties = {name: None if weight == "required" else weight for name, weight in policy}
    warehouse.run_file(_HERE / "fits.sql", **penalties)
    warehouse.run_file(_HERE / "rule.sql")
    chosen = choose(
        warehouse.table("SELECT cin, profile, priority FROM waiting"),
        warehouse.table(
            """SELECT profile, npi, mismatch, CAST(NOT served_before AS BIGINT) AS stranger, tie
               FROM fits WHERE fit = 'FITS'"""
        ),
        warehouse.table("SELECT npi, unevenness(filled, capacity) AS unevenness FROM places"),
    )
    warehouse.lend("chosen", chosen)
    warehouse.run("INSERT INTO granted SELECT cin, npi, 50, 'RULE' FROM chosen")
