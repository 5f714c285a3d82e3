"""A plan's 834 engine in the small, fed with any bytes, and what must hold of each file whatever its bytes are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from parsers.x12.conformance import FileJudge, examine
from parsers.x12.profile_files import load_profile
from parsers.x12.reader import read_834
from pipelines.config import ExchangeConfig, read_config
from pipelines.intake import ledger
from pipelines.load.enrollment import load_834
from pipelines.load.guide import guide_findings
from pipelines.load.profiles import profile_of
from pipelines.transfer.pull import LandedFile
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import declaration
from schemas.enrollment import check_chunk
from schemas.findings import CATALOGUE, Severity
from schemas.problems import FileFault
from tests.parsers.x12.conftest import MEMBER_ONE, MEMBER_TWO, _interchange

ON = date(2026, 10, 28)
DHCS = load_profile("dhcs")
ONE, TWO = (tuple(text.split("\n")) for text in (MEMBER_ONE, MEMBER_TWO))
CANARIES = ("QUILLWORT", "ZEPHYRA", "91234567B", "SUB000", "559555", "THISTLEWOOD", "OBERON", "97654321I", "CANARY")
"""What of the two members nobody but quarantine and facts may repeat."""


@dataclass(frozen=True)
class Ending:
    """What became of a file."""

    file_id: str
    status: str
    reason: str
    rows_in: int
    loaded: int
    rejected: int

    @property
    def told(self) -> tuple[str, str]:
        return self.status, self.reason


@dataclass
class Engine:
    """One store for many files, each with its own name and time."""

    warehouse: Warehouse
    config: ExchangeConfig
    received: list[str] = field(default_factory=list)
    members_in: Callable[[bytes], int] = field(default_factory=lambda: how_many_ins)
    """Counts the members of a file that is not held."""

    def end_of(self, content: bytes) -> Ending:
        """Load the bytes as one file, see that every promise is kept, and say how it ended."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.config.home / "landing" / digest[:2] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.received.append(digest)
        number = len(self.received)
        source = next(source for source in self.config.sources if source.name == "dhcs")
        landed = LandedFile(f"DHCS834-DA-20261028-SHP-010-{number:05d}.dat", len(content), number, digest, path)
        assert ledger.record(self.warehouse, self.config, source, landed, ON) == "LANDED"
        (file,) = ledger.waiting(self.warehouse, "834")
        load_834(self.warehouse, self.config, file, profile_of(self.config, file))
        (told,) = self.rows("status, reason, rows_in, rows_loaded, rows_rejected", "ledger.files", file.file_id)
        ending = Ending(file.file_id, *told)
        self._keeps_every_promise(ending, content)
        return ending

    def rows(self, columns: str, table: str, file_id: str) -> list[tuple[Any, ...]]:
        query = f"SELECT {columns} FROM {table} WHERE file_id = $file_id ORDER BY ALL"  # noqa: S608 - from tests
        return self.warehouse.rows(query, {"file_id": file_id})

    def codes(self, ending: Ending) -> set[str]:
        return {code for (code,) in self.rows("DISTINCT code", "quarantine.rows", ending.file_id)}

    def leaks(self, values: tuple[str, ...]) -> list[tuple[str, str]]:
        """Return the text columns of ledger and quarantine, but for the sender's own text, that repeat a value."""
        columns = self.warehouse.rows(
            """SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns()
               WHERE schema_name IN ('ledger', 'quarantine') AND data_type = 'VARCHAR' AND column_name <> 'original'"""
        )
        assert ("quarantine.rows", "column_name") in columns
        return [
            (table, column)
            for table, column in columns
            if self.warehouse.value(
                f"SELECT count(*) FROM {table}, (SELECT unnest($values) AS value) WHERE contains({column}, value)",  # noqa: S608 - from tests
                {"values": list(values)},
            )
        ]

    def _keeps_every_promise(self, ending: Ending, content: bytes) -> None:
        loaded = {row for (row,) in self.rows("member_no", "facts.enrollment_members", ending.file_id)}
        found = self.rows("row, code, severity, original IS NULL", "quarantine.rows", ending.file_id)
        rejected = {row for row, _, severity, _ in found if severity == "REJECT"}
        parts = {
            row
            for table in ("coverage", "reporting")
            for (row,) in self.rows("DISTINCT member_no", f"facts.enrollment_{table}", ending.file_id)
        }
        assert all(CATALOGUE[code].severity.value == severity for _, code, severity, _ in found)
        assert all((severity == "REJECT") != without_text for _, _, severity, without_text in found)
        if ending.status == "HELD":
            assert CATALOGUE[ending.reason].severity is Severity.HOLD
            assert (ending.loaded, loaded, parts) == (0, set(), set())
            assert ending.rejected == ending.rows_in
        else:
            assert ending.status == ("ACCEPTED_WITH_ERRORS" if rejected else "ACCEPTED")
            assert ending.reason == ("" if ending.rows_in else "F10")
            assert loaded | rejected == set(range(1, ending.rows_in + 1))
            assert not loaded & rejected
            assert (ending.loaded, ending.rejected) == (len(loaded), len(rejected))
            assert parts <= loaded
            assert ending.rows_in == self.members_in(content)


