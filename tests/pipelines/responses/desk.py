"""Where the lists of one sender come in and its answers go out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.config import ExchangeConfig
from pipelines.delivery.outbox import waiting
from pipelines.identity import match_identities
from pipelines.intake import ledger
from pipelines.load.tabular import FACTS, load_list
from pipelines.responses import prepare_responses
from pipelines.transfer.pull import LandedFile
from pipelines.warehouse import Warehouse
from schemas.layout import REFERENCE_COLUMN, RESPONSE_COLUMNS

APPENDED = [*RESPONSE_COLUMNS, REFERENCE_COLUMN]
ON = date(2026, 10, 28)
HEADING = (
    "CIN Number", "Notes", "Referral ID", "Record Action", "Referral Received Date", "Referral Source Type",
    "Last Name", "First Name", "DOB", "POF Justice Involved", "Phone",
)  # fmt: skip
GOOD = ("90000001B", 'said "yes",\nthen left', "R-1", "ADD", "10/27/2026", "PROBATION_PAROLE", "Sample", "Ada",
        "01/31/1990", "Y", "(559) 555-0101")  # fmt: skip
BAD_CIN = ("1234", "=HYPERLINK(1)", "R-2", *GOOD[3:7], "Ben", *GOOD[8:])
BAD_CODE = ("90000003B", "", "R-3", "ADD", "10/27/2026", "PAROLE OFFICE", *GOOD[6:7], "Cal", *GOOD[8:])


def a_list(*rows: tuple[str, ...], heading: tuple[str, ...] = HEADING, delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([heading, *rows])
    return text.getvalue().encode()


@dataclass
class Desk:
    """Where lists come in and answers go out."""

    warehouse: Warehouse
    config: ExchangeConfig
    clock: list[int] = field(default_factory=lambda: [0])

    def receive(self, name: str, content: bytes, on: date = ON, **settings: object) -> None:
        """Take a list through a night as far as the outbox; `settings` are those of its source."""
        source = next(source for source in self.config.sources if source.name == "probation")
        others = tuple(other for other in self.config.sources if other.name != "probation")
        source = source.model_copy(update=settings)
        self.config = self.config.model_copy(update={"sources": (source, *others)})
        digest = hashlib.sha256(content).hexdigest()
        path = self.config.home / "landing" / digest[:2] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.clock[0] += 1
        landed = LandedFile(name, len(content), self.clock[0], digest, path)
        ledger.record(self.warehouse, self.config, source, landed, on)
        for file in ledger.waiting(self.warehouse, *FACTS):
            load_list(self.warehouse, self.config, file)
        ledger.count_duplicates(self.warehouse)
        match_identities(self.warehouse, self.config, on)
        prepare_responses(self.warehouse, self.config, on)

    def enroll(self, cin: str) -> None:
        """Put the person of the good row onto the plan's 834 under a CIN."""
        self.warehouse.run(
            """INSERT INTO ledger.files BY NAME
               SELECT 'an 834' AS file_id, 'dhcs' AS source, 'an 834' AS name, '834' AS kind, 'dhcs' AS layout,
                      0 AS size,
                      0 AS modified, 'an 834' AS sha256, $on AS business_date, 0 AS arrival, $on AS file_date,
                      'ACCEPTED' AS status, '' AS reason, '' AS detail, 0 AS rows_in, 0 AS rows_loaded,
                      0 AS rows_rejected, 0 AS rows_duplicate, 0 AS rows_warned, true AS applied""",
            {"on": ON},
        )
        self.warehouse.run(
            """INSERT INTO facts.enrollment_members BY NAME
               SELECT $cin AS cin, 'Sample' AS last_name, 'Ada' AS first_name, DATE '1990-01-31' AS birth_date,
                      'an 834' AS file_id, 1 AS file_order, 1 AS segment_no, 1 AS member_no""",
            {"cin": cin},
        )

    def answers(self) -> dict[str, bytes]:
        return {parcel.name: parcel.local.read_bytes() for _, parcel in waiting(self.warehouse, "probation")}

    def table(self, name: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.answers()[name].decode("utf-8-sig"), newline=""), strict=True))

    def summary(self, name: str) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.answers()[name])
        return read
