"""The figures of one night, as a person wants them in the morning. Counts and codes only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pipelines.enrollment.roster import QUESTIONS, roster_counts
from pipelines.warehouse import Warehouse

_CORRECTIONS = """
    WITH rejected AS (
        SELECT DISTINCT q.file_id, q.row
        FROM quarantine.rows AS q JOIN ledger.files AS f ON f.file_id = q.file_id
        WHERE q.severity = 'REJECT' AND q.code <> 'R09' AND f.kind <> '834' AND f.status LIKE 'ACCEPTED%'
          AND f.business_date BETWEEN CAST($on AS DATE) - 31 AND CAST($on AS DATE)
    )
    SELECT
        (SELECT count(DISTINCT (c.file_id, c.row_no))
         FROM ledger.corrections AS c JOIN ledger.files AS f ON f.file_id = c.file_id
         WHERE f.business_date = $on AND (c.file_id, c.row_no) NOT IN (FROM rejected)),
        (SELECT count(*) FROM rejected
         WHERE (file_id, row) NOT IN (SELECT (corrects_file_id, corrects_row_no) FROM ledger.corrections))
"""


@dataclass(frozen=True)
class NightSummary:
    """What came, what it meant, what went out on one business date."""

    business_date: date
    files_in: int
    files_duplicate: int
    files_held: int
    rows_in: int
    rows_loaded: int
    rows_rejected: int
    rows_duplicate: int
    rows_corrected: int
    """Rows taken this night that correct one which was answered before."""
    rows_to_correct: int
    """Rejected rows of lists that came by this night, within a month, and have not come again to this day."""
    ji_members: int
    """Members whom a file received this night flags as justice-involved."""
    roster: dict[str, int]
    """Members missing from, new in, and back in the full files of this night, against the roster before them."""
    missing_with_authorization: int
    """Members missing from a full file of this night, and not named since, whose ECM authorization runs."""
    authorizations: dict[str, int]
    """All authorizations by status, as the last run left them."""
    assignments_made: dict[str, int]
    """Assignments decided this night, by method."""
    unassigned: int
    files_delivered: int
    """Data files and manifests confirmed in providers' folders this night."""
    rows_delivered: int
    responses_delivered: int

    def as_dict(self) -> dict[str, Any]:
        """The figures as a plain mapping."""
        return asdict(self)


def summarize_night(warehouse: Warehouse, business_date: date) -> NightSummary:
    """Read the figures of a night."""
    on = {"on": business_date}
    files = warehouse.rows(
        """SELECT count(*), count(*) FILTER (status = 'DUPLICATE'), count(*) FILTER (status = 'HELD'),
                  coalesce(sum(rows_in), 0)::BIGINT, coalesce(sum(rows_loaded), 0)::BIGINT,
                  coalesce(sum(rows_rejected), 0)::BIGINT, coalesce(sum(rows_duplicate), 0)::BIGINT
           FROM ledger.files WHERE business_date = $on""",
        on,
    )[0]
    corrected, to_correct = warehouse.rows(_CORRECTIONS, on)[0]
    flagged = warehouse.value(
        """SELECT count(DISTINCT cin) FROM exchange.ji_evidence
           WHERE file_id IN (SELECT file_id FROM ledger.files WHERE business_date = $on)""",
        on,
    )
    delivered = warehouse.rows(
        """SELECT count(*) FILTER (o.recipient_kind = 'PROVIDER'),
                  coalesce(sum(o.rows) FILTER (o.recipient_kind = 'PROVIDER' AND o.part = 1), 0)::BIGINT,
                  count(*) FILTER (o.recipient_kind = 'SOURCE')
           FROM delivery.deliveries AS d JOIN delivery.outbox AS o ON o.outbox_id = d.outbox_id
           WHERE d.delivered_on = $on""",
        on,
    )[0]
    return NightSummary(
        business_date=business_date,
        files_in=files[0],
        files_duplicate=files[1],
        files_held=files[2],
        rows_in=files[3],
        rows_loaded=files[4],
        rows_rejected=files[5],
        rows_duplicate=files[6],
        rows_corrected=corrected,
        rows_to_correct=to_correct,
        ji_members=flagged,
        roster=roster_counts(warehouse, business_date),
        missing_with_authorization=warehouse.value(
            f"SELECT count(*) FROM ({QUESTIONS}) WHERE has_authorization AND business_date = $on",  # noqa: S608 - constant
            on,
        ),
        authorizations=_counted(warehouse, "SELECT status, count(*) FROM exchange.ecm_authorizations"),
        assignments_made=_counted(
            warehouse, "SELECT method, count(*) FROM exchange.ecm_assignments WHERE assigned_on = $on", on
        ),
        unassigned=warehouse.value("SELECT count(*) FROM exchange.unassigned"),
        files_delivered=delivered[0],
        rows_delivered=delivered[1],
        responses_delivered=delivered[2],
    )


def _counted(warehouse: Warehouse, query: str, parameters: dict[str, Any] | None = None) -> dict[str, int]:
    return dict(warehouse.rows(f"{query} GROUP BY 1 ORDER BY 1", parameters))
