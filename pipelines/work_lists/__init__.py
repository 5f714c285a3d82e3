"""What the JI liaison has to look at: one item a row in `exchange.work_items`, and a workbook of it for each night."""

from pipelines.work_lists.derive import derive_work_items
from pipelines.work_lists.lists import WORK_LISTS
from pipelines.work_lists.workbook import write_workbook

__all__ = ["WORK_LISTS", "derive_work_items", "write_workbook"]
