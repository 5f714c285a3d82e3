"""Acknowledgements of 834 interchanges: the TA1 for the interchange, the 999 (005010X231A1) for what is in it.

Both are answers by place and code. No value of a member is in them: the guide's places for such values, the copy of the
bad element (IK404) and the business unit identifier (CTX), stay empty.

A TA1 stands directly after the ISA of an interchange of its own, which has no functional group. A 999 answers one
functional group; each stands in a group of its own, addressed to the application that sent the group it answers, and
all of an interchange stand in one interchange addressed to its sender.
"""

from parsers.x12.acknowledgement.decision import Decision, SetResult
from parsers.x12.acknowledgement.implementation import acknowledge_groups
from parsers.x12.acknowledgement.interchange import acknowledge_interchange, answerable, answers_due
from parsers.x12.acknowledgement.places import Places
from parsers.x12.acknowledgement.writing import Stamp

__all__ = [
    "Decision",
    "Places",
    "SetResult",
    "Stamp",
    "acknowledge_groups",
    "acknowledge_interchange",
    "answerable",
    "answers_due",
]
