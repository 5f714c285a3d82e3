"""A problem as one line: what it is, then what to do, each a sentence."""

from __future__ import annotations

import pytest

from schemas.problems import ExchangeError


@pytest.mark.parametrize("what", ["nobody answers", "nobody answers."])
def test_what_to_do_begins_a_sentence_of_its_own(what: str) -> None:
    told = str(ExchangeError("S12", what, where="VALLEY", remedy="See that it runs."))
    assert told == "[S12] VALLEY: nobody answers. See that it runs."


def test_where_nothing_is_to_be_done_nothing_follows() -> None:
    assert str(ExchangeError("S12", "nobody answers")) == "[S12] nobody answers"
