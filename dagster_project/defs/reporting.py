"""Reporting: what waits for a person, the run's own record, and the copy that people read meanwhile."""

from __future__ import annotations

from dagster_project.ending import end_night
from dagster_project.partitions import BEFORE_BUSINESS
from dagster_project.station import station_assets, table
from dagster_project.telling import the_run
from pipelines import nightly

list_work = station_assets(
    nightly.list_work,
    table(
        "exchange.work_items",
        "reporting",
        reads=[
            "exchange.unassigned", "exchange.clocks", "exchange.ji_episodes", "exchange.ji_contradictions",
            "exchange.identity_proposals", "exchange.locator_disagreements", "exchange.county_coverage",
            "exchange.roster_differences", "exchange.provider_reports", "exchange.contact_attempts",
            "exchange.care_days", "exchange.release_needs",
        ],
        kinds={"sql", "excel"},
        owner="ji-liaison",
        description="What waits for the JI liaison? By list; also as a workbook in the plan's own folder.",
    ),
)  # fmt: skip

publish_copy = station_assets(
    nightly.publish_copy,
    table(
        "ledger.runs",
        "reporting",
        reads=["delivery.deliveries", "exchange.work_items"],
        kinds=set(),
        owner="data-exchange",
        description="Is the night done, how long did it take, and what needs a person? One row for each run of a "
        "night. With it the readers' copy `published.duckdb` is replaced: reports read that copy, never "
        "the live store. The page of the night lies where `page_of_the_night` says.",
    ).replace_attributes(freshness_policy=BEFORE_BUSINESS),
    tells={"ledger.runs": the_run},
    ends=end_night,
)
