"""What providers report: of each member the newest values, each attempt to reach the person, each day of care."""

from __future__ import annotations

from dagster_project.station import station_assets, table
from pipelines import derivation

_GROUP, _OWNER = "returns", "ji-liaison"

gather_reports = station_assets(
    derivation.gather_reports,
    table(
        "exchange.provider_reports",
        _GROUP,
        reads=["facts.return_transmissions", "exchange.cin_aliases"],
        kinds={"sql"},
        owner=_OWNER,
        description="How do members stand with their provider? Of each value the newest that it reports: beside what "
        "the 834 says, never over it. A provider's word ends no assignment and no authorization.",
    ),
    table(
        "exchange.contact_attempts",
        _GROUP,
        reads=["facts.outreach_attempts", "exchange.ecm_assignments", "exchange.cin_aliases"],
        kinds={"sql"},
        owner=_OWNER,
        description="Was the member reached? Each attempt, once, as the newest file that speaks of it says.",
    ),
    table(
        "exchange.care_days",
        _GROUP,
        reads=["facts.return_transmissions", "exchange.ecm_assignments", "exchange.cin_aliases"],
        kinds={"sql"},
        owner=_OWNER,
        description="On which days was somebody cared for? As the provider says: encounter, assessment, care plan, "
        "care conference.",
    ),
)
