"""Rows go into the store without being kept in memory, and readers get a copy of the file as it stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.warehouse import Warehouse, open_published, open_warehouse
from pipelines.warehouse.door import publish
from pipelines.warehouse.store import WarehouseFault

ON = date(2026, 10, 28)


@pytest.fixture
def small() -> Warehouse:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE entries (name VARCHAR NOT NULL, day DATE, number BIGINT, left_out VARCHAR)")
    return Warehouse(connection, Path("/nowhere"))


def test_columns_match_by_name_and_what_is_not_given_is_missing(small: Warehouse) -> None:
    small.insert("entries", pd.DataFrame({"number": [1, 2], "name": ["a", "b"]}), day=ON)
    small.insert("entries", pa.table({"name": ["c"], "day": ["2026-10-29"]}), number=3)
    assert small.rows("FROM entries ORDER BY number") == [
        ("a", ON, 1, None),
        ("b", ON, 2, None),
        ("c", date(2026, 10, 29), 3, None),
    ]


def test_a_column_the_table_does_not_have_is_a_programming_error(small: Warehouse) -> None:
    with pytest.raises(KeyError, match="other"):
        small.insert("entries", pa.table({"name": ["a"], "other": ["b"]}))


def test_a_refused_row_is_told_without_its_value(small: Warehouse) -> None:
    with pytest.raises(WarehouseFault) as refused:
        small.insert("entries", pa.table({"name": ["a"], "day": ["SECRET"]}))
    assert "SECRET" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_was_inserted_is_not_kept_in_memory_until_the_transaction_ends(small: Warehouse) -> None:
    with small.transaction():
        before = pa.total_allocated_bytes()
        for _ in range(10):
            small.insert("entries", pa.table({"name": ["x" * 1000] * 1000}), day=ON)
        assert pa.total_allocated_bytes() - before < 2_000_000


def test_readers_get_the_state_of_the_run_that_published_last(tmp_path: Path) -> None:
    home = tmp_path / "home"
    entry = {"business_date": ON, "event": "TEST", "detail": ""}
    with open_warehouse(home) as warehouse:
        for number in (1, 2):
            warehouse.insert("ledger.audit", pa.table({"entry": [number]}), subject=str(number), **entry)
            publish(warehouse)
            with open_published(home) as published:
                assert published.value("SELECT max(entry) FROM ledger.audit") == number
        warehouse.insert("ledger.audit", pa.table({"entry": [3]}), subject="3", **entry)
        assert warehouse.value("SELECT count(*) FROM ledger.audit") == 3
    with open_published(home) as published:
        assert published.value("SELECT count(*) FROM ledger.audit") == 2
    assert (home / "published.duckdb").stat().st_mode & 0o777 == 0o600
    with open_warehouse(home) as warehouse:
        assert warehouse.value("SELECT count(*) FROM ledger.audit") == 3


def test_a_copy_that_fails_leaves_the_store_open_and_the_last_copy_in_place(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_warehouse(home) as warehouse:
        publish(warehouse)
        (home / "published.duckdb.new").mkdir()
        with pytest.raises(OSError, match=r"published\.duckdb\.new"):
            publish(warehouse)
        assert warehouse.value("SELECT count(*) FROM ledger.audit") == 0
    with open_published(home) as published:
        assert published.value("SELECT count(*) FROM ledger.audit") == 0
