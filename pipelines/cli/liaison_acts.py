"""Follow a day's CSV of what the JI liaison does, through the very functions that the commands call.

The demonstration and the tests need a liaison; theirs is invented, with acts written down by `sample_data.liaison`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from pipelines.assignment import decide
from pipelines.config import Roster
from pipelines.identity.decisions import decide_identity
from pipelines.identity.merges import merge
from pipelines.liaison import record
from pipelines.warehouse import Warehouse

Row = Mapping[str, str]


def follow_liaison(warehouse: Warehouse, roster: Roster, acts: Path, on: date) -> dict[str, int]:
    """Do what the file `acts` says before the night of `on`; where there is no file there is nothing to do.

    Columns: act (ASSIGN, RECORD, MERGE or ACCEPT), cin, npi, kind, other_cin, source, key, on, reason, by. Returns the
    number of acts of each kind.

    Raises
    ------
    ExchangeError
        When an act is refused, as its command would refuse it.
    """
    done: dict[str, int] = {}
    if not acts.exists():
        return done
    with acts.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            _FOLLOWED[row["act"]](warehouse, roster.as_of(on), row, on)
            done[row["act"]] = done.get(row["act"], 0) + 1
    return done


def _assign(warehouse: Warehouse, roster: Roster, row: Row, on: date) -> None:
    decide(warehouse, roster, row["cin"], row["npi"], on=on, reason=row["reason"], decided_by=row["by"])


def _record(warehouse: Warehouse, _: Roster, row: Row, on: date) -> None:
    record(
        warehouse, row["cin"], row["kind"], happened_on=date.fromisoformat(row["on"]), recorded_on=on,
        recorded_by=row["by"], detail=row["reason"],
    )  # fmt: skip


def _merge(warehouse: Warehouse, _: Roster, row: Row, on: date) -> None:
    merge(warehouse, row["cin"], row["other_cin"], on=on, reason=row["reason"], decided_by=row["by"])


def _accept(warehouse: Warehouse, _: Roster, row: Row, on: date) -> None:
    decide_identity(
        warehouse, row["source"], row["key"], "ACCEPT", cin=row["cin"], on=on, reason=row["reason"],
        decided_by=row["by"],
    )  # fmt: skip


_FOLLOWED: dict[str, Callable[[Warehouse, Roster, Row, date], None]] = {
    "ASSIGN": _assign,
    "RECORD": _record,
    "MERGE": _merge,
    "ACCEPT": _accept,
}
