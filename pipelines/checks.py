"""Standing questions to the warehouse after each station. A blocking one that is answered badly stops the night.

Each is one query that counts violations: it must return 0. The same list feeds `ecm-exchange run` and the orchestrator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.enrollment.roster import QUESTIONS
from pipelines.warehouse import Warehouse
from schemas.problems import ExchangeError


@dataclass(frozen=True)
class Check:
    """One question."""

    name: str
    after: str
    """Station function after which it is asked."""
    table: str
    """Table it speaks of, as `schema.name`."""
    when_violated: Literal["stop", "tell"]
    violations: str
    """Query that counts what is wrong."""
    meaning: str
    remedy: str

    @property
    def blocking(self) -> bool:
        """Whether a violation stops the night."""
        return self.when_violated == "stop"


@dataclass(frozen=True)
class CheckResult:
    """The answer."""

    check: Check
    violations: int

    def sentence(self) -> str:
        """Say it in one line fit for a log."""
        return f"{self.check.meaning} ({self.violations}): {self.check.remedy}"


class CheckFailed(ExchangeError):
    """A blocking check found a violation: the night stops before anything wrong goes on."""

    def __init__(self, result: CheckResult) -> None:
        check = result.check
        super().__init__("K01", f"{check.meaning} ({result.violations})", where=check.table, remedy=check.remedy)


CHECKS: tuple[Check, ...] = (
    Check(
        "every_file_balances", "load_referrals", "ledger.files", "stop",
        """SELECT count(*) FROM ledger.files
           WHERE status <> 'LANDED' AND rows_in <> rows_loaded + rows_rejected + rows_duplicate""",
        "rows of a file are not all accounted for", "Keep the file and its ledger row and report them: a defect.",
    ),
    Check(
        "every_loaded_member_is_in_the_facts", "load_enrollment", "facts.enrollment_members", "stop",
        """SELECT count(*) FROM ledger.files AS f
           LEFT JOIN (SELECT file_id, count(*) AS n FROM facts.enrollment_members GROUP BY file_id) AS m USING (file_id)
           WHERE f.kind = '834' AND f.rows_loaded <> coalesce(m.n, 0)""",
        "the facts hold another number of members than the ledger says", "Restore the last backup and run again.",
    ),
    Check(
        "no_file_is_held", "load_referrals", "ledger.files", "tell",
        """SELECT count(*) FROM ledger.files
           WHERE status = 'HELD' AND business_date = getvariable('business_date')""",
        "files are held", "See `ecm-exchange status`: each says why and what its sender must do.",
    ),
    Check(
        "no_hcp_status_is_unknown", "load_enrollment", "facts.enrollment_coverage", "tell",
        """SELECT count(*) FROM quarantine.rows AS q JOIN ledger.files AS f ON f.file_id = q.file_id
           WHERE q.code = 'W05' AND f.business_date = getvariable('business_date')""",
        "members have an HCP status that stands in no list", "Add it to [justice_involved.hcp_status].",
    ),
    Check(
        "no_two_authorizations_overlap", "authorize", "exchange.ecm_authorizations", "stop",
        """SELECT count(*) FROM exchange.ecm_authorizations AS a
           JOIN exchange.ecm_authorizations AS b ON a.cin = b.cin AND a.authorization_id < b.authorization_id
           WHERE a.start_date <= b.end_date AND b.start_date <= a.end_date""",
        "a member has two authorizations for one day", "Report it with `ecm-exchange explain`: this is a defect.",
    ),
    Check(
        "no_authorized_member_is_missing_from_a_full_file", "authorize", "exchange.roster_differences", "tell",
        f"SELECT count(*) FROM ({QUESTIONS}) WHERE has_authorization AND business_date = getvariable('business_date')",  # noqa: S608 - a constant
        "members with a running ECM authorization are missing from a full 834",
        "A person should look: absence ends nothing. They are in exchange.roster_differences as MISSING.",
    ),
    Check(
        "no_member_has_two_open_assignments", "assign", "exchange.ecm_assignments", "stop",
        """SELECT count(*) FROM (SELECT cin FROM exchange.ecm_assignments WHERE ended_on IS NULL
                                 GROUP BY cin HAVING count(*) > 1)""",
        "a member is assigned to two providers", "Report it with `ecm-exchange explain`: this is a defect.",
    ),
    Check(
        "every_authorized_member_is_assigned_or_listed", "assign", "exchange.ecm_assignments", "stop",
        """SELECT count(*) FROM exchange.ecm_authorizations AS z
           WHERE z.status IN ('PENDING_RELEASE', 'ACTIVE')
             AND z.cin NOT IN (SELECT cin FROM exchange.ecm_assignments WHERE ended_on IS NULL)
             AND z.cin NOT IN (SELECT cin FROM exchange.unassigned)""",
        "an authorized member has no provider and is on no work list", "Report it: this is a defect.",
    ),
    Check(
        "every_row_goes_to_its_own_provider", "fill_outbox", "delivery.outbox", "stop",
        """SELECT count(*) FROM delivery.outbox_rows AS r
           JOIN delivery.outbox AS o ON o.outbox_id = r.outbox_id AND o.status = 'PREPARED'
           LEFT JOIN exchange.ecm_assignments AS a ON a.assignment_id = r.assignment_id AND a.cin = r.cin
           WHERE r.npi <> o.recipient OR a.npi IS DISTINCT FROM r.npi""",
        "a row would reach another provider's folder", "Nothing was sent. Report it: this is a defect.",
    ),
    Check(
        "no_delivery_is_held", "fill_outbox", "delivery.outbox", "tell",
        "SELECT count(*) FROM delivery.outbox WHERE status = 'HELD' AND part = 1",
        "files to providers are held by a gate", "See `ecm-exchange status`, then correct the cause and run again.",
    ),
    Check(
        "nothing_is_left_undelivered", "deliver", "delivery.deliveries", "tell",
        "SELECT count(*) FROM delivery.outbox WHERE status IN ('PREPARED', 'FAILED')",
        "files have not arrived", "The next run sends what is still owed; see `ecm-exchange status` for the cause.",
    ),
)  # fmt: skip


def run_checks(warehouse: Warehouse, business_date: date, *, after: str) -> Iterator[CheckResult]:
    """Ask the questions that belong after a station of the night of `business_date`."""
    warehouse.run("SET VARIABLE business_date = $on", {"on": business_date})
    for check in CHECKS:
        if check.after == after:
            yield CheckResult(check, warehouse.value(check.violations))
