"""The assignment file a provider receives: the allow-list of its columns, in order, with what each means.

No other field of a member ever leaves in this file: no social security number, no diagnosis, nothing about an offence.
A layout (`schemas.outbound`) chooses among these columns.
"""

from __future__ import annotations

from typing import NamedTuple

from schemas.codes import POPULATIONS_OF_FOCUS


class OutboundColumn(NamedTuple):
    """One column of the file."""

    name: str
    meaning: str
    on_term: bool = False
    """Whether the column is still filled when the assignment has ended; contact data then is not."""


_OTHER_POPULATIONS = tuple(
    OutboundColumn(name, "Also in this population of focus: Y, N, or blank when unknown")
    for name in POPULATIONS_OF_FOCUS
    if name != "pof_justice_involved"
)

COLUMNS: tuple[OutboundColumn, ...] = (
    OutboundColumn("assignment_id", "Identifies this assignment in every file that speaks of it", on_term=True),
    OutboundColumn("record_action", "ADD new, CHANGE something below changed, TERM ended, VOID was never right", on_term=True),
    OutboundColumn("change_reason", "Why the row is here", on_term=True),
    OutboundColumn("mcp_id", "The plan", on_term=True),
    OutboundColumn("mcp_name", "The plan's name", on_term=True),
    OutboundColumn("ecm_provider_npi", "The provider this row is for: you", on_term=True),
    OutboundColumn("ecm_provider_name", "The provider's name", on_term=True),
    OutboundColumn("cin", "Medi-Cal client index number", on_term=True),
    OutboundColumn("plan_member_id", "The plan's member number", on_term=True),
    OutboundColumn("last_name", "Last name", on_term=True),
    OutboundColumn("first_name", "First name", on_term=True),
    OutboundColumn("middle_name", "Middle name"),
    OutboundColumn("dob", "Birth date", on_term=True),
    OutboundColumn("gender", "F, M or U"),
    OutboundColumn("address_1", "Residence"),
    OutboundColumn("address_2", "Residence, second line"),
    OutboundColumn("city", "Residence city"),
    OutboundColumn("state", "Residence state"),
    OutboundColumn("zip", "Residence ZIP code"),
    OutboundColumn("county", "County of residence on the 834"),
    OutboundColumn("mailing_address_1", "Mailing address, when different"),
    OutboundColumn("mailing_address_2", "Mailing address, second line"),
    OutboundColumn("mailing_city", "Mailing city"),
    OutboundColumn("mailing_state", "Mailing state"),
    OutboundColumn("mailing_zip", "Mailing ZIP code"),
    OutboundColumn("phone", "Phone on the 834"),
    OutboundColumn("phone_alternate", "Phone given by the referrer, when different; where no phone is known, by the provider before"),
    OutboundColumn("email", "E-mail address"),
    OutboundColumn("language", "Spoken language (NISO code)"),
    OutboundColumn("homelessness_indicator", "Y when a referrer says so"),
    OutboundColumn("pof_justice_involved", "Population of focus: transitioning from incarceration", on_term=True),
    *_OTHER_POPULATIONS,
    OutboundColumn("ji_indicator", "Y when the 834 carries the justice-involved indicator"),
    OutboundColumn("ji_indicator_source", "Who says so: 834, NOTICE, REFERRAL, MIF"),
    OutboundColumn("ji_first_seen_date", "When the plan first knew"),
    OutboundColumn("enrollment_status", "HOLD while in custody, ACTIVE when enrolled", on_term=True),
    OutboundColumn("plan_effective_date", "First day enrolled with the plan"),
    OutboundColumn("expected_release_date", "Expected release"),
    OutboundColumn("actual_release_date", "Actual release"),
    OutboundColumn("facility_name", "Facility the person leaves"),
    OutboundColumn("facility_county", "County of the facility"),
    OutboundColumn("pre_release_cm_name", "Care manager before release"),
    OutboundColumn("pre_release_cm_organization", "Organization of that care manager"),
    OutboundColumn("pre_release_cm_npi", "NPI of that care manager"),
    OutboundColumn("pre_release_cm_phone", "Phone of that care manager"),
    OutboundColumn("warm_handoff_due", "Warm hand-off due (when the managers differ)"),
    OutboundColumn("authorization_basis", "PRESUMPTIVE_JI_834, REFERRAL or MIF", on_term=True),
    OutboundColumn("authorization_number", "ECM authorization", on_term=True),
    OutboundColumn("authorization_status", "PENDING_RELEASE, ACTIVE, SUSPENDED, CLOSED, EXPIRED", on_term=True),
    OutboundColumn("authorization_start", "First authorized day", on_term=True),
    OutboundColumn("authorization_end", "Last authorized day", on_term=True),
    OutboundColumn("assignment_date", "Day of the assignment", on_term=True),
    OutboundColumn("assignment_method", "LIAISON, FACILITY_NOTICE, CONTINUITY, PREFERRED, RULE", on_term=True),
    OutboundColumn("first_contact_due", "First contact due (the stricter reading)"),
    OutboundColumn("follow_up_due", "Second appointment due"),
    OutboundColumn("late_add", "Y when the person was already out at the time of assignment: act today"),
    OutboundColumn("prior_ecm_provider_npi", "Provider before you"),
    OutboundColumn("referral_id", "Referral this rests on"),
    OutboundColumn("referring_organization", "Who referred"),
    OutboundColumn("needs_missing", "Needs at the release that nobody has met yet: TRANSPORTATION, COMMUNITY_SUPPORTS, BEHAVIORAL_HEALTH, APPOINTMENTS"),
    OutboundColumn("transportation", "Ride on the day of release"),
    OutboundColumn("community_supports", "Community supports wanted, and their authorizations"),
    OutboundColumn("behavioral_health", "Link to behavioral-health care, and who makes it"),
    OutboundColumn("appointments", "Appointments booked before the release"),
)  # fmt: skip

COLUMN_NAMES = tuple(column.name for column in COLUMNS)
DATE_COLUMNS = tuple(name for name in COLUMN_NAMES if name.endswith(("_date", "_due")) or name in ("dob", "authorization_start", "authorization_end"))  # fmt: skip
