"""Delivery: what each provider has to be told tonight, rendered, sent, and confirmed in its folder."""

from __future__ import annotations

from dagster_project.partitions import BEFORE_BUSINESS
from dagster_project.station import station_assets, table
from pipelines import nightly

_GROUP, _OWNER = "delivery", "data-exchange"

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
        description="What is each recipient to be told, and is any of it held? Files rendered for one recipient "
        "each: for a provider the difference to what it has been told, also when there is none; for a "
        "sender the answer to its file. A gate holds what looks wrong.",
    ),
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
        description="Did every file arrive, and who waits since when? Files that stand in their recipient's folder, "
        "read back and equal. What did not arrive is owed and sent by the next run.",
    ).replace_attributes(freshness_policy=BEFORE_BUSINESS),
    sends=True,
)
