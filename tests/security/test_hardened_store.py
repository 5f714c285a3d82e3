"""The store reads and writes inside of the plan's home alone, fetches nothing, and cannot be talked out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import pipelines
from pipelines.warehouse import open_published, open_warehouse
from pipelines.warehouse.door import publish, scratch

Connection = duckdb.DuckDBPyConnection

OUTSIDE = {
    "a file of the system": "FROM read_text('/etc/passwd')",
    "a table of the system": "FROM read_csv('/etc/passwd')",
    "names of the system": "FROM glob('/etc/*')",
    "a neighbour": "FROM read_text('{home}/../neighbour.csv')",
    "a neighbour of a longer name": "FROM read_text('{home}2/neighbour.csv')",
    "names beside the home": "FROM glob('{home}/../*')",
    "a link out of the home": "FROM read_text('{home}/link')",
    "a file to write": "COPY (SELECT 1) TO '{home}/../out.csv'",
    "the whole store": "EXPORT DATABASE '{home}/../export'",
    "another store": "ATTACH '{home}/../other.duckdb' AS other",
    "an address": "FROM read_text('https://192.0.2.1/')",
    "an extension to fetch": "INSTALL httpfs",
    "an extension to load": "LOAD '{home}/../evil.duckdb_extension'",
}
SETTINGS = (
    "SET enable_external_access = true", "RESET enable_external_access", "SET lock_configuration = false",
    "SET allowed_directories = ['/']", "SET allowed_paths = ['/etc/passwd']", "SET temp_directory = '/tmp'",
    "SET autoload_known_extensions = true", "SET autoinstall_known_extensions = true",
    "SET allow_unsigned_extensions = true", "SET extension_directory = '/tmp'", "SET home_directory = '/tmp'",
    "SET profiling_output = '/tmp/profile.json'", "SET allowed_configs = ['threads']",
    "CALL enable_logging(storage = 'file', storage_config = {'path': '/tmp/duckdb_logs'})",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store and its published copy, with neighbours that are none of its business."""
    beside = tmp_path_factory.mktemp("plan")
    home = beside / "home"
    with open_warehouse(home) as warehouse:
        publish(warehouse)
    (beside / "neighbour.csv").write_text("a\n1\n", encoding="utf-8")
    (beside / "home2").mkdir()
    (beside / "home2" / "neighbour.csv").write_text("a\n1\n", encoding="utf-8")
    (home / "link").symlink_to("/etc/passwd")
    return home


@pytest.fixture(scope="module")
def live(home: Path) -> Iterator[Connection]:
    with open_warehouse(home) as warehouse:
        yield warehouse.connection


@pytest.fixture(scope="module")
def published(home: Path) -> Iterator[Connection]:
    with open_published(home) as warehouse:
        yield warehouse.connection


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Connection]:
    with scratch() as connection:
        yield connection


@pytest.fixture(params=["live", "published", "in_memory"])
def store(request: pytest.FixtureRequest) -> Connection:
    connection: Connection = request.getfixturevalue(request.param)
    return connection


@pytest.mark.parametrize("statement", OUTSIDE.values(), ids=OUTSIDE)
def test_sql_reaches_nothing_outside_of_the_home(store: Connection, home: Path, statement: str) -> None:
    with pytest.raises(duckdb.Error):
        store.execute(statement.format(home=home)).fetchall()
    assert sorted(path.name for path in home.parent.iterdir()) == ["home", "home2", "neighbour.csv"]


@pytest.mark.parametrize("statement", SETTINGS)
def test_no_setting_can_be_changed_back(store: Connection, statement: str) -> None:
    with pytest.raises(duckdb.Error, match="onfiguration"):
        store.execute(statement)


def test_readers_leave_nothing_on_the_disk(published: Connection, in_memory: Connection) -> None:
    for connection in (published, in_memory):
        assert connection.sql("SELECT current_setting('temp_directory')").fetchall() == [("",)]


def test_what_a_long_query_spills_lies_in_a_folder_of_the_owner_and_is_gone_at_the_next_start(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_warehouse(home) as warehouse:
        spill = home / "spill"
        assert spill.stat().st_mode & 0o777 == 0o700
        assert warehouse.value("SELECT current_setting('temp_directory')") == str(spill)
    spill.mkdir()
    (spill / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"QUILLWORT 91234567B")  # a killed night left it
    with open_warehouse(home):
        assert list(spill.iterdir()) == []
    assert not spill.exists()


FILES_BY_NAME = re.compile(
    r"(?i)\b(read_(csv|csv_auto|text|blob|parquet|json|json_auto|ndjson)|sniff_csv|glob|parquet_scan)\s*\("
    r"|\bCOPY\b.*\b(TO|FROM)\b|\bEXPORT DATABASE\b"
).search


def test_no_statement_opens_a_file_by_its_name_so_that_none_can_act_as_a_pattern() -> None:
    root = Path(next(iter(pipelines.__path__)))
    scripts = {path: path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.sql"))}
    assert len(scripts) > 40
    assert [str(path) for path, text in scripts.items() if FILES_BY_NAME(text)] == []
    assert FILES_BY_NAME("SELECT * FROM read_csv($name)")
