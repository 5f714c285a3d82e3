"""What every list tells of people, in one shape, whatever the kind."""

from __future__ import annotations

from pipelines.warehouse import Warehouse
from schemas.kinds import LISTS


def told_rows() -> str:
    """Return a query for each row of each list.

    Columns: `kind`; `source`, `file_id`, `file_order`, `file_date`, `row_no`, `line_no`: where it stands; `key`, which
    is the same in each version of an entry; `cin`, `last_name`, `first_name`, `dob`: whom it speaks of.
    """
    return " UNION ALL ".join(
        f"""SELECT '{kind.name}' AS kind, source, file_id, file_order, file_date, row_no, line_no, {kind.key} AS key,
                   cin, last_name, first_name, dob FROM {kind.facts}"""  # noqa: S608 - names from code
        for kind in LISTS.values()
    )


def view_told_rows(warehouse: Warehouse) -> None:
    """Let scripts of this session read them as `told_rows`."""
    warehouse.run(f"CREATE OR REPLACE TEMP VIEW told_rows AS {told_rows()}")