def open_engine(out: Path, home: Path, **of_dhcs: Any) -> Engine:
    """Open an engine over the configuration in `out`, with no threshold that holds a file for its bad members."""
    config = read_config(out / "exchange.toml")
    unlimited = config.safety.model_copy(update={"max_rejected_share": 1.0, "cin_slot_min_share": 0.0})
    paths = config.paths.model_copy(update={"home": home})
    sources = tuple(s.model_copy(update=of_dhcs) if s.name == "dhcs" else s for s in config.sources)
    config = config.model_copy(update={"paths": paths, "safety": unlimited, "sources": sources})
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(declaration())
    return Engine(Warehouse(connection, home), config)


def read_whole(path: Path, *, few: int = 12, chunk_size: int = 1 << 22) -> int | FileFault:
    """Read, judge and check a file as loading does, without a store; return how many members it has, or its fault."""
    try:
        return _members(path, few, chunk_size)
    except FileFault as caught:
        fault = caught
    assert CATALOGUE[fault.code].severity is Severity.HOLD
    assert not any(value in f"{fault} {fault.__cause__}" for value in CANARIES)
    return fault


def _members(path: Path, few: int, chunk_size: int) -> int:
    judge, members = FileJudge(), 0
    for chunk in read_834(path, DHCS, few=few, chunk_size=chunk_size, examine=examine):
        found = pd.concat([judge.take(before, each) for before, each in chunk.examined])
        by_the_guide = guide_findings(found, chunk.members["segment_no"], quarantine=True)
        checked = check_chunk(chunk.members, chunk.coverage, chunk.reporting, as_of=ON)
        numbers = range(members + 1, members + 1 + len(chunk.members))
        assert chunk.members.index.tolist() == list(numbers)
        for told in (chunk.findings, by_the_guide, checked):
            assert set(told["row"]) <= set(numbers)
            assert not any(value in place for value in CANARIES for place in told["column"].unique())
        members += len(numbers)
    judge.end()
    return members


def how_many_ins(content: bytes) -> int:
    """Count INS segments by splitting at what the first ISA declares."""
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    element = content[3:4]
    segments = content.split(content.split(element, 16)[16][1:2])
    return sum(segment.strip()[:4].partition(element)[0].strip() == b"INS" for segment in segments)


def an_834(*members: tuple[str, ...], control: int = 1, delimiters: str = "*:^~") -> bytes:
    """Write members as one set of one interchange."""
    return _interchange(members, control=f"{control:09d}", delimiters=delimiters).encode("latin-1")
