"""Whatever came in and whatever was decided, pyx12 has nothing against the acknowledgement."""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from parsers.x12.acknowledgement import (
    Decision,
    Places,
    SetResult,
    Stamp,
    acknowledge_groups,
    acknowledge_interchange,
    answerable,
    answers_due,
)
from parsers.x12.delimiters import Delimiters
from parsers.x12.guide import segment_ids
from parsers.x12.interchanges import FunctionalGroup, Interchange, Trailer, TransactionSet
from tests.parsers.x12.authority_999 import errors_in

DAY = date(2026, 10, 28)
MARKS = "*:^~|>!\n\x1c\x1d\x1eU_-+\r"
WORDS = st.one_of(
    st.sampled_from(["", "0", "1", "0001", "834", "837", "BE", "FA", "005010X220A1", "000000001", "CADHCS_5010_834"]),
    st.text(max_size=17),
    st.text("*:~^|A1 ", max_size=12),
)
CODES = st.one_of(
    st.sampled_from(["SEG:1", "SEG:2", "SEG:3", "SEG:4", "SEG:5", "SEG:8", "SEG:SEG1", "SEG:I6"]),
    st.builds("ELE:{}".format, st.integers(1, 13)),
    st.sampled_from(["ELE:I10", "ST:3", "ST:4", "ST:99", "GS:5", "ISA:021", "FILE:REJECTED"]),
)
DEVIATIONS = st.lists(
    st.tuples(
        st.integers(-1, 60),
        st.sampled_from(["", "ISA", "GS", "ST", "SE", "GE", "IEA", *sorted(segment_ids())[:12], "QUILLWORT"]),
        st.sampled_from(["", "2000", "2100A", "2310", "LS_LOOP", "HEADER", "QUILLWORT"]),
        st.sampled_from(["", "00", "01", "02", "05-02", "17", "99", "QUILLWORT"]),
        CODES,
    ),
    max_size=25,
).map(lambda rows: pd.DataFrame(rows, columns=["segment_no", "segment_id", "loop", "element", "code"]))
TRAILERS = st.none() | st.builds(Trailer, WORDS, WORDS)
RESULTS = st.builds(SetResult, st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))


@st.composite
def interchanges(draw: st.DrawFn) -> Interchange:
    at, groups = 1, []
    for _ in range(draw(st.integers(0, 3))):
        first, sets = at + 1, []
        at += 1
        for _ in range(draw(st.integers(0, 3))):
            length = draw(st.integers(1, 9))
            sets.append(TransactionSet(at + 1, at + length, draw(WORDS), draw(WORDS), draw(WORDS), draw(TRAILERS)))
            at += length
        at += 1
        identifier = draw(st.sampled_from(["BE", "BE", "BE", "FA", "HC", ""]))
        named = {name: draw(WORDS) for name in ("sender", "receiver", "control_number", "version")}
        groups.append(FunctionalGroup(first, at, identifier, sets=tuple(sets), trailer=draw(TRAILERS), **named))
    fields = (
        "sender_qualifier", "sender_id", "receiver_qualifier", "receiver_id", "date", "time", "version",
        "control_number", "acknowledgement_requested", "usage",
    )  # fmt: skip
    return Interchange(
        first=1,
        last=at + 1,
        delimiters=Delimiters(*draw(st.permutations(MARKS))[:4]),
        groups=tuple(groups),
        trailer=draw(TRAILERS),
        acknowledges=draw(st.booleans()),
        disordered=draw(st.booleans()),
        **{name: draw(WORDS) for name in fields},
    )


@settings(max_examples=40, deadline=None, phases=[Phase.generate])  # shrinking would ask pyx12 for minutes
@given(
    interchange=interchanges(),
    deviations=DEVIATIONS,
    decision=st.builds(Decision, st.booleans(), st.booleans(), st.dictionaries(st.integers(3, 20), RESULTS)),
)
def test_any_interchange_gets_answers_that_conform(
    interchange: Interchange, deviations: pd.DataFrame, decision: Decision
) -> None:
    places = Places(deviations)
    for alone in (True, False):
        ta1 = acknowledge_interchange(interchange, places, decision, Stamp(DAY, "0345", 1), alone=alone)
        assert errors_in(ta1) == []
    answers = [ta1]
    if answerable(interchange):
        answers.append(acknowledge_groups(interchange, places, decision, Stamp(DAY, "0345", 2, 3)))
        assert errors_in(answers[1]) == []
    assert not any(b"QUILLWORT" in answer for answer in answers)
    due = answers_due(interchange, places, decision, ("TA1", "999"))
    assert set(due) <= {"TA1", "999"}
    if "999" in due:
        assert not decision.repeated
