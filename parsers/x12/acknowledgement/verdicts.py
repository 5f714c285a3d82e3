"""The verdicts of a 999: on a transaction set (IK5) and on a functional group (AK9), with their codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from parsers.x12.acknowledgement.codes import (
    GROUP_CODES,
    GROUP_ELEMENTS,
    IMPLEMENTATION_ERROR,
    SEGMENTS_IN_ERROR,
    SET_CODES,
    SET_ELEMENTS,
)
from parsers.x12.acknowledgement.decision import Decision
from parsers.x12.acknowledgement.places import Places, element_codes, level_codes
from parsers.x12.conformance.deviations import Deviation
from parsers.x12.control import GUIDE
from parsers.x12.interchanges import FunctionalGroup, TransactionSet

KNOWN_SETS = frozenset({"270", "271", "276", "277", "278", "820", "834", "835", "837"})
"""What AK201 may hold."""

_MOST_CODES = 5


class Verdict(NamedTuple):
    """IK501 or AK901, and the codes behind it."""

    code: str
    """`A` accepted, `E` accepted though errors were noted, `P` partly accepted (groups only), `R` rejected"""
    errors: tuple[str, ...]


def number_is_sound(text: str) -> bool:
    """Tell whether GS06 is a number that AK102 can repeat."""
    return re.fullmatch("[0-9]{1,9}", text) is not None


def set_number_is_sound(text: str) -> bool:
    """Tell whether ST02 is a number that AK202 can repeat."""
    return re.fullmatch("[0-9A-Za-z]{4,9}", text) is not None


def judge_set(
    transaction_set: TransactionSet, found: Sequence[Deviation], decision: Decision, *, repeated: bool
) -> Verdict:
    """Judge a transaction set by its envelope, what was `found` in it and what was decided.

    `repeated` tells that its control number stands before in its group. A set without an error of its own in a file
    that is held is rejected by the implementation (I5): X12 has no other word for that.
    """
    result = decision.of(transaction_set.first)
    codes = set(_set_structure(transaction_set)) | set(level_codes(list(found), "ST"))
    codes |= set(element_codes(list(found), SET_ELEMENTS))
    if repeated:
        codes.add("23")
    if result.deviations or any(is_within(each) for each in found):
        codes.add(SEGMENTS_IN_ERROR)
    refused = decision.held or (result.rejected > 0 and result.loaded == 0)
    if result.rejected or (refused and not codes):
        codes.add(IMPLEMENTATION_ERROR)
    errors = tuple(code for code in SET_CODES if code in codes)[:_MOST_CODES]
    return Verdict("R" if refused else "E" if errors else "A", errors)


def judge_group(
    group: FunctionalGroup, deviations: Places, decision: Decision, sets: Sequence[Verdict], *, repeated: bool
) -> Verdict:
    """Judge a functional group by its envelope and the verdicts on its sets."""
    found = [*deviations.between(group.first, group.first), *deviations.between(group.last, group.last)]
    codes = set(_group_structure(group)) | set(level_codes(found, "GS")) | set(element_codes(found, GROUP_ELEMENTS))
    if repeated:
        codes.add("19")
    errors = tuple(code for code in GROUP_CODES if code in codes)[:_MOST_CODES]
    verdicts = {verdict.code for verdict in sets}
    if decision.held or verdicts == {"R"}:
        return Verdict("R", errors)
    if "R" in verdicts:
        return Verdict("P", errors)
    return Verdict("E" if errors or "E" in verdicts else "A", errors)


def is_within(deviation: Deviation) -> bool:
    """Tell whether a deviation speaks of a segment between ST and SE."""
    return deviation.code.startswith(("SEG:", "ELE:")) and deviation.segment_id not in ("ST", "SE")


def _set_structure(transaction_set: TransactionSet) -> Iterable[str]:
    if transaction_set.identifier not in KNOWN_SETS:
        yield "6"
    elif transaction_set.identifier != "834":
        yield "1"
    if not set_number_is_sound(transaction_set.control_number):
        yield "7"
    if transaction_set.convention not in ("", GUIDE):
        yield "I6"
    if transaction_set.trailer is None:
        yield "2"
        return
    if transaction_set.trailer.control_number != transaction_set.control_number:
        yield "3"
    if not _counts(transaction_set.trailer.count, transaction_set.segments):
        yield "4"


def _group_structure(group: FunctionalGroup) -> Iterable[str]:
    if group.version != GUIDE:
        yield "2"
    if not number_is_sound(group.control_number):
        yield "6"
    if group.trailer is None:
        yield "3"
        return
    if group.trailer.control_number != group.control_number:
        yield "4"
    if not _counts(group.trailer.count, len(group.sets)):
        yield "5"


def _counts(announced: str, counted: int) -> bool:
    return re.fullmatch("[0-9]{1,10}", announced) is not None and int(announced) == counted
