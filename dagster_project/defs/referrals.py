"""Referrals: what referrers, facilities and delegating plans tell of people, and whom of the members they mean."""

from __future__ import annotations

from dagster_project.station import station_assets, table
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
        description="Whom were we asked to care for? Each row of each referral file (mini-MIF): who refers whom, in "
        "custody or released (rules R3, R33).",
    ),
    table(
        "facts.mif_members",
        _GROUP,
        reads=["ledger.files"],
        kinds={"csv", "excel"},
        owner=_OWNER,
        description="Whom do other plans delegate to us? Each row of each Member Information File of a delegating "
        "plan.",
    ),
    table(
        "facts.release_notices",
        _GROUP,
        reads=["ledger.files"],
        kinds={"csv", "excel"},
        owner=_OWNER,
        description="Who is about to be released, or was? Each release notice of a correctional facility: release "
        "dates, manager before the release (rule R31).",
    ),
    table(
        "facts.care_plan_receipts",
        _GROUP,
        reads=["ledger.files"],
        kinds={"csv", "excel"},
        owner=_OWNER,
        description="Whose reentry care plan has come? Each receipt: when it reached the plan or the provider after "
        "release (rule R14).",
    ),
)

match = station_assets(
    derivation.match,
    table(
        "exchange.cin_aliases",
        _GROUP,
        reads=["facts.cin_merges", "facts.enrollment_members"],
        kinds={"sql"},
        owner=_OWNER,
        description="Which CINs are one person? Each alias with the CIN that counts today. A merge can be undone.",
    ),
    table(
        "exchange.prior_identifiers",
        _GROUP,
        reads=["facts.enrollment_members", "facts.cin_merges"],
        kinds={"sql"},
        owner=_OWNER,
        description="Has somebody got a new CIN? Each CIN that an 834 gives as a member's prior identifier, and what "
        "became of it.",
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
        description="Whom does each row mean? Which member each referral, notice, receipt or MIF row speaks of: by "
        "CIN, else by name, birth date and more. Who is not certain goes to review; nobody is guessed.",
    ),
    table(
        "exchange.identity_proposals",
        _GROUP,
        reads=["exchange.identities", "exchange.members"],
        kinds={"sql"},
        owner=_OWNER,
        description="Whom may a row mean that nobody matches? By probability: a proposal for the liaison, never more.",
    ),
)
