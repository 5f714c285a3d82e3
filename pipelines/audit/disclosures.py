"""The accounting of disclosures: which member's row went to whom, in which file, when, and how that was verified.

It is read from the view `delivery.disclosures`, and outlives every rebuild and every purge. A workbook also names whom
its provider was told of before: these rows follow from what had been delivered until then. What became of a referral,
told to its source, is in it. Responses to senders are not: they answer rows that the sender wrote, by place and code.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.problems import ExchangeError

if TYPE_CHECKING:
    from pipelines.warehouse import Warehouse

_FOUND = """
    SELECT npi, file, sha256, delivered_on, verified, count(*) AS rows, count(DISTINCT cin) AS members
    FROM delivery.disclosures WHERE {0} GROUP BY delivery, npi, file, sha256, delivered_on, verified ORDER BY delivery
"""
_EMPTY = r"""
    SELECT d.recipient, d.name, d.sha256, d.delivered_on, d.outcome, 0, 0 FROM delivery.deliveries AS d
    JOIN delivery.outbox AS o ON o.outbox_id = d.outbox_id AND o.recipient_kind = 'PROVIDER'
    WHERE $value IN (d.name, regexp_replace(d.name, '\.pgp$', ''), d.sha256, o.content_sha256)
      AND NOT EXISTS (SELECT 1 FROM delivery.disclosures AS v WHERE (v.npi, v.file) = (d.recipient, d.name))
    ORDER BY d.delivery
"""
_ROWS = """
    SELECT cin, npi, file, delivered_on, record_action, change_reason, assignment_id, verified, repeated
    FROM delivery.disclosures WHERE {0} ORDER BY delivery, cin, assignment_id, repeated
"""
_OF_FILE = r"$value IN (file, regexp_replace(file, '\.pgp$', ''), sha256, content_sha256)"
_OF_MEMBER = """cin IN (
    WITH person AS (SELECT coalesce((SELECT cin FROM exchange.cin_aliases WHERE alias = $value), $value) AS cin)
    SELECT cin FROM person UNION SELECT a.alias FROM exchange.cin_aliases AS a JOIN person USING (cin))"""


@dataclass(frozen=True)
class Disclosure:
    """A file that stood in a provider's folder."""

    npi: str
    file: str
    sha256: str
    delivered_on: date
    verified: str
    """DELIVERED: read back and equal before it got its name. ALREADY_THERE: found there, read back and equal."""
    rows: int
    members: int


@dataclass(frozen=True)
class Told:
    """One row about one member in such a file: protected health information."""

    cin: str
    npi: str
    file: str
    delivered_on: date
    record_action: str
    change_reason: str
    assignment_id: str
    verified: str
    repeated: bool
    """Whether it is the row of an earlier file, which a workbook repeats: told before, and disclosed once more."""


def of_file(warehouse: Warehouse, file: str) -> tuple[list[Disclosure], list[Told]]:
    """Find where a file went and whom its rows were about: by its name, or by the bytes of one that lies at this path.

    One that left encrypted is found by its own name and bytes, and by those of what was in it.

    Raises
    ------
    ExchangeError
        When no such file is known to have reached a provider.
    """
    value = hashlib.sha256(Path(file).read_bytes()).hexdigest() if Path(file).is_file() else file
    found = _disclosures(warehouse, _OF_FILE, value) or [
        Disclosure(*r) for r in warehouse.rows(_EMPTY, {"value": value})
    ]
    if not found:
        raise ExchangeError(
            "U01",
            "no file of this name or content is known to have reached a provider",
            remedy="Give the name as it stood in the folder, or the path of an unchanged copy.",
        )
    return found, _told(warehouse, _OF_FILE, value)


def of_member(warehouse: Warehouse, cin: str) -> tuple[list[Disclosure], list[Told]]:
    """Find every file in which a row about this member, under any CIN of the person, reached a provider."""
    return _disclosures(warehouse, _OF_MEMBER, cin), _told(warehouse, _OF_MEMBER, cin)


def _disclosures(warehouse: Warehouse, which: str, value: str) -> list[Disclosure]:
    return [Disclosure(*row) for row in warehouse.rows(_FOUND.format(which), {"value": value})]


def _told(warehouse: Warehouse, which: str, value: str) -> list[Told]:
    return [Told(*row) for row in warehouse.rows(_ROWS.format(which), {"value": value})]
