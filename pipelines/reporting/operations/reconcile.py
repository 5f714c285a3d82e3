"""The monthly reconciliation: the plan's assignments against what providers returned for the month.

It reads the newest there is: return files for a month arrive after it, and so do corrections.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.directory import Section
from pipelines.reporting.months import Month
from pipelines.returns import read_returned
from pipelines.warehouse import Warehouse

_FIGURES = {
    "npi": "NPI of the provider",
    "provider": "Its name",
    "assigned": "Members who were its own on any day of the month",
    "reported": "Members it reported on for the month",
    "alike": "Reported, and nothing differs",
    "missing": "Its own, and not reported",
    "extra": "Reported, and not its own on any day of the month",
    "differing": "Reported with something that differs",
    "refused": "Rows refused because they were on members of others (R19); what they said was not kept",
    "remark": "What to know first",
}
_FINDINGS = {
    "npi": "NPI of the provider",
    "provider": "Its name",
    "finding": "MISSING: its own, and not in its return. EXTRA: in its return, and not its own. DIFFERS: see what",
    "what": "ASSIGNED_ALL_MONTH or ASSIGNED_PART_OF_IT of who is missing; else the field that differs. DISCONTINUED: "
    "ended there, open here. JUSTICE_INVOLVED: the population of focus",
    "cin": "Client Index Number",
    "plan_member_id": "The plan's own number of the member",
    "last_name": "Last name, as the 834 has it",
    "first_name": "First name, as the 834 has it",
    "ours": "What the plan has",
    "theirs": "What the provider returned",
    "file_name": "File in which it did",
    "row_no": "Row of that file",
}

_HERE = Path(__file__).parent


def reconciliation(warehouse: Warehouse, month: Month, npi: str | None = None) -> tuple[Section, Section]:
    """Hold a month's assignments against its returns: figures by provider, then each finding; of one provider or all.

    A row is of the month that it names, where that can be read; else of the month a fortnight before its file's date.
    """
    read_returned(warehouse)
    warehouse.run_file(_HERE / "reconciliation.sql", first_day=month.first, last_day=month.last)
    figures, findings = (
        warehouse.records((_HERE / f"{name}.sql").read_text(encoding="utf-8"), {"npi": npi})
        for name in ("reconciled_providers", "reconciled")
    )
    return (
        Section.of("providers", f"Reconciliation {month}", "Ours against theirs.", _FIGURES, figures),
        Section.of("findings", "What to settle", "One row for each member and difference.", _FINDINGS, findings),
    )
