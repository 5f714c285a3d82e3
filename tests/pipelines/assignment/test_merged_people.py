"""Two CINs turn out to be one person, or are not after all: one provider each, and everyone's own comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from pipelines.assignment import decide

Person = Callable[[int], str]
Flagged = Callable[..., None]
FIRST = date(2026, 10, 20)
SECOND, THIRD, FOURTH, FIFTH = (FIRST + timedelta(days=days) for days in range(1, 5))


@pytest.fixture
def two(nights: Any, exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any) -> tuple[str, str]:
    """Two members: the first assigned to the first provider, the second a night later to the second one."""
    one, other = person(1), person(2)
    nights.begin(flagged, [one, other])
    exchange.providers(a_provider(1), a_provider(2, active=False))
    nights.run(FIRST, expired=[other])
    exchange.providers(a_provider(1, capacity=1), a_provider(2))
    nights.run(SECOND)
    assert {cin: [row["npi"] for row in rows] for cin, rows in nights.open().items()} == {
        one: [npi_of(1)],
        other: [npi_of(2)],
    }
    return one, other


def ends(nights: Any) -> list[tuple[str, str, str]]:
    return [(row["cin"], row["npi"], row["reason"]) for row in nights.decisions() if row["action"] == "END"]


@pytest.mark.parametrize("alias_is", ["the first", "the second"])
def test_of_two_open_assignments_the_earlier_made_one_stays_whichever_cin_counts(
    nights: Any, two: tuple[str, str], npi_of: Any, exchange: Any, alias_is: str
) -> None:
    cin, alias = two if alias_is == "the second" else two[::-1]
    assert nights.run(THIRD, aliases={alias: cin}) == {}
    (kept,) = nights.open()[cin]
    assert (kept["npi"], kept["assigned_on"]) == (npi_of(1), FIRST)
    assert ends(nights) == [(two[1], npi_of(2), "CORRECTION")], "told under the CIN it was made for"
    assert {row["cin"] for row in exchange.all("exchange.ecm_assignments")} == {cin}
    assert nights.run(FOURTH, aliases={alias: cin}) == {}


@pytest.mark.parametrize("alias_is", ["the first", "the second"])
def test_undone_each_has_the_own_provider_again(nights: Any, two: tuple[str, str], npi_of: Any, alias_is: str) -> None:
    cin, alias = two if alias_is == "the second" else two[::-1]
    for undone in (FOURTH, FIFTH + timedelta(days=1)):
        nights.run(undone - timedelta(days=1), aliases={alias: cin})
        assert nights.run(undone) == {"CONTINUITY": 1}
        found = {one: [(row["npi"], row["prior_npi"]) for row in rows] for one, rows in nights.open().items()}
        assert found == {two[0]: [(npi_of(1), None)], two[1]: [(npi_of(2), None)]}
    made = [row["assignment_id"] for row in nights.decisions() if row["action"] == "ASSIGN"]
    assert len(made) == len(set(made)) == 4, "each of them an assignment of its own"


def test_an_assignment_made_while_two_were_one_belongs_to_the_cin_it_was_made_for(
    nights: Any, two: tuple[str, str], exchange: Any, npi_of: Any, a_provider: Any
) -> None:
    one, other = two
    exchange.providers(a_provider(1, active=False), a_provider(2, active=False), a_provider(3))
    assert nights.run(THIRD, aliases={one: other}) == {"RULE": 1}
    (made,) = nights.open()[other]
    assert (made["npi"], made["prior_npi"]) == (npi_of(3), npi_of(2))
    assert sorted(reason for _, _, reason in ends(nights)) == ["PROVIDER_CHANGE", "PROVIDER_CHANGE"]
    exchange.providers(a_provider(1), a_provider(3))
    assert nights.run(FOURTH) == {"CONTINUITY": 1}
    assert {cin: [row["npi"] for row in rows] for cin, rows in nights.open().items()} == {
        one: [npi_of(1)],
        other: [npi_of(3)],
    }


def test_the_later_one_stays_where_the_provider_of_the_earlier_can_no_longer_serve(
    nights: Any, two: tuple[str, str], exchange: Any, a_provider: Any, npi_of: Any
) -> None:
    one, other = two
    exchange.providers(a_provider(1, active=False), a_provider(2))
    assert nights.run(THIRD, aliases={other: one}) == {}
    assert [row["npi"] for row in nights.open()[one]] == [npi_of(2)]
    assert ends(nights) == [(one, npi_of(1), "PROVIDER_CHANGE")]


def test_the_liaisons_decision_says_which_of_two_stays(
    nights: Any, two: tuple[str, str], exchange: Any, npi_of: Any
) -> None:
    one, other = two
    exchange.decision(other, npi_of(2), SECOND)
    assert nights.run(THIRD, aliases={other: one}) == {}
    assert [row["npi"] for row in nights.open()[one]] == [npi_of(2)]
    assert ends(nights) == [(one, npi_of(1), "CORRECTION")]


def test_a_decision_for_a_cin_that_no_longer_counts_is_followed_for_the_person(
    nights: Any, two: tuple[str, str], exchange: Any, npi_of: Any, a_provider: Any
) -> None:
    one, other = two
    exchange.providers(a_provider(1), a_provider(2), a_provider(3))
    exchange.decision(other, npi_of(3), THIRD)
    assert nights.run(THIRD, aliases={other: one}) == {"LIAISON": 1}
    assert [(row["npi"], row["prior_npi"]) for row in nights.open()[one]] == [(npi_of(3), npi_of(1))]


def test_one_assignment_of_two_merged_cins_moves_to_the_cin_that_counts_and_nothing_is_decided(
    nights: Any, exchange: Any, person: Person, flagged: Flagged, a_provider: Any
) -> None:
    nights.begin(flagged, [person(1), person(2)])
    exchange.providers(a_provider(1))
    nights.run(FIRST, expired=[person(2)])
    before = nights.decisions()
    assert nights.run(SECOND, aliases={person(1): person(2)}) == {}
    assert nights.decisions() == before
    assert list(nights.open()) == [person(2)]
    assert exchange.all("exchange.unassigned") == []


def test_what_the_liaison_says_of_either_cin_is_said_of_the_person(
    nights: Any, two: tuple[str, str], exchange: Any, npi_of: Any, a_provider: Any
) -> None:
    one, other = two
    exchange.providers(*(a_provider(number) for number in range(1, 5)))
    told = partial(decide, exchange.warehouse, exchange.roster, reason="known", decided_by="liaison")
    told(one, npi_of(3), on=THIRD)
    nights.run(THIRD, aliases={other: one})
    told(other, npi_of(3), on=FOURTH)
    assert len(exchange.all("facts.liaison_decisions")) == 1
    told(other, npi_of(4), on=FOURTH)
    told(one, npi_of(3), on=FOURTH)
    assert len(exchange.all("facts.liaison_decisions")) == 3, "the one for the other CIN stood between"
    assert nights.run(FOURTH, aliases={other: one}) == {}
