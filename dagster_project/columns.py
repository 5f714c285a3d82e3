"""The columns of each table as Dagster shows them, with what each means: read from what this version declares."""

from __future__ import annotations

import dagster as dg

from pipelines.warehouse.meanings import tables


def column_schema(table: str) -> dg.TableSchema:
    """Return the columns of a table (`schema.name`)."""
    return dg.TableSchema(
        [
            dg.TableColumn(
                column.name,
                column.kind,
                description=column.meaning or None,
                constraints=dg.TableColumnConstraints(nullable=column.nullable),
            )
            for column in tables()[table].columns
        ]
    )
