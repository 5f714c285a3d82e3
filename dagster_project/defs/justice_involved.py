"""Justice involvement: from evidence and statements to episodes, each from becoming known to leaving or returning."""

from __future__ import annotations

from dagster_project.station import station_assets, table
from pipelines import derivation

_GROUP, _OWNER = "justice_involved", "ji-liaison"

find_episodes = station_assets(
    derivation.find_episodes,
    table(
        "exchange.ji_statements",
        _GROUP,
        reads=["facts.referrals", "facts.mif_members", "facts.release_notices", "exchange.identities"],
        kinds={"sql"},
        owner=_OWNER,
        description="What did others say of custody and release? Statements of referrers, facilities and delegating "
        "plans on members whose identity is certain.",
    ),
    table(
        "exchange.ji_steps",
        _GROUP,
        reads=[
            "exchange.ji_evidence",
            "exchange.ji_statements",
            "facts.enrollment_members",
            "facts.enrollment_coverage",
        ],
        kinds={"sql", "numpy"},
        owner=_OWNER,
        description="How did each member come to stand where they stand? Every event of a member's timeline and the "
        "state after it, by the table of states and events.",
    ),
    table(
        "exchange.ji_episodes",
        _GROUP,
        reads=["exchange.ji_steps", "exchange.ji_statements", "exchange.cin_aliases"],
        kinds={"sql"},
        owner=_OWNER,
        description="Who is inside, and who was released? One stretch of justice involvement each: still inside, "
        "released (the hold is gone, rule R8), back inside, or closed. A return to custody opens the "
        "next one.",
    ),
    table(
        "exchange.ji_contradictions",
        _GROUP,
        reads=["exchange.ji_steps", "exchange.ji_episodes", "exchange.ji_statements"],
        kinds={"sql"},
        owner=_OWNER,
        description="Where do sources contradict each other? Such as a notice of release while the 834 holds, until "
        "a later fact resolves it.",
    ),
)

find_needs = station_assets(
    derivation.find_needs,
    table(
        "exchange.release_needs",
        _GROUP,
        reads=[
            "exchange.ji_episodes",
            "exchange.identities",
            "facts.referrals",
            "facts.release_notices",
            "facts.care_plan_receipts",
            "facts.liaison_events",
        ],
        kinds={"sql"},
        owner=_OWNER,
        description="What does each person need at the release, and is it arranged? A ride, community supports, a "
        "behavioral-health link, appointments (rules R27 to R30).",
    ),
)
