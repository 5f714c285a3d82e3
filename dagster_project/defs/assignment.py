"""Assignment: which ECM provider meets the member, and by when which step is due."""

from __future__ import annotations

from dagster_project.station import station_assets, table
from pipelines import derivation

_GROUP, _OWNER = "assignment", "ji-liaison"

assign = station_assets(
    derivation.assign,
    table(
        "facts.assignment_decisions",
        _GROUP,
        reads=[
            "exchange.ecm_authorizations", "exchange.ji_episodes", "exchange.ji_statements", "exchange.members",
            "facts.liaison_decisions",
        ],
        kinds={"sql"},
        owner=_OWNER,
        description="What was decided tonight, and by which method? Every assignment made or ended, with its reason. "
        "Append-only: a decision once made is never recomputed.",
    ),
    table(
        "facts.assignment_candidates",
        _GROUP,
        reads=["exchange.members"],
        kinds={"sql"},
        owner=_OWNER,
        description="Why this provider and not another? Every provider considered for each assignment, how well it "
        "fitted, and why it was not it.",
    ),
    table(
        "exchange.ecm_assignments",
        _GROUP,
        reads=["facts.assignment_decisions"],
        kinds={"sql"},
        owner=_OWNER,
        description="Who has which provider? Whom each member is and was assigned to: the liaison's choice, else the "
        "facility's, continuity, preference, and last the rule that fills providers evenly (rules R16 to "
        "R22).",
    ),
    table(
        "exchange.unassigned",
        _GROUP,
        reads=["exchange.ecm_authorizations", "exchange.ecm_assignments"],
        kinds={"sql"},
        owner=_OWNER,
        description="Who is authorized and has no provider? The liaison's work list, with the reason. Nobody is "
        "dropped.",
    ),
    table(
        "exchange.unassigned_candidates",
        _GROUP,
        reads=["exchange.ecm_authorizations", "exchange.members"],
        kinds={"sql"},
        owner=_OWNER,
        description="Why can nobody take them? Every provider that was considered for those without one, and why it "
        "cannot.",
    ),
)  # fmt: skip

start_clocks = station_assets(
    derivation.start_clocks,
    table(
        "exchange.clocks",
        _GROUP,
        reads=[
            "exchange.ji_episodes", "exchange.ji_statements", "exchange.ecm_assignments", "exchange.contact_attempts",
            "exchange.care_days", "facts.liaison_events",
            "facts.care_plan_receipts",
        ],
        kinds={"sql"},
        owner=_OWNER,
        description="What is due, and what is late? First contact, follow-up, warm hand-off, care plan, materials, "
        "assignment, after-hours contact (rules R9 to R16, R26), and what met each.",
    ),
)  # fmt: skip
