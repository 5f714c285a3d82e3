"""What follows from the files that providers return: reports on members, attempts to reach them, days of care."""

from pipelines.returns.reports import derive_reports, read_returned

__all__ = ["derive_reports", "read_returned"]
