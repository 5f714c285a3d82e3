"""A store that another version of the software wrote: brought to the present shape, or refused untouched."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse import open_published, open_warehouse
from pipelines.warehouse.door import STORAGE_VERSION, declaration, publish
from pipelines.warehouse.remade import is_remade, refuse_remade, settle_remade
from pipelines.warehouse.shape import SHAPE, StoreRefused, columns_of
from schemas.problems import ExchangeError

ON = date(2026, 10, 28)

EARLIER = """
    CREATE SCHEMA ledger; CREATE SCHEMA exchange; CREATE SCHEMA facts;
    CREATE TABLE ledger.readings (reading VARCHAR NOT NULL);
    INSERT INTO ledger.readings VALUES ('abc');
    CREATE TABLE facts.liaison_decisions (
        decision_id VARCHAR NOT NULL, decided_on DATE NOT NULL, sequence BIGINT NOT NULL,
        cin VARCHAR NOT NULL, npi VARCHAR NOT NULL, reason VARCHAR NOT NULL, decided_by VARCHAR NOT NULL,
        mood VARCHAR NOT NULL, weather VARCHAR NOT NULL
    );
    INSERT INTO facts.liaison_decisions
    VALUES ('D1', '2026-10-28', 1, '90000001B', '1', 'known', 'liaison', 'good', 'fair');
    CREATE TABLE facts.enrollment_reporting (
        file_id VARCHAR NOT NULL, file_order BIGINT NOT NULL, cin VARCHAR NOT NULL, member_no BIGINT NOT NULL,
        segment_no BIGINT NOT NULL, category VARCHAR
    );
    INSERT INTO facts.enrollment_reporting VALUES ('f', 1, '90000001B', 1, 2, 'JI');
    CREATE TABLE exchange.ji_evidence (evidence_id VARCHAR NOT NULL, cin VARCHAR NOT NULL);
    INSERT INTO exchange.ji_evidence VALUES ('e', '90000001B');
    CREATE TABLE exchange.forgotten (cin VARCHAR);
