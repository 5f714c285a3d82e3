"""The TA1: whether an interchange arrived whole, by its ISA and IEA."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime

from parsers.x12.acknowledgement.codes import INTERCHANGE_ELEMENTS, STRUCTURAL_NOTES
from parsers.x12.acknowledgement.decision import Decision
from parsers.x12.acknowledgement.places import Places, element_codes, level_codes
from parsers.x12.acknowledgement.writing import Reply, Stamp
from parsers.x12.conformance.deviations import Deviation
from parsers.x12.interchanges import FunctionalGroup, Interchange


def answerable(interchange: Interchange) -> tuple[FunctionalGroup, ...]:
    """Return the groups that a 999 answers: those of 834s."""
    return tuple(group for group in interchange.groups if group.identifier == "BE")


def answers_due(
    interchange: Interchange, deviations: Places, decision: Decision, wanted: Collection[str]
) -> tuple[str, ...]:
    """Return which of the wanted acknowledgements (`TA1`, `999`) are due, in the order in which they go.

    An interchange of acknowledgements gets none, or two partners would acknowledge each other for ever. One whose
    control number came before gets no 999: the numbers in that would be taken for those of the earlier one. And where a
    TA1 says that the interchange itself is wrong, nothing is said of its content.
    """
    if interchange.acknowledges or (
        interchange.groups and all(group.identifier == "FA" for group in interchange.groups)
    ):
        return ()
    due = ["TA1"] if "TA1" in wanted else []
    told = bool(due) and decision.held and bool(_structural(interchange, deviations, decision))
    if "999" in wanted and not decision.repeated and not told and answerable(interchange):
        due.append("999")
    return tuple(due)


def acknowledge_interchange(
    interchange: Interchange, deviations: Places, decision: Decision, stamp: Stamp, *, alone: bool
) -> bytes:
    """Write the TA1 of an interchange.

    `deviations` are those of its file. `alone` tells that no 999 goes with
    it: then an interchange that was held for what is in it is rejected here (024), so that its sender learns of it.
    """
    reply = Reply(interchange, stamp)
    structural = _structural(interchange, deviations, decision)
    if decision.held and (structural or alone):
        verdict, note = "R", structural or "024"
    else:
        note = structural or next(_notes(interchange, deviations), "000")
        verdict = "A" if note == "000" else "E"
    number = interchange.control_number if _is_number(interchange.control_number) else "0" * 9
    sent = interchange.date if _is_time(interchange.date, "%y%m%d") else f"{stamp.on:%y%m%d}"
    at = interchange.time if _is_time(interchange.time, "%H%M") else stamp.time
    return reply.wrap(0, [reply.compose("TA1", number, sent, at, verdict, note)])


def _structural(interchange: Interchange, deviations: Places, decision: Decision) -> str:
    """Return the gravest note on the interchange as a whole; empty when there is none."""
    trailer = interchange.trailer
    outside = _outside_groups(interchange, deviations)
    found = set(level_codes(outside, "ISA"))
    if decision.repeated:
        found.add("025")
    if interchange.disordered:
        found.add("022")
    if trailer is None:
        found.add("023")
    else:
        if trailer.control_number != interchange.control_number:
            found.add("001")
        if not (trailer.count.isdigit() and int(trailer.count[:9]) == len(interchange.groups)):
            found.add("021")
    if level_codes(outside, "SEG") or (interchange.groups and not answerable(interchange)):
        found.add("024")
    return next((note for note in STRUCTURAL_NOTES if note in found), "")


def _notes(interchange: Interchange, deviations: Places) -> Iterator[str]:
    """Give the notes on elements of the ISA."""
    yield from sorted(element_codes(_outside_groups(interchange, deviations), INTERCHANGE_ELEMENTS))
    if not _is_time(interchange.date, "%y%m%d"):
        yield "014"
    if not _is_time(interchange.time, "%H%M"):
        yield "015"
    if interchange.version != "00501":
        yield "017"
    if not _is_number(interchange.control_number):
        yield "018"
    if interchange.acknowledgement_requested not in ("0", "1"):
        yield "019"
    if interchange.usage not in ("P", "T"):
        yield "020"


def _outside_groups(interchange: Interchange, deviations: Places) -> list[Deviation]:
    """Return what is wrong before, between and behind the functional groups."""
    begins = [interchange.first, *(group.last + 1 for group in interchange.groups)]
    ends = [*(group.first - 1 for group in interchange.groups), interchange.last]
    return [found for begin, end in zip(begins, ends, strict=True) for found in deviations.between(begin, end)]


def _is_number(text: str) -> bool:
    return re.fullmatch("[0-9]{9}", text) is not None


def _is_time(text: str, form: str) -> bool:
    """Tell whether this is a date or time that X12 takes: digits, all of them."""
    try:
        return datetime.strptime(text, form).strftime(form) == text  # noqa: DTZ007 - no moment, only its spelling
    except ValueError:
        return False
