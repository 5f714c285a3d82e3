"""Code lists and identifier patterns of the field that more than one table uses."""

from __future__ import annotations

CIN_PATTERN = r"^9\d{7}[A-Z]$"
"""Client index number: the Medi-Cal identifier, nine characters."""

ZIP_PATTERN = r"^\d{5}(-?\d{4})?$"

REFERRAL_SOURCES = (
    "SELF", "FAMILY", "PROVIDER", "ECM_PROVIDER", "CBO", "PROBATION_PAROLE", "PRISON", "JAIL", "YOUTH_FACILITY",
    "COUNTY_BH", "PARTNER", "MCP_DATA",
)  # fmt: skip
RECORD_ACTIONS = ("ADD", "CHANGE", "TERM", "VOID")
FACILITY_TYPES = ("PRISON", "JAIL", "YCF")
INCARCERATION_STATUSES = ("IN_CUSTODY", "RELEASED", "UNKNOWN")

NEEDS = ("TRANSPORTATION", "COMMUNITY_SUPPORTS", "BEHAVIORAL_HEALTH", "APPOINTMENTS")
"""What somebody may need on the day of release (rules R27 to R30)."""

COMMUNITY_SUPPORTS = {
    "HOUSING_TRANSITION_NAVIGATION": "housing navigation",
    "HOUSING_DEPOSITS": "housing deposits",
    "HOUSING_TENANCY": "housing tenancy services",
    "TRANSITIONAL_RENT": "transitional rent",
    "POST_HOSPITAL_HOUSING": "post-hospitalization housing",
    "RECUPERATIVE_CARE": "recuperative care",
    "RESPITE": "caregiver respite",
    "DAY_HABILITATION": "day habilitation",
    "ASSISTED_LIVING_TRANSITION": "assisted living transition",
    "HOME_TRANSITION": "home transition",
    "PERSONAL_CARE": "personal care",
    "HOME_MODIFICATIONS": "home modifications",
    "MEALS": "medically tailored meals",
    "SOBERING_CENTERS": "another support (ask the plan)",
    "ASTHMA_REMEDIATION": "asthma remediation",
}
"""DHCS's community supports, each as people are told of it. The name of one would tell of substance use (42 CFR
part 2): it is not said."""

POPULATIONS_OF_FOCUS = (
    "pof_homelessness",
    "pof_avoidable_hospital_ed",
    "pof_smi_sud",
    "pof_justice_involved",
    "pof_at_risk_ltc",
    "pof_nf_to_community",
    "pof_ccs",
    "pof_child_welfare",
    "pof_birth_equity",
)
"""The nine populations of focus, in DHCS's order; the fourth is people leaving incarceration."""

COUNTIES = (
    "Alameda", "Alpine", "Amador", "Butte", "Calaveras", "Colusa", "Contra Costa", "Del Norte", "El Dorado", "Fresno",
    "Glenn", "Humboldt", "Imperial", "Inyo", "Kern", "Kings", "Lake", "Lassen", "Los Angeles", "Madera", "Marin",
    "Mariposa", "Mendocino", "Merced", "Modoc", "Mono", "Monterey", "Napa", "Nevada", "Orange", "Placer", "Plumas",
    "Riverside", "Sacramento", "San Benito", "San Bernardino", "San Diego", "San Francisco", "San Joaquin",
    "San Luis Obispo", "San Mateo", "Santa Barbara", "Santa Clara", "Santa Cruz", "Shasta", "Sierra", "Siskiyou",
    "Solano", "Sonoma", "Stanislaus", "Sutter", "Tehama", "Trinity", "Tulare", "Tuolumne", "Ventura", "Yolo", "Yuba",
)  # fmt: skip
"""California's counties in the order of the state's two-digit code, `01` Alameda to `58` Yuba."""

COUNTY_CODES = {f"{number:02d}": name for number, name in enumerate(COUNTIES, start=1)}


def npi_is_valid(npi: str) -> bool:
    """Tell whether ten digits carry the Luhn check digit over `80840` + NPI."""
    if len(npi) != 10 or not npi.isascii() or not npi.isdigit():
        return False
    total = 24  # what the prefix 80840 adds to the sum
    for place, digit in enumerate(reversed(npi)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
