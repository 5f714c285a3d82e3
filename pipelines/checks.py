"""Standing questions to the warehouse after each station. A blocking one that is answered badly stops the night.

Each is one query that counts violations: it must return 0. The same list feeds `ecm-exchange run` and the orchestrator.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.authorization.closure import CLOSURE_REASONS
from pipelines.authorization.moves import MOVED
from pipelines.enrollment.locators import FINDS_NOBODY, FLAGS_TOO_MANY, READ_OTHERWISE
from pipelines.enrollment.roster import QUESTIONS
from pipelines.load.told_rows import told_rows
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


_QUOTED_REASONS = ", ".join(f"'{reason}'" for reason in CLOSURE_REASONS)

_BUSINESS_DAYS = """CROSS JOIN LATERAL (
               SELECT CAST(unnest(generate_series({0}, {1}, INTERVAL 1 DAY)) AS DATE) AS day)
           WHERE isodow(day) <= 5 AND NOT list_contains(CAST(getvariable('holidays') AS DATE[]), day)"""
"""The plan's business days from one day to another, both included, joined to what they are about."""

CHECKS: tuple[Check, ...] = (
    Check(
        "no_night_is_missing", "receive", "ledger.runs", "tell",
        f"""SELECT count(*) FROM (
               SELECT max(business_date) AS last FROM ledger.runs
               WHERE status = 'FINISHED' AND business_date < getvariable('business_date'))
           {_BUSINESS_DAYS.format("last + 1", "getvariable('business_date') - 1")}""",  # noqa: S608 - a constant
        "business days since the last night that ended had no night",
        "Nothing is lost: this night takes up what they left. See why they did not run or did not end.",
    ),
    Check(
        "no_daily_834_is_late", "load_enrollment", "facts.enrollment_members", "tell",
        f"""SELECT count(*) FROM (
               SELECT max(file_date) AS last FROM ledger.files
               WHERE kind = '834' AND status LIKE 'ACCEPTED%'
                 AND list_contains(CAST(getvariable('enrollment_sources') AS VARCHAR[]), source)
               GROUP BY source HAVING bool_or(scope = 'DAILY'))
           WHERE (SELECT count(*) FROM (SELECT 1)
                  {_BUSINESS_DAYS.format("last", "getvariable('business_date') - 1")})
               > getvariable('enrollment_stale_days')""",  # noqa: S608 - a constant
        "sources that send an 834 daily have sent none for longer than [safety] allows",
        "Ask the sender for the missing files. Until one comes nobody's assignment is ended on the word of the last.",
    ),
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
        "every_returned_row_is_in_the_facts", "load_returns", "facts.return_transmissions", "stop",
        """SELECT count(*) FROM ledger.files AS f
           LEFT JOIN (SELECT file_id, count(DISTINCT row_no) AS n
                      FROM (SELECT file_id, row_no FROM facts.return_transmissions
                            UNION ALL SELECT file_id, row_no FROM facts.outreach_attempts)
                      GROUP BY file_id) AS r USING (file_id)
           WHERE f.kind IN ('rtf', 'otf') AND f.rows_loaded <> coalesce(r.n, 0)""",
        "the facts hold another number of returned rows than the ledger says", "Restore the last backup and run again.",
    ),
    Check(
        "every_return_is_of_the_reporting_provider", "load_returns", "facts.return_transmissions", "stop",
        """SELECT count(*)
           FROM (SELECT file_id, reporting_npi, ecm_provider_npi FROM facts.return_transmissions
                 UNION ALL SELECT file_id, reporting_npi, ecm_provider_npi FROM facts.outreach_attempts) AS r
           JOIN ledger.files AS f USING (file_id)
           WHERE r.reporting_npi IS DISTINCT FROM f.reporting_npi OR r.ecm_provider_npi <> f.reporting_npi""",
        "a row counts as another provider's than the one in whose account it lay", "Report it: this is a defect.",
    ),
    Check(
        "no_file_is_held", "load_returns", "ledger.files", "tell",
        """SELECT count(*) FROM ledger.files
           WHERE status = 'HELD' AND (
               business_date = getvariable('business_date')
               OR file_id IN (SELECT subject FROM facts.releases  -- which did not help: something else holds it
                              WHERE kind = 'FILE' AND released_on > getvariable('business_date') - 7))""",
        "files are held", "See `ecm-exchange quarantine list`: each says why, and which of them a person can release.",
    ),
    Check(
        "no_hcp_status_is_unknown", "load_enrollment", "facts.enrollment_coverage", "tell",
        """SELECT count(*) FROM quarantine.rows AS q JOIN ledger.files AS f ON f.file_id = q.file_id
           WHERE q.code = 'W05' AND f.business_date = getvariable('business_date')""",
        "members have an HCP status that stands in no list", "Add it to [justice_involved.hcp_status].",
    ),
    Check(
        "no_locator_flags_too_many", "update_members", "exchange.locator_totals", "stop", FLAGS_TOO_MANY,
        "a locator of the JI indicator flags more members than is possible",
        "Correct it, or raise max_flagged_share in [justice_involved]; `ecm-exchange rebuild` shows a change first.",
    ),
    Check(
        "every_locator_finds_someone_in_a_full_file", "update_members", "exchange.ji_evidence", "tell", FINDS_NOBODY,
        "a locator of the JI indicator matched nobody in a full 834", "Correct or remove it in [justice_involved].",
    ),
    Check(
        "the_834_is_read_as_before", "update_members", "exchange.ji_evidence", "tell", READ_OTHERWISE,
        "members stand otherwise because the configuration reads the 834 in another way",
        "If that was not meant, put it back; `ecm-exchange rebuild` shows what a change does before a night does it.",
    ),
    Check(
        "policies_are_as_before", "update_members", "ledger.readings", "tell",
        """SELECT count(*) FROM ledger.readings
           WHERE policy NOT IN ('834', 'program') AND changed_on = getvariable('business_date')""",
        "policies of the configuration were changed since the last night",
        "If that was not meant, put them back; `ecm-exchange rebuild` shows what a change does.",
    ),
    Check(
        "every_row_has_one_identity", "match", "exchange.identities", "stop",
        f"""SELECT count(*)
           FROM ({told_rows()}) AS r
           FULL JOIN exchange.identities AS i USING (file_id, row_no)
           WHERE r.file_id IS NULL OR i.kind IS NULL""",  # noqa: S608 - a query from code
        "rows of referrals, notices, receipts or MIFs are not accounted for", "Report it: this is a defect.",
    ),
    Check(
        "no_proposal_is_taken_for_a_match", "match", "exchange.identity_proposals", "stop",
        """SELECT (SELECT count(*) FROM exchange.identity_proposals
                   JOIN exchange.identities AS i USING (kind, file_id, row_no) WHERE i.cin IS NOT NULL)
                + (SELECT count(*) FROM exchange.identities
                   WHERE (cin IS NULL) <> (method IN ('REVIEW', 'UNMATCHED', 'EXPIRED', 'NOBODY')))""",
        "a row counts as a member's that nobody decided on", "Report it: this is a defect.",
    ),
    Check(
        "every_alias_leads_to_one_cin", "match", "exchange.cin_aliases", "stop",
        """SELECT count(*) - count(DISTINCT alias) + count(*) FILTER (cin IN (SELECT alias FROM exchange.cin_aliases))
           FROM exchange.cin_aliases""",
        "a merged CIN leads to several, or to one that is merged itself", "Report it: this is a defect.",
    ),
    Check(
        "steps_follow_one_another", "find_episodes", "exchange.ji_steps", "stop",
        """SELECT count(*) FROM (
               SELECT from_state, step, coalesce(lag(to_state) OVER in_order, 'UNSEEN') AS came_from,
                      row_number() OVER in_order AS number
               FROM exchange.ji_steps WINDOW in_order AS (PARTITION BY cin ORDER BY step))
           WHERE from_state <> came_from OR step <> number""",
        "a member's states do not follow one from another",
        "Report it with `ecm-exchange explain CIN`: this is a defect.",
    ),
    Check(
        "no_member_has_two_open_episodes", "find_episodes", "exchange.ji_episodes", "stop",
        """SELECT count(*) FROM (SELECT cin FROM exchange.ji_episodes WHERE state <> 'CLOSED'
                                 GROUP BY cin HAVING count(*) > 1)""",
        "a member has two open episodes", "Report it with `ecm-exchange explain CIN`: this is a defect.",
    ),
    Check(
        "every_opening_is_an_episode", "find_episodes", "exchange.ji_episodes", "stop",
        """SELECT abs((SELECT count(*) FROM exchange.ji_episodes)
                    - (SELECT count(*) FROM exchange.ji_steps
                       WHERE effect IN ('OPEN', 'OPEN_RELEASED', 'RELEASE_AGAIN')))""",
        "episodes were opened that are not there, or the reverse", "Report it: this is a defect.",
    ),
    Check(
        "no_alias_has_a_timeline_of_its_own", "find_episodes", "exchange.ji_steps", "stop",
        "SELECT count(*) FROM exchange.ji_steps WHERE cin IN (SELECT alias FROM exchange.cin_aliases)",
        "a merged CIN is followed apart from its person", "Report it: this is a defect.",
    ),
    Check(
        "no_two_authorizations_overlap", "authorize", "exchange.ecm_authorizations", "stop",
        """SELECT count(*) FROM exchange.ecm_authorizations AS a
           JOIN exchange.ecm_authorizations AS b ON a.cin = b.cin AND a.authorization_id < b.authorization_id
           WHERE a.start_date <= b.end_date AND b.start_date <= a.end_date""",
        "a member has two authorizations for one day", "Report it with `ecm-exchange explain CIN`: this is a defect.",
    ),
    Check(
        "no_authorized_member_is_missing_from_a_full_file", "authorize", "exchange.roster_differences", "tell",
        f"SELECT count(*) FROM ({QUESTIONS}) WHERE has_authorization AND business_date = getvariable('business_date')",  # noqa: S608 - a constant
        "members with a running ECM authorization are missing from a full 834",
        "A person should look: absence ends nothing. They are in exchange.roster_differences as MISSING.",
    ),
    Check(
        "no_running_authorization_moves_without_a_release_date", "authorize", "exchange.ecm_authorizations", "tell",
        f"SELECT count(*) FROM ({MOVED}) WHERE why = 'OTHER'",  # noqa: S608 - a constant
        "running authorizations move, and no release date was corrected",
        "A person should look with `ecm-exchange explain CIN`; the provider is told by a CHANGE.",
    ),
    Check(
        "every_closed_authorization_has_a_known_reason", "authorize", "exchange.ecm_authorizations", "stop",
        f"""SELECT count(*) FROM exchange.ecm_authorizations
            WHERE status IN ('CLOSED', 'EXPIRED')
              AND (close_reason IS NULL OR close_reason NOT IN ({_QUOTED_REASONS}))""",  # noqa: S608 - a constant
        "an authorization is closed without a reason of the list", "Report it: this is a defect.",
    ),
    Check(
        "every_release_has_its_clocks", "start_clocks", "exchange.clocks", "stop",
        """SELECT count(*) FROM exchange.ji_episodes AS e
           WHERE e.state = 'RELEASED'
             AND (SELECT count(DISTINCT rule) FROM exchange.clocks AS c
                  WHERE c.episode_id = e.episode_id AND c.rule IN ('R10', 'R11')) < 2""",
        "someone was released and no clock runs", "Report it: this is a defect.",
    ),
    Check(
        "no_open_clock_runs_beyond_the_holiday_table", "start_clocks", "exchange.clocks", "tell",
        "SELECT count(*) FROM exchange.clocks WHERE status = 'OPEN' AND calendar LIKE '%;no holidays%'",
        "clocks are due in a year without holidays in the plan's table", "Add that year's holidays to [plan].",
    ),
    Check(
        "every_directory_change_is_published_in_time", "update_directory", "exchange.provider_directory", "tell",
        "SELECT count(*) FROM exchange.provider_directory WHERE status = 'OVERDUE'",
        "changes of the provider directory were not published within the days of R34",
        "Publish with `ecm-exchange directory --public --out FILE`.",
    ),
    Check(
        "every_report_to_the_state_is_written_in_time", "list_work", "facts.reports", "tell",
        "SELECT count(*) FROM exchange.work_items WHERE list = 'REPORTS' AND reason = 'REPORT_OVERDUE'",
        "months are not reported to the state though the day of R35 has passed",
        "Write each with `ecm-exchange report dhcs-json --month YYYY-MM`, and send it.",
    ),
    Check(
        "other_networks_can_be_read", "update_directory", "exchange.network_overlap", "tell",
        "SELECT count(*) FROM exchange.network_overlap WHERE problem = 'NETWORKS_UNREADABLE'",
        "the table of other plans' networks cannot be read", "`ecm-exchange directory` tells its lines.",
    ),
    Check(
        "no_member_has_two_open_assignments", "assign", "exchange.ecm_assignments", "stop",
        """SELECT count(*) FROM (SELECT cin FROM exchange.ecm_assignments WHERE ended_on IS NULL
                                 GROUP BY cin HAVING count(*) > 1)""",
        "a member is assigned to two providers", "Report it with `ecm-exchange explain CIN`: this is a defect.",
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
        "no_provider_is_given_more_than_its_places", "assign", "facts.assignment_candidates", "stop",
        """SELECT count(*) FROM facts.assignment_candidates AS c
           JOIN facts.assignment_decisions AS d ON d.decision = c.decision
           WHERE d.decided_on = getvariable('business_date') AND c.outcome = 'CHOSEN' AND c.open > c.capacity""",
        "a provider was given more members than it has places for", "Nothing was sent. Report it: this is a defect.",
    ),
    Check(
        "every_assignment_says_who_was_considered", "assign", "facts.assignment_candidates", "stop",
        """SELECT count(*) FROM facts.assignment_decisions AS d
           WHERE d.action = 'ASSIGN' AND d.decided_on = getvariable('business_date')
             AND (SELECT count(*) FROM facts.assignment_candidates AS c
                  WHERE c.decision = d.decision AND c.outcome = 'CHOSEN'
                    AND c.npi = d.npi AND c.method = d.method) <> 1""",
        "an assignment does not say why it was made", "Nothing was sent. Report it: this is a defect.",
    ),
    Check(
        "no_provider_lost_its_members_by_the_roster", "assign", "facts.assignment_decisions", "tell",
        """SELECT count(*) FROM facts.assignment_decisions AS d
           WHERE d.action = 'END' AND d.reason = 'PROVIDER_CHANGE' AND d.decided_on = getvariable('business_date')
             AND d.npi NOT IN (SELECT npi FROM roster WHERE active AND ji_provider)""",
        "members were moved because their provider can no longer serve by the roster",
        "Make sure that the providers table is right: both providers are told tonight.",
    ),
    Check(
        "every_row_goes_to_its_own_provider", "fill_outbox", "delivery.outbox", "stop",
        """SELECT count(*) FROM delivery.outbox_rows AS r
           JOIN delivery.outbox AS o ON o.outbox_id = r.outbox_id AND o.status = 'PREPARED'
           -- A file that has waited since an earlier night names people by the CINs of that night.
           LEFT JOIN exchange.ecm_assignments AS a
             ON a.assignment_id = r.assignment_id
            AND (a.cin = r.cin OR o.business_date < getvariable('business_date'))
           WHERE r.npi <> o.recipient OR a.npi IS DISTINCT FROM r.npi""",
        "a row would reach another provider's folder", "Nothing was sent. Report it: this is a defect.",
    ),
    Check(
        "every_referral_status_goes_to_its_own_source", "fill_outbox", "delivery.outbox", "stop",
        """SELECT count(*) FROM delivery.referral_rows AS r
           JOIN delivery.outbox AS o ON o.outbox_id = r.outbox_id AND o.status = 'PREPARED'
           WHERE r.source <> o.recipient OR NOT EXISTS (
               SELECT 1 FROM facts.referrals AS f WHERE f.source = o.recipient AND f.referral_id = r.referral_id)""",
        "what became of a referral would reach another source than its own",
        "Nothing was sent. Report it: this is a defect.",
    ),
    Check(
        "no_delivery_is_held", "fill_outbox", "delivery.outbox", "tell",
        "SELECT count(*) FROM delivery.outbox WHERE status = 'HELD' AND part = 1",
        "files to providers are held by a gate",
        "See `ecm-exchange quarantine list`: correct the cause and run again, or release what is right.",
    ),
    Check(
        "nobody_waits_since_an_earlier_night", "deliver", "delivery.deliveries", "tell",
        """SELECT count(DISTINCT recipient) FROM delivery.outbox AS waits
           WHERE status IN ('PREPARED', 'FAILED') AND EXISTS (
               SELECT 1 FROM delivery.outbox AS o
               WHERE o.recipient = waits.recipient AND o.business_date < getvariable('business_date')
                 AND o.status IN ('PREPARED', 'FAILED', 'SUPERSEDED')
                 AND NOT EXISTS (SELECT 1 FROM delivery.deliveries AS d
                                 WHERE d.recipient = o.recipient AND d.delivered_on >= o.business_date))""",
        "recipients have got nothing since an earlier night",
        "Call them: it does not pass by itself. `ecm-exchange doctor` tells what keeps each server from being reached.",
    ),
    Check(
        "nothing_is_left_undelivered", "deliver", "delivery.deliveries", "tell",
        "SELECT count(*) FROM delivery.outbox WHERE status IN ('PREPARED', 'FAILED')",
        "files have not arrived", "The next run sends what is still owed; see `ecm-exchange status` for the cause.",
    ),
)  # fmt: skip


def run_checks(
    warehouse: Warehouse,
    business_date: date,
    *,
    after: str,
    holidays: Sequence[date] = (),
    enrollment_stale_days: int | None = None,
    enrollment_sources: Sequence[str] = (),
) -> Iterator[CheckResult]:
    """Ask the questions that belong after a station of the night of `business_date`.

    `holidays` of the plan, `enrollment_stale_days` and the sources that send 834s, as the configuration has them, are
    asked for after stations that receive and load; without them no 834 is late.
    """
    settings = {
        "business_date": business_date,
        "holidays": list(holidays),
        "enrollment_stale_days": enrollment_stale_days,
        "enrollment_sources": list(enrollment_sources),
    }
    for name, value in settings.items():
        warehouse.run(f"SET VARIABLE {name} = $value", {"value": value})
    for check in CHECKS:
        if check.after == after:
            yield CheckResult(check, warehouse.value(check.violations))
