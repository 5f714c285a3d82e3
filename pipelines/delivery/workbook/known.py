"""What a provider knows before a file, as its workbook needs it: read from the rows that were delivered to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipelines.delivery.render import Row
from pipelines.delivery.rows import row_of
from pipelines.warehouse import Warehouse
from schemas.outbound import ENDS

_CLOCKS = Path(__file__).with_name("waiting_clocks.sql")


@dataclass(frozen=True)
class Known:
    """One provider's members as it was told of them, by assignment."""

    members: Mapping[str, Row] = field(default_factory=dict)
    """Last row of each that it was told and that was not of an end: rows that a gate holds are not among them."""
    yesterday: Mapping[str, Row] = field(default_factory=dict)
    """The same as it stood before this business date."""
    tonight: Sequence[Row] = ()
    """What the deltas of this business date have told already, where a full file is due: it is new all the same."""
    waiting: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Due dates of the row that nothing has met yet, by their columns."""

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Assignment and CIN of everyone it was told of: of a merged person perhaps the CIN of before."""
        rows = (*self.members.values(), *self.yesterday.values(), *self.tonight)
        return {(str(row["assignment_id"]), str(row["cin"])) for row in rows}


def after(members: Mapping[str, Row], rows: Sequence[Row]) -> dict[str, Row]:
    """Tell whom a provider has after rows were delivered to it, by assignment."""
    told = dict(members)
    for row in rows:
        assignment = str(row["assignment_id"])
        if row["record_action"] in ENDS:
            told.pop(assignment, None)
        else:
            told[assignment] = row
    return told


def look_at_clocks(warehouse: Warehouse) -> None:
    """Find out for all providers at once what is still to be done by when."""
    warehouse.run_file(_CLOCKS)


def known_by(warehouse: Warehouse, npi: str, on: date, *, is_full_due: bool) -> Known:
    """Tell what a provider knows as the night of `on` is prepared; after `look_at_clocks` and `changes.sql`."""
    waiting = dict(
        warehouse.rows("SELECT assignment_id, due_columns FROM waiting_clocks WHERE npi = $npi", {"npi": npi})
    )
    members = _open(
        warehouse.rows(
            "SELECT record_action, change_reason, row_hash, content FROM told WHERE npi = $npi", {"npi": npi}
        )
    )
    tonight = _told_tonight(warehouse, npi, on) if is_full_due else []
    return Known(members, _told_before(warehouse, npi, on) if tonight else members, tonight, waiting)


def _told_tonight(warehouse: Warehouse, npi: str, on: date) -> list[Row]:
    """Read what the deltas of a business date have told, in the order in which they arrived."""
    found = warehouse.rows(
        """SELECT r.record_action, r.change_reason, r.row_hash, r.content
           FROM delivery.delivered_rows AS r
           JOIN delivery.deliveries AS d ON d.delivery = r.delivery
           JOIN delivery.outbox AS o ON o.outbox_id = d.outbox_id AND o.scope = 'DELTA'
           WHERE d.recipient = $npi AND d.business_date = $on ORDER BY r.delivery, r.assignment_id""",
        {"npi": npi, "on": on},
    )
    return [row_of(*row) for row in found]


def _told_before(warehouse: Warehouse, npi: str, on: date) -> dict[str, Row]:
    """Read what had been told last by files of earlier business dates: on few nights, as it goes through all rows."""
    found = warehouse.rows(
        """SELECT r.record_action, r.change_reason, r.row_hash, r.content FROM delivery.delivered_rows AS r
           JOIN delivery.deliveries AS d ON d.delivery = r.delivery
           WHERE r.npi = $npi AND d.business_date < $on
           QUALIFY row_number() OVER (PARTITION BY r.assignment_id ORDER BY r.delivery DESC) = 1""",
        {"npi": npi, "on": on},
    )
    return _open(found)


def _open(found: Sequence[tuple[str, str, str, str]]) -> dict[str, Row]:
    """Key rows by their assignment, those of an end left out."""
    rows = sorted((row_of(*row) for row in found), key=lambda row: str(row["assignment_id"]))
    return {str(row["assignment_id"]): row for row in rows if row["record_action"] not in ENDS}