"""


def write(home: Path, *statements: str, name: str = "warehouse.duckdb") -> Path:
    home.mkdir(exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{home / name}' AS store (STORAGE_VERSION '{STORAGE_VERSION}')")
        connection.execute("USE store")
        for statement in statements:
            connection.execute(statement)
    return home


def numbered(home: Path, shape: int, name: str = "warehouse.duckdb") -> Path:
    return write(home, f"CREATE OR REPLACE TABLE ledger.store AS SELECT {shape} AS shape", name=name)


def test_a_store_of_an_earlier_version_keeps_what_was_received_and_decided(tmp_path: Path) -> None:
    with open_warehouse(write(tmp_path / "home", EARLIER)) as warehouse:
        assert columns_of(warehouse.connection, "warehouse")["facts.enrollment_reporting"][-1].name == "date"
        assert warehouse.rows("SELECT category, ref_value, date FROM facts.enrollment_reporting") == [
            ("JI", None, None)
        ]
        assert warehouse.rows("SELECT policy, reading, changed_on FROM ledger.readings") == [("834", "abc", None)]
        assert warehouse.rows("SELECT decision_id, mood FROM facts.liaison_decisions") == [("D1", "good")]


def test_a_column_that_is_no_longer_written_may_be_missing_from_now_on(tmp_path: Path) -> None:
    with open_warehouse(write(tmp_path / "home", EARLIER)) as warehouse:
        warehouse.run(
            """INSERT INTO facts.liaison_decisions (decision_id, decided_on, sequence, cin, npi, reason, decided_by)
               VALUES ('D2', $on, 2, '90000002B', '1', 'known', 'liaison')""",
            {"on": ON},
        )
        assert warehouse.rows("SELECT mood, weather FROM facts.liaison_decisions ORDER BY sequence") == [
            ("good", "fair"),
            (None, None),
        ]


def test_derived_tables_of_another_shape_are_made_anew_and_wait_to_be_filled(tmp_path: Path) -> None:
    home = write(tmp_path / "home", EARLIER)
    with open_warehouse(home) as warehouse:
        assert warehouse.rows("FROM exchange.ji_evidence") == []
        assert "exchange.forgotten" not in columns_of(warehouse.connection, "warehouse")
        assert is_remade(warehouse, ["exchange.ji_evidence"])
        assert is_remade(warehouse, ["exchange.members"])
    with open_warehouse(home) as warehouse:
        with pytest.raises(ExchangeError, match=r"exchange\.ji_evidence.*D06|D06.*exchange\.ji_evidence"):
            refuse_remade(warehouse, ["exchange.ji_evidence"])
        settle_remade(warehouse, ["exchange.ji_evidence"])
        refuse_remade(warehouse, ["exchange.ji_evidence"])
        assert is_remade(warehouse, ["exchange.members"])


def test_a_derived_table_whose_shape_is_the_same_keeps_its_rows(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_warehouse(home) as warehouse:
        warehouse.run("INSERT INTO exchange.locator_totals VALUES ('special aid code', 1, 10, 100)")
        warehouse.run("ALTER TABLE exchange.unassigned ADD COLUMN extra VARCHAR")
    with open_warehouse(home) as warehouse:
        assert warehouse.value("SELECT flagged FROM exchange.locator_totals") == 1
        assert warehouse.rows("FROM ledger.remade") == [("exchange.unassigned",)]


def test_a_new_store_waits_for_nothing_and_bears_its_number(tmp_path: Path) -> None:
    for _ in range(2):
        with open_warehouse(tmp_path / "home") as warehouse:
            assert warehouse.rows("FROM ledger.store") == [(SHAPE,)]
            assert warehouse.rows("FROM ledger.remade") == []


def test_every_opened_store_has_the_shape_that_is_declared(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "new") as warehouse:
        wanted = columns_of(warehouse.connection, "warehouse")
    with open_warehouse(write(tmp_path / "old", EARLIER)) as warehouse:
        found = columns_of(warehouse.connection, "warehouse")
    assert found.keys() == wanted.keys()
    for table, columns in wanted.items():
        assert {(column.name, column.kind) for column in columns} <= {(c.name, c.kind) for c in found[table]}, table
    assert all(found[table] == wanted[table] for table in wanted if table.startswith("exchange."))


def test_a_store_of_a_later_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    home = numbered(write(tmp_path / "home", EARLIER), SHAPE + 1)
    with pytest.raises(StoreRefused, match="later version") as refused, open_warehouse(home):
        pass
    assert refused.value.code == "D03"
    with duckdb.connect(str(home / "warehouse.duckdb")) as store:
        assert store.execute("FROM exchange.ji_evidence").fetchall() == [("e", "90000001B")]
        assert not store.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'files'").fetchall()


def test_a_store_whose_format_a_later_version_wrote_is_refused_too(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    duckdb.connect(str(home / "warehouse.duckdb")).close()  # in the library's newest format, beyond the one pinned
    with pytest.raises(StoreRefused, match="later version"), open_warehouse(home):
        pass


@pytest.mark.parametrize(
    ("spoilt", "place"),
    [
        ("CREATE TABLE ledger.runs (attempt VARCHAR); INSERT INTO ledger.runs VALUES (1)", "ledger.runs"),
        ("CREATE TABLE ledger.audit (entry BIGINT NOT NULL); INSERT INTO ledger.audit VALUES (1)", "ledger.audit"),
    ],
)
def test_a_table_to_be_kept_that_cannot_be_followed_is_told_and_nothing_is_changed(
    tmp_path: Path, spoilt: str, place: str
) -> None:
    home = write(tmp_path / "home", EARLIER, spoilt)
    with pytest.raises(StoreRefused) as refused, open_warehouse(home):
        pass
    assert (refused.value.code, refused.value.where) == ("D04", place)
    with duckdb.connect(str(home / "warehouse.duckdb")) as store:
        assert store.execute("FROM exchange.ji_evidence").fetchall() == [("e", "90000001B")]


def test_an_empty_table_to_be_kept_takes_any_shape(tmp_path: Path) -> None:
    home = write(tmp_path / "home", EARLIER, "CREATE TABLE ledger.audit (entry BIGINT NOT NULL)")
    with open_warehouse(home) as warehouse:
        assert "detail" in {column.name for column in columns_of(warehouse.connection, "warehouse")["ledger.audit"]}


def test_readers_are_told_to_publish_anew_after_a_change_of_version(tmp_path: Path) -> None:
    home = write(tmp_path / "home", EARLIER, name="published.duckdb")
    with pytest.raises(ExchangeError, match="earlier version") as refused, open_published(home):
        pass
    assert refused.value.code == "D05"
    with open_warehouse(home) as warehouse:
        publish(warehouse)
    with open_published(home) as published:
        assert published.rows("FROM ledger.store") == [(SHAPE,)]
    numbered(home, SHAPE + 1, name="published.duckdb")
    with pytest.raises(StoreRefused), open_published(home):
        pass


def test_the_declaration_can_be_made_twice(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "home") as warehouse:
        before = columns_of(warehouse.connection, "warehouse")
        warehouse.connection.execute(declaration())
        assert columns_of(warehouse.connection, "warehouse") == before
