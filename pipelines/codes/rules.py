"""Where each rule of the field (`schemas.rules`) is set and computed; `docs/rules.md` says the same, and what proves it."""

from __future__ import annotations

from typing import NamedTuple


class Places(NamedTuple):
    """Where a rule lives."""

    set_in: tuple[str, ...]
    """Keys of `exchange.toml`, or columns of a table that it names"""
    computed_in: tuple[str, ...]
    """Files of this software"""


# fmt: off
PLACES: dict[str, Places] = {
    "R1": Places(("justice_involved.locators", "justice_involved.max_flagged_share"), ("pipelines/enrollment/evidence.py", "pipelines/justice_involved/transitions.csv")),
    "R2": Places((), ("pipelines/justice_involved/transitions.csv", "pipelines/authorization/spans.sql")),
    "R3": Places(("identity.retry_days", "identity.proposals", "identity.min_probability", "identity.prior_identifier", "identity.prior_identifier_place"), ("pipelines/identity/identities.sql", "pipelines/justice_involved/statements.sql", "pipelines/justice_involved/transitions.csv")),
    "R4": Places(("authorization.months", "authorization.changes", "authorization.review_days_before_end", "work_lists.review_within"), ("pipelines/authorization/spans.sql", "pipelines/authorization/authorizations.sql")),
    "R5": Places(("authorization.anchor", "authorization.changes"), ("pipelines/authorization/spans.sql",)),
    "R6": Places((), ("pipelines/authorization/spans.sql", "pipelines/authorization/authorizations.sql", "pipelines/explain/sections/authorizations.sql")),
    "R8": Places(("justice_involved.hcp_status",), ("pipelines/justice_involved/transitions.csv", "pipelines/justice_involved/contradictions.sql")),
    "R9": Places(("clocks.materials_days",), ("pipelines/clocks/rules.py", "pipelines/clocks/started.sql", "pipelines/reporting/operations/materials.sql")),
    "R10": Places(("clocks.first_contact_days", "plan.holidays", "plan.timezone"), ("pipelines/clocks/rules.py", "pipelines/clocks/started.sql", "pipelines/clocks/clock_events.sql")),
    "R11": Places(("clocks.follow_up_days",), ("pipelines/clocks/rules.py", "pipelines/clocks/started.sql", "pipelines/clocks/clocks.sql")),
    "R12": Places(("clocks.handoff_days_before",), ("pipelines/clocks/rules.py", "pipelines/clocks/started.sql", "pipelines/clocks/clocks.sql")),
    "R13": Places(("clocks.handoff_days_after",), ("pipelines/clocks/rules.py",)),
    "R14": Places(("clocks.care_plan_business_days", "plan.holidays"), ("pipelines/clocks/rules.py", "pipelines/clocks/clock_events.sql", "pipelines/clocks/clocks.sql")),
    "R16": Places(("clocks.assignment_days_before", "clocks.assignment_business_days", "plan.holidays", "work_lists.release_within"), ("pipelines/clocks/rules.py", "pipelines/assignment/needing.sql")),
    "R17": Places(("assignment.population", "assignment.service_scope", "assignment.language"), ("pipelines/assignment/assign.py", "pipelines/assignment/needing.sql", "pipelines/assignment/ends.sql", "pipelines/work_lists/reported_items.sql")),
    "R18": Places((), ("pipelines/assignment/needing.sql", "pipelines/assignment/ends.sql")),
    "R19": Places(("directory.other_networks", "directory.missing_in_networks", "directory.overlap_exceptions"), ("pipelines/directory/overlap.sql",)),
    "R20": Places(("plan.counties", "directory.nearly_full", "providers.csv: ji_provider"), ("pipelines/directory/coverage.sql", "pipelines/doctor/roster.py")),
    "R21": Places(("assignment.county",), ("pipelines/assignment/needing.sql",)),
    "R22": Places(("assignment.county", "providers.csv: counties"), ("pipelines/enrollment/members.sql", "pipelines/assignment/fits.sql")),
    "R23": Places(("delivery.providers", "providers.csv: full_day", "work_lists.late_adds_of_days"), ("pipelines/delivery/changes.sql", "pipelines/assignment/needing.sql", "dagster_project/defs/new_files.py")),
    "R24": Places((), ("pipelines/authorization/spans.sql", "pipelines/authorization/authorizations.sql")),
    "R26": Places(("clocks.after_hours_business_days", "plan.holidays"), ("pipelines/clocks/rules.py", "pipelines/clocks/clocks.sql")),
    "R27": Places(("needs.unknown_within",), ("pipelines/needs/release_needs.sql",)),
    "R28": Places(("needs.community_supports", "needs.unknown_within", "needs.missing_after"), ("pipelines/needs/release_needs.sql",)),
    "R29": Places(("needs.unknown_within", "needs.missing_after"), ("pipelines/needs/release_needs.sql",)),
    "R30": Places(("needs.unknown_within", "needs.missing_after"), ("pipelines/needs/release_needs.sql",)),
    "R31": Places(("sources.kind",), ("pipelines/justice_involved/statements.sql", "pipelines/justice_involved/contradictions.sql")),
    "R33": Places(("sources.kind", "sources.layout"), ("pipelines/justice_involved/statements.sql",)),
    "R34": Places(("directory.publish_within_days", "providers.csv: service_scope", "providers.csv: ffs_enrolled", "providers.csv: facility_contracts"), ("pipelines/directory/versions.sql", "pipelines/directory/publish.py")),
    "R35": Places(("reports.dhcs_json", "reports.dhcs_due_day", "reports.dhcs_from", "reports.dhcs_template", "reports.dhcs_schema"), ("pipelines/reporting/state_report.py", "pipelines/reporting/written.py", "pipelines/work_lists/items.sql")),
    "R37": Places((), ("pipelines/delivery/prepare.py", "pipelines/responses/referral_status.py", "pipelines/reporting/operations/listings.py", "pipelines/delivery/assignment_rows.sql")),
}
# fmt: on
