"""The 999 (005010X231A1): what became of each functional group and transaction set, and where which error stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from parsers.x12.acknowledgement.codes import (
    CONDITIONAL,
    ELEMENT_CODES,
    IN_ELEMENTS,
    SEGMENT_CODES,
    UNLISTED_ELEMENT,
    UNLISTED_SEGMENT,
    segment_id,
)
from parsers.x12.acknowledgement.decision import Decision
from parsers.x12.acknowledgement.interchange import answerable
from parsers.x12.acknowledgement.places import Places
from parsers.x12.acknowledgement.verdicts import (
    KNOWN_SETS,
    Verdict,
    is_within,
    judge_group,
    judge_set,
    number_is_sound,
    set_number_is_sound,
)
from parsers.x12.acknowledgement.writing import GUIDE, Reply, Stamp
from parsers.x12.conformance.deviations import Deviation
from parsers.x12.control import GUIDE as ENROLLMENT_GUIDE
from parsers.x12.guide import element_numbers
from parsers.x12.interchanges import FunctionalGroup, Interchange, TransactionSet

MOST_SEGMENTS = 1_000
"""Segments of a set whose errors are listed: a sender that errs more often errs in one way. The verdict counts all."""

_SET_NUMBER = "0001"
"""ST02: each group holds one 999."""


def acknowledge_groups(interchange: Interchange, deviations: Places, decision: Decision, stamp: Stamp) -> bytes:
    """Write the 999s of an interchange, one for each of its groups of 834s, in one interchange.

    `deviations` are those of its file; what stands outside of transaction sets is for the TA1 or the group's verdict.
    The control numbers of the groups (GS06) are `stamp.first_group_number` and those after it.
    """
    reply = Reply(interchange, stamp)
    groups, seen = answerable(interchange), set[str]()
    segments: list[str] = []
    for number, group in enumerate(groups, start=stamp.first_group_number):
        repeated = group.control_number in seen
        seen.add(group.control_number)
        content = [
            reply.compose("ST", "999", _SET_NUMBER, GUIDE),
            *_answer(reply, group, deviations, decision, repeated=repeated),
        ]
        segments += [
            reply.compose(
                "GS", "FA", reply.clean(group.receiver, 15, shortest=2, otherwise="ZZ"),
                reply.clean(group.sender, 15, shortest=2, otherwise="ZZ"),
                f"{stamp.on:%Y%m%d}", stamp.time, str(number), "X", GUIDE,
            ),
            *content,
            reply.compose("SE", str(len(content) + 1), _SET_NUMBER),
            reply.compose("GE", "1", str(number)),
        ]  # fmt: skip
    return reply.wrap(len(groups), segments)


def _answer(
    reply: Reply, group: FunctionalGroup, deviations: Places, decision: Decision, *, repeated: bool
) -> Iterator[str]:
    """Write AK1 to AK9."""
    number = group.control_number if number_is_sound(group.control_number) else "0"
    yield reply.compose("AK1", "BE", number, _version(group.version) or ENROLLMENT_GUIDE)
    verdicts: list[Verdict] = []
    seen: set[str] = set()
    for each in group.sets:
        found = deviations.between(each.first, each.last)
        verdict = judge_set(each, found, decision, repeated=each.control_number in seen)
        seen.add(each.control_number)
        verdicts.append(verdict)
        yield reply.compose(
            "AK2",
            each.identifier if each.identifier in KNOWN_SETS else "834",
            each.control_number if set_number_is_sound(each.control_number) else "0000",
            _version(each.convention),
        )
        yield from _segments(reply, each, [one for one in found if is_within(one)])
        yield reply.compose("IK5", verdict.code, *verdict.errors)
    verdict = judge_group(group, deviations, decision, verdicts, repeated=repeated)
    received = len(group.sets)
    announced = group.trailer.count if group.trailer else ""
    included = str(int(announced)) if re.fullmatch("[0-9]{1,6}", announced) else str(received)
    accepted = sum(each.code != "R" for each in verdicts)
    yield reply.compose("AK9", verdict.code, included, str(received), str(accepted), *verdict.errors)


def _version(text: str) -> str:
    """Repeat GS08 or ST03 if it has the form of one; nothing else that may stand there is repeated."""
    return text if re.fullmatch("[0-9]{6}[0-9A-Z]{0,6}", text) else ""


def _segments(reply: Reply, within: TransactionSet, found: Sequence[Deviation]) -> Iterator[str]:
    """Write what is wrong with the segments of a set: an IK3 for each error of one, IK4s for those of its elements."""
    by_segment = groupby(found, key=lambda each: (each.segment_no, each.segment_id))
    for (number, name), errors in islice(by_segment, MOST_SEGMENTS):
        told = list(errors)
        loop = next((each.loop[:4] for each in told if re.match("[0-9]{4}", each.loop)), "")
        place = [segment_id(name), str(number - within.first + 1), loop]
        codes = {SEGMENT_CODES.get(each.code[4:], UNLISTED_SEGMENT) for each in told if each.code.startswith("SEG:")}
        in_elements = [each for each in told if each.code.startswith("ELE:")]
        if in_elements:
            codes.add(IN_ELEMENTS)
        for code in sorted(codes, key=lambda code: (code == IN_ELEMENTS, code)):
            yield reply.compose("IK3", *place, code)
        yield from _elements(reply, name, place, in_elements)


def _elements(reply: Reply, name: str, place: Sequence[str], found: Sequence[Deviation]) -> Iterator[str]:
    """Write the IK4s of a segment; what an element depends on stands in the segment itself, as its CTX says."""
    for element, code in sorted({(each.element, ELEMENT_CODES.get(each.code[4:], UNLISTED_ELEMENT)) for each in found}):
        position, component = (int(part) if part.isdigit() else 0 for part in (element[:2], element[3:]))
        if not position:
            continue
        where = reply.component(str(position), str(component or ""))
        yield reply.compose("IK4", where, element_numbers().get((name, position, component), ""), code)
        if code == CONDITIONAL:
            yield reply.compose("CTX", "SITUATIONAL TRIGGER", *place)
