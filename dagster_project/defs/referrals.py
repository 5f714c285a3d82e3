"""Referrals: what referrers, facilities and delegating plans tell of people, and whom of the members they mean."""

from __future__ import annotations

from dagster_project.station import station_assets, table
from pipelines import derivation, nightly
from schemas.kinds import LISTS

_GROUP, _OWNER = "referrals", "ji-liaison"

load_referrals = station_assets(
    nightly.load_referrals,
    *(
        table(
            kind.facts,
            _GROUP,
            reads=["ledger.files"],
            kinds={"csv", "excel"},
            owner=_OWNER,
            description=f"{kind.asks} {kind.row}",
        )
        for kind in LISTS.values()
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
            *(kind.facts for kind in LISTS.values()),
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
