"""The provider's workbook: what a small clinic opens in the morning, and the proof that each of its rows is its own."""

from pipelines.delivery.workbook.known import Known, after, known_by, look_at_clocks
from pipelines.delivery.workbook.proof import Identity, Listed, misdirected_return_sheet, misdirected_workbook
from pipelines.delivery.workbook.render import Edition, render_workbook
from pipelines.delivery.workbook.return_sheet import render_return_sheet

__all__ = [
    "Edition",
    "Identity",
    "Known",
    "Listed",
    "after",
    "known_by",
    "look_at_clocks",
    "misdirected_return_sheet",
    "misdirected_workbook",
    "render_return_sheet",
    "render_workbook",
]
