"""Referrals: what referrers, facilities and delegating plans tell of people, and whom of the members they mean."""

from __future__ import annotations

from dagster_project.station import station_assets, table
from dagster_project.telling import files_of_the_night
from pipelines import derivation, nightly

_GROUP, _OWNER = "referrals", "ji-liaison"

load_referrals = station_assets(
    nightly.load_referrals,
    table(
        "facts.referrals",
        _GROUP,
        reads=["ledger.files"],
        kinds={"csv", "excel"},
        owner=_OWNER,
        description="Each row of each referral file (mini-MIF): who refers whom, in custody or released (rules R3, "
        "R33).",
    ),
    table(
        "facts.mif_members",
        _GROUP,
        reads=["ledger.files"],
        kinds={"csv", "excel"},
        owner=_OWNER,
        description="Each row of each Member Information File of a delegating plan.",
    ),
    table(
        "facts.release_notices",
        _GROUP,
        reads=["ledger.files"],
        kinds={"csv", "excel"},
        owner=_OWNER,
        description="Each release notice of a correctional facility: release dates, manager before the release (rule "
        "R31).",
    ),
    table(
        "facts.care_plan_receipts",
        _GROUP,
        reads=["ledger.files"],
        kinds={"csv", "excel"},
        owner=_OWNER,
        description="Each receipt of a reentry care plan: when it reached the plan or the provider after release (rule "
        "R14).",
    ),
    tells=[files_of_the_night],
)

match = station_assets(
    derivation.match,
    table(
        "exchange.cin_aliases",
        _GROUP,
        reads=["facts.cin_merges", "facts.enrollment_members"],
        kinds={"sql"},
        owner=_OWNER,
        description="CINs of one person: each alias with the CIN that counts today. A merge can be undone.",
    ),
    table(
        "exchange.prior_identifiers",
        _GROUP,
        reads=["facts.enrollment_members", "facts.cin_merges"],
        kinds={"sql"},
        owner=_OWNER,
        description="CINs that an 834 gives as a member's prior identifier, and what became of each.",
    ),
    table(
        "exchange.identities",
        _GROUP,
        reads=[
            "facts.referrals",
            "facts.mif_members",
            "facts.release_notices",
            "facts.care_plan_receipts",
            "exchange.members",
            "exchange.cin_aliases",
            "facts.identity_decisions",
        ],
        kinds={"sql"},
        owner=_OWNER,
        description="Which member each referral, notice, receipt or MIF row speaks of: by CIN, else by name, birth "
        "date and more. Who is not certain goes to review, nobody is guessed.",
    ),
    table(
        "exchange.identity_proposals",
        _GROUP,
        reads=["exchange.identities", "exchange.members"],
        kinds={"sql"},
        owner=_OWNER,
        description="Whom a row that nobody matches may mean, by probability: a proposal for the liaison, never more.",
    ),
)
