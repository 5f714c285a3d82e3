"""What an asset tells of itself: numbers, codes and column names. Never a row, never a file's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dagster as dg

from pipelines.nightly import Night
from pipelines.reporting.page import page_of
from pipelines.warehouse import Warehouse

_FILES = """
    SELECT source, kind, status, reason AS code, count(*) AS files, sum(rows_in)::BIGINT AS rows_in,
           sum(rows_loaded)::BIGINT AS loaded, sum(rows_rejected)::BIGINT AS rejected,
           sum(rows_duplicate)::BIGINT AS duplicate
    FROM ledger.files WHERE business_date = $on GROUP BY ALL ORDER BY ALL
"""
_OUTBOX = """
    SELECT recipient_kind, recipient, scope, status, reason AS code, count(*) AS files,
           coalesce(sum(rows) FILTER (part = 1), 0)::BIGINT AS rows
    FROM delivery.outbox WHERE business_date = $on AND status <> 'SUPERSEDED' GROUP BY ALL ORDER BY ALL
"""
_COLUMNS = """
    SELECT column_name, data_type, is_nullable FROM duckdb_columns()
    WHERE database_name = 'warehouse' AND schema_name = $schema AND table_name = $name ORDER BY column_index
"""


def table_facts(warehouse: Warehouse, key: dg.AssetKey) -> dict[str, Any]:
    """Tell the number of rows and the columns of the table an asset is."""
    schema, name = key.path
    columns = [
        dg.TableColumn(column, kind, constraints=dg.TableColumnConstraints(nullable=nullable))
        for column, kind, nullable in warehouse.rows(_COLUMNS, {"schema": schema, "name": name})
    ]
    return {
        "dagster/row_count": warehouse.value(f"SELECT count(*) FROM {schema}.{name}"),  # noqa: S608 - names from code
        "dagster/column_schema": dg.TableSchema(columns),
    }


def files_of_the_night(night: Night) -> dict[str, Any]:
    """Tell what became of the files received on this business date, by source, kind, status and code."""
    return {"files_of_the_night": _table(night, _FILES, ("source", "kind", "status", "code"))}


def outbox_of_the_night(night: Night) -> dict[str, Any]:
    """Tell how the files prepared for this business date stand, by recipient."""
    return {"outbox_of_the_night": _table(night, _OUTBOX, ("recipient_kind", "recipient", "scope", "status", "code"))}


def problems_so_far(night: Night) -> dict[str, Any]:
    """Tell what a person should look at; each line names a partner or a rule, and a code."""
    lines = dg.MetadataValue.md("\n".join(f"- {problem}" for problem in night.problems) or "none")
    return {"problems": len(night.problems), "to_look_at": lines}


def page_of_the_night(night: Night) -> dict[str, Any]:
    """Tell where the page of the night lies, if it could be written."""
    page = page_of(night.config, night.business_date)
    return {"page": dg.MetadataValue.path(page)} if page.is_file() else {}


def _table(night: Night, query: str, words: Sequence[str]) -> dg.TableMetadataValue:
    found = night.warehouse.table(query, {"on": night.business_date})
    columns = [dg.TableColumn(name, "string" if name in words else "int") for name in found.columns]
    records = [dg.TableRecord(dict(zip(found.columns, row, strict=True))) for row in found.itertuples(index=False)]
    return dg.MetadataValue.table(records, schema=dg.TableSchema(columns))
