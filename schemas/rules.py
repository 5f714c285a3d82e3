"""The rules of justice-involved (JI) Enhanced Care Management that this software computes, by their ids.

What decides cites these ids on its rows; `docs/rules.md` tells where each is configured, computed and proved. Not to be
confused with the codes of findings, which have two digits (`schemas.findings`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One rule: what it says in a sentence, and the public texts it rests on."""

    id: str
    says: str
    source: str


# fmt: off
RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule("R1", "The JI indicator on the 834 means deemed eligible for services before release.", "DHCS TA Q2, Q15"),
        Rule("R2", "Whoever is deemed eligible is authorized for ECM presumptively, also back in time, services received or not.", "DHCS TA Q15"),
        Rule("R3", "Someone recently incarcerated whom the 834 does not flag may be authorized through a referral.", "DHCS TA Q15, KHS B.3"),
        Rule("R4", "The first presumptive authorization lasts 12 months.", "DHCS TA Q16"),
        Rule("R5", "It starts at the release where that is known, else when enrolment takes effect, never before enrolment is active.", "MOC 2.5, KHS D.1, DHCS TA Q18"),
        Rule("R6", "Authorization start, effect of the enrolment and first ECM service are three dates.", "DHCS TA Q18"),
        Rule("R8", "Inside, a member stands on the 834 in hold; hold to active is the release where no date was sent.", "DHCS TA Q13"),
        Rule("R9", "New-member materials go out within 7 days of the hold's end, never into custody.", "DHCS TA Q13"),
        Rule("R10", "The first ECM contact is within 1 to 2 business days of the release or of hearing of it.", "CalViva, KHS, MOC"),
        Rule("R11", "The second appointment is within a week of the release.", "CalViva, KHS D.3, MOC"),
        Rule("R12", "Where the managers before and after release differ, the warm hand-off is before release if possible.", "DHCS 2022"),
        Rule("R13", "Else the warm hand-off is within a week after release.", "CalViva, KHS C.3.b, MOC"),
        Rule("R14", "Without a hand-off before release the reentry care plan arrives within 1 business day of it.", "CalViva, KHS, MOC"),
        Rule("R16", "The provider is assigned as early as 90 days before release.", "DHCS TA Q11"),
        Rule("R17", "The plan's JI liaison assigns; else the facility tells the plan.", "DHCS TA Q4"),
        Rule("R18", "The provider that served before release, or took part in the hand-off, goes on.", "KHS B.4, MOC 2.4"),
        Rule("R19", "The plans of a county share an overlapping network of JI providers.", "KHS A.5, MOC 1.5"),
        Rule("R20", "Every county of operation has at least one JI provider.", "DHCS TA"),
        Rule("R21", "A referral from another county is never refused for it.", "MOC fn 16"),
        Rule("R22", "The member's county is that of the residence on the 834, not the facility's.", "KHS B.1"),
        Rule("R23", "Providers learn of their members over sFTP every day; a release too fast for that is a late add.", "CalViva"),
        Rule("R24", "Services before the release are billed to DHCS fee-for-service, from the release on to the plan.", "CalViva"),
        Rule("R26", "A contact after hours is answered within 1 business day.", "KHS C.2"),
        Rule("R27", "On the day of release a ride is arranged, once enrolment is in effect.", "DHCS TA Q14, KHS C.5"),
        Rule("R28", "Community supports that the plan has elected are authorized by the day of release.", "KHS C.4, MOC 3.4"),
        Rule("R29", "Appointments after the release are booked before it.", "DHCS TA Q12"),
        Rule("R30", "The ECM provider links to behavioral-health care that is not specialty care, county professionals to all other.", "DHCS TA Q19-21"),
        Rule("R31", "Facilities tell release dates electronically; that may be late or missing.", "DHCS TA Q6"),
        Rule("R33", "Referrals are accepted from anyone: the person, family, community, probation, facilities, providers.", "KHS B.3, MOC 2.3"),
        Rule("R34", "The directory tells JI providers, their scope and enrolment; changes are published within 30 days.", "KHS A.6-7, MOC 1.6-7"),
        Rule("R35", "JI members and the JI provider network are reported to the state as JSON by the 10th of the month after.", "KHS A.8, DHCS TA Q7"),
        Rule("R37", "Providers get only the fields they need.", "DHCS TA Q3, Q5"),
    )
}
# fmt: on

_CITED = re.compile(r"\bR[1-9]\d?\b")


def cited(texts: Iterable[str]) -> list[Rule]:
    """List the rules whose ids stand in `texts`, each once, by number."""
    ids = {found for text in texts for found in _CITED.findall(text)}
    return [rule for rule in RULES.values() if rule.id in ids]
