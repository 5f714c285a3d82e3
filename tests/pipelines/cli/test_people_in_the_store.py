"""Whether a column of the store names somebody is said of each; here it is held against a store of invented people."""

from __future__ import annotations

from pathlib import Path

from pipelines.warehouse import open_published
from pipelines.warehouse.meanings import tables
from schemas.meanings import Privacy
from tests.security.canaries import people_in


def test_nobody_is_named_in_a_column_that_is_not_said_to_name_somebody(demo_folder: Path) -> None:
    naming: dict[Privacy, set[str]] = {privacy: set() for privacy in Privacy}
    with open_published(demo_folder / "home") as store:
        for table in tables().values():
            for column in table.columns:
                values = store.rows(f'SELECT DISTINCT "{column.name}"::VARCHAR FROM {table.name}')  # noqa: S608
                if people_in("\n".join(value for (value,) in values if value)):
                    naming[column.privacy].add(f"{table.name}.{column.name}")
    assert naming[Privacy.TELLS] | naming[Privacy.NOTHING] == set()
    assert {"facts.referrals.last_name", "delivery.delivered_rows.content", "quarantine.rows.original"} <= naming[
        Privacy.NAMES
    ]
