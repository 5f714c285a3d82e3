"""The report to the state: a partition for each month, written on the second of the next, when its last night is known.

Annotations are evaluated here (no `from __future__`): Dagster reads those of the asset.
"""

from datetime import date
from zoneinfo import ZoneInfo

import dagster as dg

from dagster_project.failures import safely
from dagster_project.partitions import BUSINESS_DATES, MONTHS, TIME_ZONE
from dagster_project.resources import ExchangeHome
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
def state_reports(context: dg.AssetExecutionContext, exchange: ExchangeHome) -> dg.MaterializeResult[None]:
    """Write the report on the month of the partition."""
    month = Month(date.fromisoformat(context.partition_key))
    today = date.fromisoformat(str(BUSINESS_DATES.get_last_partition_key()))
    written = safely(lambda: _report(exchange, month, today))
    return dg.MaterializeResult(
        metadata={"members": written.members, "sha256": written.sha256, "due": written.due.isoformat()}
    )


def _report(exchange: ExchangeHome, month: Month, today: date) -> Reported:
    config = exchange.read_config()
    roster = read_roster(config.delivery.providers)
    with exchange.warehouse(config) as warehouse:
        return report_to_state(warehouse, config, roster, month, usual_path(config, month), today=today)


monthly_report = dg.define_asset_job(
    "monthly_report",
    selection=dg.AssetSelection.assets(["facts", "reports"]),
    description="Write the report on a month to DHCS. Sending it is for a person.",
)


@dg.schedule(
    name="monthly_report",
    job=monthly_report,
    cron_schedule="0 9 2 * *",
    execution_timezone=TIME_ZONE,
    description="On the second of each month at 09:00, for the month before: it is due on the tenth.",
)
def monthly_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the month before the tick, once."""
    today = context.scheduled_execution_time.astimezone(ZoneInfo(TIME_ZONE)).date()
    month = Month.before(today).first.isoformat()
    return dg.RunRequest(run_key=month, partition_key=month)
