"""Tell each source that wants it what became of its referrals: accepted, assigned to whom, closed, or not known.

A file goes out on nights on which something is new, with the referrals whose outcome is another than the source was
last told. It names a referral by the number that the source gave it and nobody by name: what the source needs to close
its loop, and nothing else (R37).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.config import ExchangeConfig
from pipelines.delimited import csv_bytes
from pipelines.delivery.outbox import OutboxFile, outbox_id, store
from pipelines.responses.stems import free_stem
from pipelines.warehouse import Warehouse
from schemas.formulas import as_meant

SCOPE = "REFERRAL_STATUS"

STATUSES = {
    "ACCEPTED": "the person is a member and the referral is followed; a provider is being found",
    "ASSIGNED": "the member is assigned to the ECM provider named",
    "CLOSED": "what the referral led to is over",
    "IN_REVIEW": "it is not certain who is meant, and the plan's JI liaison looks at it",
    "NOT_ON_834": "no enrollment file of this plan shows the person yet: it is tried again every night",
    "NOT_FOUND": "no enrollment file of this plan showed the person for as long as it was tried",
    "NOT_A_MEMBER": "the person is not a member of this plan",
    "NOT_JUSTICE_INVOLVED": "the referral does not say that the person is justice-involved: this exchange does nothing",
    "ENDED_BY_REFERRER": "the source ended the referral",
    "VOIDED": "the source took the referral back",
}
"""What can become of a referral, in words for whom it came from."""

COLUMNS = {
    "referral_id": "The source's own number of the referral",
    "status": "What became of it",
    "meaning": "The same in words",
    "provider_npi": "ECM provider that the member is or was assigned to",
    "provider_name": "Its name",
    "provider_phone": "Its phone for the public",
    "assigned_on": "Since when",
    "closed_on": "When it ended",
    "closed_loop_status": "Status of the referral as the provider reports it",
    "closed_loop_date": "Of which day",
    "closure_reason": "Why the provider closed it, in its own words",
}
"""What a source is told; nothing else leaves."""

_HERE = Path(__file__).parent

_OUTCOMES = "SELECT * FROM referral_outcomes WHERE list_contains($sources, source) ORDER BY source, referral_id"

_TOLD = """
    SELECT r.source, r.referral_id, arg_max(r.row_hash, (o.business_date, o.part))
    FROM delivery.referral_rows AS r
    JOIN delivery.outbox AS o ON o.outbox_id = r.outbox_id AND o.status NOT IN ('HELD', 'SUPERSEDED')
    GROUP BY r.source, r.referral_id
"""


def derive_outcomes(warehouse: Warehouse) -> None:
    """Put what became of each referral into the session, as the table `referral_outcomes`."""
    warehouse.run_file(_HERE / "referral_status.sql")


def prepare_referral_status(warehouse: Warehouse, config: ExchangeConfig, business_date: date) -> int:
    """Put a file into the outbox for every source that wants one and has news; return how many rows they hold."""
    folders = {source.name: str(source.responses) for source in config.sources if source.referral_status}
    if not folders:
        return 0
    with warehouse.transaction():
        derive_outcomes(warehouse)
        told = {(source, referral): digest for source, referral, digest in warehouse.rows(_TOLD)}
        news: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for outcome in warehouse.records(_OUTCOMES, {"sources": list(folders)}):
            digest = _digest(outcome)
            if told.get((outcome["source"], outcome["referral_id"])) != digest:
                news[outcome["source"]].append({**outcome, "row_hash": digest})
        for source, rows in news.items():
            _prepare(warehouse, source, folders[source], rows, business_date)
    return sum(map(len, news.values()))


def _prepare(
    warehouse: Warehouse, source: str, folder: str, rows: Sequence[dict[str, Any]], business_date: date
) -> None:
    content = csv_bytes([tuple(COLUMNS), *map(_cells, rows)])
    own = {
        referral
        for (referral,) in warehouse.rows(
            "SELECT DISTINCT referral_id FROM facts.referrals WHERE source = $source", {"source": source}
        )
    }
    stem = free_stem(warehouse, source, f"{SCOPE}_{source}_{business_date:%Y%m%d}", [".csv"])
    file = OutboxFile(
        recipient_kind="SOURCE", recipient=source, business_date=business_date,
        sequence=int(f"{business_date:%Y%m%d}"), scope=SCOPE, part=int(stem.partition(".")[2] or 1), name=f"{stem}.csv",
        folder=folder, content=content, rows=len(rows),
    )  # fmt: skip
    store(warehouse, file, held="" if is_of_its_source(content, own, len(rows)) else "G01")
    kept = pd.DataFrame(rows)[["source", "referral_id", "cin", "status", "row_hash"]]
    identifier = outbox_id(file)
    warehouse.run("DELETE FROM delivery.referral_rows WHERE outbox_id = $id", {"id": identifier})
    warehouse.insert("delivery.referral_rows", kept.astype("str").where(kept.notna(), None), outbox_id=identifier)


def is_of_its_source(content: bytes, own: Collection[str], rows: int) -> bool:
    """Tell of the finished bytes whether every row is on a referral of that very source, and none too many."""
    told = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    return len(told) == rows and all(as_meant(row["referral_id"]) in own for row in told)


def _cells(outcome: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple({**outcome, "meaning": STATUSES[outcome["status"]]}[name] for name in COLUMNS)


def _digest(outcome: Mapping[str, Any]) -> str:
    """Hash what the source would be told."""
    told = "\x1f".join("" if cell is None else str(cell) for cell in _cells(outcome))
    return hashlib.sha256(told.encode()).hexdigest()
