"""The kinds of records: a closed list, each with what it says and the clock it opens or meets."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

VOID = "VOID"
"""The record that takes an earlier one back; the earlier one then counts for nothing, and both stay."""


class Kind(NamedTuple):
    """One kind of record."""

    kind: str
    rule: str
    meets: str
    """Kind of event in `pipelines/clocks/clock_events.sql`; empty where it meets no clock."""
    says: str


KINDS = {
    kind.kind: kind
    for kind in (
        Kind("FIRST_CONTACT", "R10", "FIRST_CONTACT", "the provider met or reached the person for the first time"),
        Kind("FOLLOW_UP", "R11", "FOLLOW_UP", "the second appointment took place"),
        Kind("WARM_HANDOFF", "R12, R13", "WARM_HANDOFF", "the manager before release handed over to the provider"),
        Kind("CARE_PLAN_RECEIVED", "R14", "CARE_PLAN", "the reentry care plan reached the plan and the provider"),
        Kind("MATERIALS_SENT", "R9", "MATERIALS", "new-member materials went out to the residence"),
        Kind("TRANSPORT_ARRANGED", "R27", "", "a ride on the day of release is arranged"),
        Kind("SUPPORTS_AUTHORIZED", "R28", "", "the community supports that are wanted are authorized"),
        Kind("APPOINTMENT_BOOKED", "R29", "", "an appointment after the release is booked"),
        Kind("BEHAVIORAL_HEALTH_LINKED", "R30", "", "the person is linked to behavioral-health care"),
        Kind("REPORT_SETTLED", "R17", "", "what files of providers up to that day report of the person was looked at"),
        Kind("AFTER_HOURS_CONTACT", "R26", "", "somebody reached for the liaison about the person after hours"),
        Kind("AFTER_HOURS_ANSWERED", "R26", "AFTER_HOURS_ANSWERED", "the contacts after hours so far were answered"),
    )
}


def kinds_table() -> pd.DataFrame:
    """The list as a table: kind, rule, meets, says."""
    return pd.DataFrame(list(KINDS.values()), columns=list(Kind._fields))
