"""Several CINs of one person are resolved to the one that counts; every merge can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from pipelines.enrollment import apply_enrollment
from pipelines.identity import resolve_aliases
from pipelines.identity.decisions import IdentityRefused
from pipelines.identity.merges import merge, unmerge

Person = Callable[[int], str]
Match = Callable[..., dict[str, dict[str, Any]]]
ON = date(2026, 10, 3)
SAID = {"last_name": "Quillonbrax", "first_name": "Ardith", "dob": "1984-03-12"}
KNOWN = {"last_name": "Quillonbrax", "first_name": "Ardith", "birth_date": "1984-03-12"}


def by(on: date = ON) -> dict[str, Any]:
    return {"on": on, "reason": "two cards", "decided_by": "liaison"}


def aliases(exchange: Any, on: date = ON) -> dict[str, str]:
    resolve_aliases(exchange.warehouse, exchange.config, on)
    return {row["alias"]: row["cin"] for row in exchange.all("exchange.cin_aliases")}


def outcomes(exchange: Any) -> list[tuple[str, str, str]]:
    aliases(exchange)
    rows = exchange.all("exchange.prior_identifiers", order="alias, cin")
    return [(row["alias"], row["cin"], row["outcome"]) for row in rows]


@pytest.fixture
def members(exchange: Any, person: Person) -> Any:
    """Four members."""
    for number in range(1, 5):
        exchange.seen("2026-10-01", person(number))
    apply_enrollment(exchange.warehouse, exchange.config)
    return exchange


def test_a_chain_leads_to_its_end_in_whatever_order_it_was_merged(members: Any, person: Person) -> None:
    for order in permutations([(1, 2), (2, 3), (3, 4)]):
        members.warehouse.run("DELETE FROM facts.cin_merges")
        for old, new in order:
            merge(members.warehouse, person(old), person(new), **by())
        assert aliases(members) == {person(number): person(4) for number in (1, 2, 3)}


def test_since_is_the_day_the_last_link_was_made(members: Any, person: Person) -> None:
    merge(members.warehouse, person(1), person(2), **by(date(2026, 10, 1)))
    merge(members.warehouse, person(2), person(3), **by(date(2026, 10, 3)))
    aliases(members)
    rows = members.all("exchange.cin_aliases", order="alias")
    assert [(row["since"], row["source"]) for row in rows] == [(date(2026, 10, 3), "LIAISON")] * 2


def test_an_undone_merge_leaves_the_rest_of_the_chain(members: Any, person: Person) -> None:
    merge(members.warehouse, person(1), person(2), **by())
    merge(members.warehouse, person(2), person(3), **by())
    unmerge(members.warehouse, person(2), **by())
    assert aliases(members) == {person(1): person(2)}
    merge(members.warehouse, person(2), person(4), **by())
    assert aliases(members) == {person(1): person(4), person(2): person(4)}


def test_a_merge_of_a_later_night_does_not_count_yet(members: Any, person: Person) -> None:
    merge(members.warehouse, person(1), person(2), **by())
    assert aliases(members, date(2026, 10, 2)) == {}


def test_itself_a_stranger_or_a_circle_is_refused(members: Any, person: Person) -> None:
    merge(members.warehouse, person(1), person(2), **by())
    merge(members.warehouse, person(2), person(3), **by())
    for old, new, code in ((1, 1, "I03"), (1, 9, "I02"), (9, 1, "I04"), (3, 1, "I05"), (2, 1, "I05")):
        with pytest.raises(IdentityRefused, match=code):
            merge(members.warehouse, person(old), person(new), **by())
    assert len(members.all("facts.cin_merges")) == 2


def test_what_was_never_merged_cannot_be_undone(members: Any, person: Person) -> None:
    with pytest.raises(IdentityRefused, match="I06"):
        unmerge(members.warehouse, person(1), **by())


def test_the_same_word_again_is_no_news(members: Any, person: Person) -> None:
    for _ in range(2):
        merge(members.warehouse, person(1), person(2), **by())
    for _ in range(2):
        unmerge(members.warehouse, person(1), **by())
    assert [row["action"] for row in members.all("facts.cin_merges", order="sequence")] == ["MERGE", "UNDO"]
    assert [row["event"] for row in members.all("ledger.audit", order="entry")] == ["CIN_MERGE", "CIN_UNDO"]
    assert {row["detail"] for row in members.all("ledger.audit")} == {""}


def test_a_statement_under_an_old_cin_is_matched_by_the_old_cin_s_member(
    members: Any, person: Person, match: Match
) -> None:
    members.seen("2026-10-01", person(1), **KNOWN, sequence=2)
    members.referred("2026-10-02", person(1), **SAID, referral_id="R1")
    merge(members.warehouse, person(1), person(2), **by())
    assert (match(members)["R1"]["method"], match(members)["R1"]["cin"]) == ("CIN", person(1))


def test_an_old_cin_that_no_834_has_is_matched_by_the_member_it_was_merged_into(
    members: Any, person: Person, match: Match
) -> None:
    members.seen("2026-10-01", person(2), **KNOWN, sequence=2)
    members.referred("2026-10-02", person(9), **SAID, referral_id="R1")
    assert match(members)["R1"]["reason"] == "UNKNOWN_CIN_OF_A_NAMESAKE"
    merge(members.warehouse, person(9), person(2), **by())
    assert (match(members)["R1"]["method"], match(members)["R1"]["cin"]) == ("CIN", person(2))


def test_an_old_cin_too_needs_the_name_or_the_birth_date(members: Any, person: Person, match: Match) -> None:
    members.referred("2026-10-02", person(9), last_name="Zwick", first_name="Benno", dob="1960-01-01", referral_id="R1")
    merge(members.warehouse, person(9), person(2), **by())
    assert match(members)["R1"]["reason"] == "CIN_OF_ANOTHER"


def test_two_cins_of_one_person_are_not_two_people_who_fit(exchange: Any, person: Person, match: Match) -> None:
    for number in (1, 2):
        exchange.seen("2026-10-01", person(number), **KNOWN, zip="93701")
    exchange.referred("2026-10-02", None, **SAID, zip="93701", referral_id="R1")
    assert match(exchange)["R1"]["reason"] == "SEVERAL_FIT"
    merge(exchange.warehouse, person(1), person(2), **by())
    row = match(exchange)["R1"]
    assert (row["method"], row["cin"]) == ("NAME_BIRTH_DATE_AND_MORE", person(2))


Prior = Callable[..., Any]


@pytest.fixture
def prior(exchange: Any, person: Person) -> Prior:
    """Function that lets 834s tell prior identifiers of members who have been referred, under one policy."""

    def tell(mode: str, *told: tuple[int, str], place: str = "ref_q4", **more: str) -> Any:
        exchange.configure(identity={"prior_identifier": mode, **more})
        for sequence, (number, value) in enumerate(told, start=1):
            exchange.seen("2026-10-01", person(number), sequence=sequence, **{place: value})
            exchange.referred("2026-10-02", person(number))
        apply_enrollment(exchange.warehouse, exchange.config)
        return exchange

    return tell


def test_by_default_a_prior_identifier_is_a_question(
    prior: Prior, exchange: Any, person: Person, match: Match, questions: Callable[[Any], list[dict[str, Any]]]
) -> None:
    assert exchange.config.identity.prior_identifier == "propose"
    prior("propose", (1, ""), (2, person(1)))
    assert aliases(exchange) == {}
    assert match(exchange)[f"R-{person(1)}"]["method"] == "CIN"
    (question,) = questions(exchange)
    assert (question["question"], question["key"], question["cin"]) == ("PRIOR_IDENTIFIER", person(1), person(2))
    assert question["since"] == date(2026, 10, 1)


def test_it_may_stand_in_any_slot_with_or_without_its_check_digit(prior: Prior, exchange: Any, person: Person) -> None:
    ways = ("{}", "PRIOR;{}", "{}7", "{} ;", ";{}")
    told = [(10 + number, way.format(person(number))) for number, way in enumerate(ways, start=1)]
    prior("merge", *((number, "") for number in range(1, 6)), *told)
    assert aliases(exchange) == {person(number): person(10 + number) for number in range(1, 6)}
    assert {row["source"] for row in exchange.all("exchange.cin_aliases")} == {"834"}


def test_another_identifier_is_no_cin(prior: Prior, exchange: Any, person: Person) -> None:
    values = (f"{person(1)}X", "PRIOR0000001", "91111111B", f"9{person(1)}", person(2))
    prior("merge", (1, ""), *((2, value) for value in values))
    assert outcomes(exchange) == []


def test_an_identifier_that_nothing_speaks_of_is_not_asked_about(prior: Prior, exchange: Any, person: Person) -> None:
    prior("propose", (2, person(9)))
    assert outcomes(exchange) == []


def test_it_may_stand_at_another_place(prior: Prior, exchange: Any, person: Person) -> None:
    prior("merge", (1, ""), (2, person(1)), place="ref_qq", prior_identifier_place="2000/REF*QQ")
    assert aliases(exchange) == {person(1): person(2)}


def test_a_place_that_no_834_has_is_refused(exchange: Any) -> None:
    with pytest.raises(ValueError, match=r"prior_identifier_place\n.*is none of"):
        exchange.configure(identity={"prior_identifier_place": "2300/REF*CE"})


def test_ignored_it_is_neither_asked_nor_merged(prior: Prior, exchange: Any, person: Person) -> None:
    prior("ignore", (1, ""), (2, person(1)))
    assert (aliases(exchange), outcomes(exchange)) == ({}, [])


@pytest.mark.parametrize(
    "told",
    [
        [(2, 1), (3, 1)],
        [(2, 1), (1, 2)],
        [(2, 1), (3, 2), (1, 3)],
    ],
)
def test_several_members_or_a_circle_merge_nothing_and_are_asked_about(
    prior: Prior, exchange: Any, person: Person, told: list[tuple[int, int]]
) -> None:
    prior("merge", (1, ""), *((new, person(old)) for new, old in told))
    assert aliases(exchange) == {}
    assert {outcome for _, _, outcome in outcomes(exchange)} == {"UNCLEAR"}


def test_the_liaison_s_word_outranks_the_834(prior: Prior, exchange: Any, person: Person) -> None:
    prior("merge", (1, ""), (2, person(1)), (3, ""))
    assert aliases(exchange) == {person(1): person(2)}
    unmerge(exchange.warehouse, person(1), **by())
    assert (aliases(exchange), outcomes(exchange)) == ({}, [(person(1), person(2), "DECIDED")])
    merge(exchange.warehouse, person(1), person(3), **by())
    assert aliases(exchange) == {person(1): person(3)}


def test_the_liaison_may_turn_the_834_s_direction_round(prior: Prior, exchange: Any, person: Person) -> None:
    prior("merge", (5, ""), (1, person(5)), (2, person(1)))
    assert aliases(exchange) == {person(5): person(2), person(1): person(2)}
    merge(exchange.warehouse, person(2), person(1), **by())
    assert aliases(exchange) == {person(5): person(1), person(2): person(1)}


def test_the_834_and_the_liaison_make_one_chain(prior: Prior, exchange: Any, person: Person) -> None:
    prior("merge", (1, ""), (2, person(1)), (3, ""), (4, person(3)))
    merge(exchange.warehouse, person(2), person(3), **by())
    assert aliases(exchange) == {person(number): person(4) for number in (1, 2, 3)}
