"""Reports that were written, as facts, and those that are due: which month's, and by when (R35)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.config.policy.reports import Reports
from pipelines.durable import make_folders, replace_file
from pipelines.reporting.months import Month
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note

_DUE = {
    "report": "str", "month": "datetime64[s]", "since": "datetime64[s]", "due": "datetime64[s]", "is_overdue": "bool",
}  # fmt: skip


def write_report(path: Path, content: bytes) -> None:
    """Put a report into its file whole, for this account's eyes alone; folders that are missing are made so too."""
    make_folders(path.parent)
    replace_file(path, content)


def record_report(
    warehouse: Warehouse, report: str, month: Month, sha256: str, *, members: int, on: date, file: str
) -> bool:
    """Note as a fact that a report on a month was written; returns whether it is news.

    The file is there before the record is: a run that is cut off leaves a report due that was written, never the other
    way round.
    """
    told = {"report": report, "month": month.first, "sha256": sha256}
    with warehouse.transaction():
        if warehouse.value(
            "SELECT count(*) FROM facts.reports WHERE (report, month, sha256) = ($report, $month, $sha256)", told
        ):
            return False
        warehouse.run(
            """INSERT INTO facts.reports BY NAME
               SELECT md5(concat_ws('|', 'report', sequence, $report, $month, $sha256)) AS report_id, sequence,
                      $on AS written_on, $report AS report, $month AS month, $file AS file, $members AS members,
                      $sha256 AS sha256
               FROM (SELECT coalesce(max(sequence), 0) + 1 AS sequence FROM facts.reports)""",
            {**told, "on": on, "file": file, "members": members},
        )
        identifier = warehouse.value("SELECT arg_max(report_id, sequence) FROM facts.reports")
        note(warehouse, on, "REPORTED", identifier, f"{report} of {month}, sha256 {sha256}")
    return True


def reports_due(warehouse: Warehouse, policy: Reports, on: date) -> pd.DataFrame:
    """List the months that are over and not reported to the state: columns report, month, since, due, is_overdue.

    From the month of the first night on, or the one that the plan says it began with.
    """
    first_night: date | None = warehouse.value("SELECT min(valid_from) FROM facts.roster_entries")
    rows = []
    if policy.dhcs_json and first_night is not None:
        written = {month for (month,) in warehouse.rows("SELECT month FROM facts.reports WHERE report = 'dhcs-json'")}
        month = Month(first_night.replace(day=1)) if policy.dhcs_from is None else Month.named(policy.dhcs_from)
        while month <= Month.before(on):
            if month.first not in written:
                due = month.due(policy.dhcs_due_day)
                rows.append(("dhcs-json", month.first, month.following.first, due, on > due))
            month = month.following
    return pd.DataFrame(rows, columns=list(_DUE)).astype(_DUE)
