"""Lists loaded into a store in memory: rows in = loaded + rejected + duplicate, and nothing told repeats a value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.intake import ledger
from pipelines.load.tabular import FACTS, load_list
from schemas.findings import CATALOGUE, Severity
from tests.faults.hostile_834 import Engine
from tests.fuzz.lists import LISTS, ON, canaries
from tests.fuzz.stores import Stores, landed
from tests.fuzz.target import Target

_STORES = Stores()


def _load(parts: Mapping[str, bytes], _folder: Path) -> None:
    for place, content in parts.items():
        kind = place.partition("/")[0]
        if kind in FACTS:
            _load_one(_STORES.next(), kind, content)


def _load_one(engine: Engine, kind: str, content: bytes) -> None:
    source = next(source for source in engine.config.sources if source.kind == kind)
    if ledger.record(engine.warehouse, engine.config, source, landed(engine, content), ON) != "LANDED":
        return  # the same bytes as before
    (file,) = ledger.waiting(engine.warehouse, kind)
    load_list(engine.warehouse, engine.config, file)
    ((status, reason, *counts),) = engine.rows(
        "status, reason, rows_in, rows_loaded, rows_rejected, rows_duplicate", "ledger.files", file.file_id
    )
    rows_in, loaded, rejected, duplicate = counts
    facts = [row for (row,) in engine.rows("row_no", FACTS[kind], file.file_id)]
    found = engine.rows("row, severity", "quarantine.rows", file.file_id)
    refused = {row for row, severity in found if severity == "REJECT"}
    if status == "HELD":
        assert CATALOGUE[reason].severity is Severity.HOLD
        assert facts == []
    else:
        assert rows_in == loaded + rejected + duplicate
        assert len(facts) == loaded
        assert sorted([*facts, *refused]) == list(range(1, rows_in + 1))
        assert len(refused) == rejected + duplicate
    assert engine.leaks(tuple(canaries())) == []


LOADING = Target("lists-load", _load, LISTS.mutator)
