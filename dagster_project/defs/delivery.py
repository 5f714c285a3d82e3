"""Delivery: what each provider has to be told tonight, rendered, sent, and confirmed in its folder."""

from __future__ import annotations

from datetime import timedelta

import dagster as dg

from dagster_project.partitions import TIME_ZONE
from dagster_project.station import station_assets, table
from dagster_project.telling import outbox_of_the_night
from pipelines import nightly

_GROUP, _OWNER = "delivery", "data-exchange"

BEFORE_BUSINESS = dg.FreshnessPolicy.cron(
    deadline_cron="0 7 * * *", lower_bound_delta=timedelta(hours=7), timezone=TIME_ZONE
)
"""Providers look into their folders when their day begins; a night that did not run shows here, not by silence."""

fill_outbox = station_assets(
    nightly.fill_outbox,
    table(
        "delivery.outbox",
        _GROUP,
        reads=[
            "exchange.ecm_assignments", "exchange.ecm_authorizations", "exchange.clocks", "exchange.members",
            "exchange.coverage_months", "exchange.ji_episodes", "exchange.ji_statements", "exchange.identities",
            "exchange.release_needs", "exchange.provider_reports", "facts.referrals", "ledger.files",
        ],
        kinds={"csv", "excel"},
        owner=_OWNER,
        description="Files rendered for one recipient each: for a provider the difference to what it has been told, "
        "also when there is none; for a sender the answer to its file. A gate holds what looks wrong.",
    ),
    tells=[outbox_of_the_night],
    sends=True,
)  # fmt: skip

deliver = station_assets(
    nightly.deliver,
    table(
        "delivery.deliveries",
        _GROUP,
        reads=["delivery.outbox"],
        kinds={"sftp"},
        owner=_OWNER,
        description="Files that stand in their recipient's folder, read back and equal. What did not arrive is owed "
        "and sent by the next run.",
    ).replace_attributes(freshness_policy=BEFORE_BUSINESS),
    tells=[outbox_of_the_night],
    sends=True,
)
