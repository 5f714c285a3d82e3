"""What people read for the columns and codes of the assignment file: headings, formats, and what each code says."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.assignment import DATE_COLUMNS

_CAPITALS = ("cin", "npi", "zip", "ji", "id")
_OTHER_HEADINGS = {
    "mcp_id": "Plan ID",
    "mcp_name": "Plan",
    "dob": "Birth date",
    "ecm_provider_npi": "Provider NPI",
    "ecm_provider_name": "Provider",
    "email": "E-mail",
    "actual_release_date": "Released on",
    "expected_release_date": "Expected release",
    "facility_name": "Facility",
    "needs_missing": "Still missing",
    "phone_alternate": "Other phone",
    "pof_justice_involved": "Leaving incarceration",
    "pof_homelessness": "Also: homelessness",
    "pof_avoidable_hospital_ed": "Also: avoidable hospital or ED use",
    "pof_smi_sud": "Also: mental health or substance use",
    "pof_at_risk_ltc": "Also: at risk of long-term care",
    "pof_nf_to_community": "Also: nursing facility to community",
    "pof_ccs": "Also: California Children's Services",
    "pof_child_welfare": "Also: child welfare",
    "pof_birth_equity": "Also: birth equity",
    "follow_up_due": "Follow-up due",
    "warm_handoff_due": "Warm hand-off due",
    "prior_ecm_provider_npi": "NPI of provider before",
    "pre_release_cm_name": "Care manager before release",
    "pre_release_cm_organization": "Organization of that manager",
    "pre_release_cm_npi": "NPI of that manager",
    "pre_release_cm_phone": "Phone of that manager",
    "referring_organization": "Who referred",
}

_YES_NO = {"Y": "yes", "N": "no"}

CODES: Mapping[str, Mapping[str, str]] = {
    "record_action": {
        "ADD": "new to you",
        "CHANGE": "something about a member of yours changed",
        "TERM": "the assignment ended",
        "VOID": "the assignment was never right",
    },
    "change_reason": {
        "NEW_JI_834": "the state's enrollment file says that the person is justice-involved",
        "NEW_REFERRAL": "somebody referred the person",
        "NEW_MIF": "another plan passed the person on",
        "PROVIDER_CHANGE": "the person comes from another provider or goes to one",
        "RELEASED": "the person was released",
        "ELIG_LOST": "eligibility was lost, or the person is in custody again",
        "HOLD_REMOVED": "the person is eligible again",
        "DEMOGRAPHIC": "name, address, phone, needs or the like changed",
        "CORRECTION": "the plan corrected what it told before",
    },
    "gender": {"F": "female", "M": "male", "U": "unknown"},
    "homelessness_indicator": _YES_NO,
    "ji_indicator": _YES_NO,
    "late_add": {"Y": "was out already when assigned: act today", "N": "no"},
    "ji_indicator_source": {
        "834": "the state's enrollment file",
        "NOTICE": "a facility's release notice",
        "REFERRAL": "a referral",
        "MIF": "another plan's member file",
    },
    "enrollment_status": {"HOLD": "on hold while in custody", "ACTIVE": "enrolled, services can be given"},
    "authorization_basis": {
        "PRESUMPTIVE_JI_834": "presumed, from the state's enrollment file",
        "REFERRAL": "on a referral",
        "MIF": "on another plan's member file",
    },
    "authorization_status": {
        "PENDING_RELEASE": "begins with the release",
        "ACTIVE": "ECM can be given",
        "SUSPENDED": "rests while the person is in custody again",
        "CLOSED": "over",
        "EXPIRED": "over: its last day has passed",
    },
    "assignment_method": {
        "LIAISON": "the plan's JI liaison decided",
        "FACILITY_NOTICE": "the facility named you",
        "CONTINUITY": "you served the person before",
        "PREFERRED": "the referrer asked for you",
        "RULE": "you fit best by county, age, language and free places",
    },
}
"""Code lists of columns: code -> what it says. Of columns that are not here every value speaks for itself."""


def heading_of(column: str) -> str:
    """Give the heading under which people find a column in a workbook."""
    if column in _OTHER_HEADINGS:
        return _OTHER_HEADINGS[column]
    first, *others = [word.upper() if word in _CAPITALS else word for word in column.split("_")]
    return " ".join([first[:1].upper() + first[1:], *others])


def codes_of(column: str) -> Mapping[str, str]:
    """Give the codes of a column; populations of focus are all told alike."""
    return _YES_NO if column.startswith("pof_") else CODES.get(column, {})


def format_of(column: str) -> str:
    """Say how a column is written, in the workbook and in the CSV file."""
    if column in DATE_COLUMNS:
        return "date (CSV: YYYY-MM-DD)"
    if column.endswith("_npi"):
        return "text, 10 digits"
    if column == "cin":
        return "text, 9 characters: 9, seven digits, a letter"
    if "phone" in column:
        return "text, (559) 555-0123"
    return "code" if codes_of(column) else "text"
