"""A file that came back corrected takes the place of the one it corrects, whatever day it comes on."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.intake.file_names import FileOrder
from pipelines.transfer.answers import corrected
from pipelines.warehouse import Warehouse

_ANSWERED = """
    SELECT f.file_date, f.sequence, f.scope, f.status = 'HELD' AND f.reason = 'F08'
    FROM delivery.outbox AS o JOIN ledger.files AS f ON f.source = o.recipient AND f.arrival = o.sequence
    WHERE o.recipient_kind = 'SOURCE' AND o.recipient = $source AND lower(o.name) = $answer
    ORDER BY o.outbox_id LIMIT 1
"""
_OF_THE_DAY = """
    SELECT name, sequence FROM ledger.files
    WHERE source = $source AND file_date = $file_date AND scope = $scope AND contains(lower(name), '.response')
"""


@dataclass(frozen=True)
class Place:
    """Where a file belongs that came back.

    Attributes
    ----------
    order
        Behind the file it corrects and whatever corrected that before: the later word about a row is the right one.
    in_time
        Whether the corrected file's date was accepted: then its corrections are not too old, however late they come.
    """

    order: FileOrder
    in_time: bool


def place_of(warehouse: Warehouse, source: str, name: str) -> Place | None:
    """Find the place of a file by the answer it is named after; `None` when no such answer went to its sender."""
    came_back = corrected(name)
    if came_back is None:
        return None
    found = warehouse.rows(_ANSWERED, {"source": source, "answer": f"{came_back.answer}.json".lower()})
    if not found:
        return None
    file_date, sequence, scope, untimely = found[0]
    others = warehouse.rows(_OF_THE_DAY, {"source": source, "file_date": file_date, "scope": scope})
    before = [other for named, other in others if (again := corrected(named)) and again.stem == came_back.stem]
    return Place(FileOrder(file_date, max([sequence, *before]), scope).behind(), not untimely)
