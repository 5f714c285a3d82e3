"""Render the X12 acknowledgements of each 834 that has none yet, and put them into the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from parsers.x12.acknowledgement import (
    Decision,
    Places,
    SetResult,
    Stamp,
    acknowledge_groups,
    acknowledge_interchange,
    answerable,
    answers_due,
)
from parsers.x12.interchanges import Interchange, read_interchanges
from pipelines.config import ExchangeConfig, Source
from pipelines.delivery.outbox import OutboxFile, store
from pipelines.load.interchanges import came_before
from pipelines.responses.stems import free_stem
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note

_OWED = timedelta(days=7)
"""How long an acknowledgement is owed: one that comes later is of no use, and a source that begins to want them does
not get those of its whole past."""

_TIME = "0000"
"""ISA10, GS05. An acknowledgement bears its business date; nothing asks the clock."""

_UNANSWERED = """
    SELECT file_id, source, name, sha256, arrival, status, reason, rows_in FROM ledger.files AS f
    WHERE kind = '834' AND list_contains($sources, source) AND status <> 'LANDED' AND business_date > $since
      AND NOT EXISTS (SELECT 1 FROM ledger.acknowledgements AS a WHERE a.file_id = f.file_id)
    ORDER BY arrival
"""

_SETS = """
    WITH sets AS (FROM ledger.transaction_sets WHERE file_id = $file_id),
    members AS (
        SELECT segment_no, true AS loaded FROM facts.enrollment_members WHERE file_id = $file_id
        UNION ALL
        SELECT DISTINCT line, false FROM quarantine.rows
        WHERE file_id = $file_id AND severity = 'REJECT' AND line IS NOT NULL
    ),
    placed AS (
        SELECT s.first_segment, m.loaded
        FROM members AS m ASOF JOIN sets AS s ON m.segment_no >= s.first_segment
    )
    SELECT s.first_segment, any_value(s.deviations), count(*) FILTER (p.loaded), count(*) FILTER (NOT p.loaded)
    FROM sets AS s LEFT JOIN placed AS p ON p.first_segment = s.first_segment
    GROUP BY s.first_segment
"""


@dataclass(frozen=True)
class Acknowledged:
    """What was put into the outbox."""

    documents: int
    unreadable: Mapping[str, int]
    """By source, files that get no acknowledgement because not even an ISA can be read in them"""


def prepare_acknowledgements(warehouse: Warehouse, config: ExchangeConfig, business_date: date) -> Acknowledged:
    """Put the acknowledgements of every 834 that was settled and not answered into the outbox."""
    sources = {source.name: source for source in config.sources if source.acknowledge}
    documents, unreadable = 0, dict[str, int]()
    with warehouse.transaction():
        since = business_date - _OWED
        for file in warehouse.table(_UNANSWERED, {"sources": list(sources), "since": since}).itertuples():
            interchanges = _interchanges(config.home, str(file.sha256))
            if not interchanges:
                unreadable[str(file.source)] = unreadable.get(str(file.source), 0) + 1
            due = _answer(warehouse, sources[str(file.source)], file, interchanges, business_date)
            warehouse.run(
                "INSERT INTO ledger.acknowledgements BY NAME SELECT $file_id AS file_id, $due AS documents",
                {"file_id": str(file.file_id), "due": due},
            )
            note(warehouse, business_date, "ACKNOWLEDGED", str(file.file_id), f"{due} documents")
            documents += due
    return Acknowledged(documents, unreadable)


def _interchanges(home: Path, sha256: str) -> tuple[Interchange, ...]:
    landed = home / "landing" / sha256[:2] / sha256
    return read_interchanges(landed) if landed.is_file() else ()


def _answer(warehouse: Warehouse, source: Source, file: Any, interchanges: tuple[Interchange, ...], on: date) -> int:
    """Store the acknowledgements of a file, one document for each interchange and kind; return how many."""
    places, results = _deviations(warehouse, file.file_id), _results(warehouse, file.file_id)
    part = 0
    for number, interchange in enumerate(interchanges, start=1):
        held = not file.status.startswith("ACCEPTED")
        decision = Decision(held, held and _is_repeated(warehouse, file, interchanges, number), results)
        due = answers_due(interchange, places, decision, source.acknowledge)
        stem = free_stem(warehouse, source.name, file.name, [".TA1", ".999"])
        for kind in due:
            stamp = _stamp(warehouse, file, interchange, number, kind, on)
            if kind == "TA1":
                content = acknowledge_interchange(interchange, places, decision, stamp, alone="999" not in due)
            else:
                content = acknowledge_groups(interchange, places, decision, stamp)
            part += 1
            store(
                warehouse,
                OutboxFile(
                    recipient_kind="SOURCE", recipient=source.name, business_date=on, sequence=int(file.arrival),
                    scope="ACKNOWLEDGEMENT", part=part, name=f"{stem}.{kind}", folder=str(source.responses),
                    content=content, rows=int(file.rows_in),
                ),
            )  # fmt: skip
    return part


def _is_repeated(warehouse: Warehouse, file: Any, interchanges: tuple[Interchange, ...], number: int) -> bool:
    """Tell whether an interchange of a file that is held, or is a duplicate, has a control number seen before."""
    this = interchanges[number - 1]
    return (
        file.status == "DUPLICATE"
        or any((each.partners, each.control_number) == (this.partners, this.control_number)
               for each in interchanges[: number - 1])
        or came_before(warehouse, file.file_id, this, on_arrival=file.reason != "F11")
    )  # fmt: skip


def _stamp(warehouse: Warehouse, file: Any, answered: Interchange, number: int, kind: str, on: date) -> Stamp:
    """Give out the next control numbers between the two partners, and remember them."""
    groups = len(answerable(answered)) if kind == "999" else 0
    pair = {
        "sender": f"{answered.receiver_qualifier}*{answered.receiver_id}",
        "receiver": f"{answered.sender_qualifier}*{answered.sender_id}",
    }
    last, next_group = warehouse.rows(
        """SELECT coalesce(max(interchange_number), 0), coalesce(max(first_group_number + groups), 1)
           FROM ledger.control_numbers WHERE sender = $sender AND receiver = $receiver""",
        pair,
    )[0]
    given = {
        **pair, "interchange_number": last + 1, "first_group_number": next_group, "groups": groups,
        "file_id": file.file_id, "interchange": number, "kind": kind,
    }  # fmt: skip
    warehouse.run(
        f"INSERT INTO ledger.control_numbers BY NAME SELECT {', '.join(f'${name} AS {name}' for name in given)}",
        given,
    )
    return Stamp(on, _TIME, last + 1, next_group)


def _deviations(warehouse: Warehouse, file_id: str) -> Places:
    return Places(
        warehouse.table(
            "SELECT * EXCLUDE (file_id) FROM quarantine.deviations WHERE file_id = $file_id", {"file_id": file_id}
        )
    )


def _results(warehouse: Warehouse, file_id: str) -> dict[int, SetResult]:
    return {first: SetResult(*counts) for first, *counts in warehouse.rows(_SETS, {"file_id": file_id})}
