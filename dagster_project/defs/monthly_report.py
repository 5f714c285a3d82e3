"""The report to the state: a partition for each month, written on the second of the next, when its last night is known.

Annotations are evaluated here (no `from __future__`): Dagster reads those of the asset.
"""

import dagster as dg

from dagster_project.failures import safely
from dagster_project.partitions import MONTHS, TIME_ZONE, business_date_now
from dagster_project.resources import Exchange, ExchangeHome
from dagster_project.schedules import schedule_of
from pipelines.config import read_roster
from pipelines.reporting.months import Month
from pipelines.reporting.state_report import Reported, report_to_state, usual_path


@dg.asset(
    key=["facts", "reports"],
    group_name="reporting",
    deps=[["ledger", "runs"]],
    partitions_def=MONTHS,
    kinds={"duckdb", "json"},
    owners=["team:plan-operations"],
    description="Is the month reported to the state? The report on it to DHCS as JSON in the plan's own "
    "folder, and the fact that it was written "
    "(rule R35). It tells what was so on the month's last day, whenever it is made.",
    metadata={"dagster/table_name": "warehouse.facts.reports"},
)
def state_reports(context: dg.AssetExecutionContext, exchange: Exchange) -> dg.MaterializeResult[None]:
    """Write the report on the month of the partition."""
    home, first = safely(lambda: exchange.at(context.partition_keys))
    written = safely(lambda: _report(home, Month(first)))
    return dg.MaterializeResult(
        metadata={"members": written.members, "sha256": written.sha256, "due": written.due.isoformat()}
    )


def _report(exchange: ExchangeHome, month: Month) -> Reported:
    config = exchange.read_config()
    today = business_date_now(config.plan.timezone)
    roster = read_roster(config.delivery.providers)
    with exchange.warehouse(config) as warehouse:
        return report_to_state(warehouse, config, roster, month, usual_path(config, month), today=today)


monthly_report = dg.define_asset_job(
    "monthly_report",
    selection=dg.AssetSelection.assets(["facts", "reports"]),
    description="Write the report on a month to DHCS. Sending it is for a person.",
)


monthly_schedule = schedule_of(
    monthly_report,
    name="monthly_report",
    cron="0 9 2 * *",
    zone=TIME_ZONE,
    partition=lambda today: Month.before(today).first.isoformat(),
    description="On the second of each month at 09:00, for the month before: it is due on the tenth.",
)
