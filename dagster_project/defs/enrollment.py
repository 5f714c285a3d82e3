"""Enrollment: the 834 as facts, and from them who is a member, when, and what points to justice involvement."""

from __future__ import annotations

from dagster_project.station import station_assets, table
from pipelines import derivation, nightly

_GROUP, _OWNER = "enrollment", "enrollment"

load_enrollment = station_assets(
    nightly.load_enrollment,
    table(
        "facts.enrollment_members",
        _GROUP,
        reads=["ledger.files"],
        kinds={"x12"},
        owner=_OWNER,
        description="Is the newest 834 in, with every member in it? Each member as each 834 described the person "
        "(one row per INS), with file and segment. Append-only.",
    ),
    table(
        "facts.enrollment_coverage",
        _GROUP,
        reads=["ledger.files"],
        kinds={"x12"},
        owner=_OWNER,
        description="What did the 834 say of coverage? Each statement (one row per HD): plan, benefit month, status, "
        "aid codes.",
    ),
    table(
        "facts.enrollment_reporting",
        _GROUP,
        reads=["ledger.files"],
        kinds={"x12"},
        owner=_OWNER,
        description="Which reporting categories did the 834 name? One row per loop 2750: one of the places a JI "
        "indicator may stand.",
    ),
)

update_members = station_assets(
    derivation.update_members,
    table(
        "exchange.members",
        _GROUP,
        reads=["facts.enrollment_members"],
        kinds={"sql"},
        owner=_OWNER,
        description="Who is a member? Each member as the newest 834 describes the person.",
    ),
    table(
        "exchange.coverage_months",
        _GROUP,
        reads=["facts.enrollment_coverage"],
        kinds={"sql"},
        owner=_OWNER,
        description="Who is covered this month, and who is on hold? Each benefit month of each member as the newest "
        "file that speaks of it says.",
    ),
    table(
        "exchange.ji_evidence",
        _GROUP,
        reads=["facts.enrollment_members", "facts.enrollment_coverage", "facts.enrollment_reporting"],
        kinds={"sql"},
        owner=_OWNER,
        description="Whom does the 834 flag as justice-involved, and where? Each place in each 834 that points to "
        "it, by the configured locators (rule R1).",
    ),
    table(
        "exchange.roster_differences",
        _GROUP,
        reads=["facts.enrollment_members", "facts.enrollment_coverage"],
        kinds={"sql"},
        owner=_OWNER,
        description="Who is missing from the full 834? Also who is new in it or back, against the roster before it: "
        "an audit difference for a person to look at, no termination.",
    ),
    table(
        "exchange.locator_disagreements",
        _GROUP,
        reads=["exchange.ji_evidence"],
        kinds={"sql"},
        owner=_OWNER,
        description="Do the places of the JI indicator agree? Members whom one locator flags and another does not, "
        "in one file.",
    ),
    table(
        "exchange.locator_totals",
        _GROUP,
        reads=["exchange.ji_evidence", "exchange.members"],
        kinds={"sql"},
        owner=_OWNER,
        description="Does each locator flag about as many as it should? Nobody, or nearly everybody, is a wrong "
        "setting.",
    ),
)
