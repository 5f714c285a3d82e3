"""A CIN counts when its holder's name or birth date bears it out and no relative or namesake may be meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Person = Callable[[int], str]
Match = Callable[..., dict[str, dict[str, Any]]]
Verdicts = Callable[..., dict[str, str]]
ARDITH = {
    "last_name": "Quillonbrax", "first_name": "Ardith", "middle_name": "Mae", "birth_date": "1984-03-12",
    "zip": "93701",
}  # fmt: skip
SAID = {"last_name": "Quillonbrax", "first_name": "Ardith", "dob": "1984-03-12"}
WRONG = {"last_name": "Zwicklethorpe", "first_name": "Benno", "dob": "1991-11-30"}


def test_it_needs_the_name_or_the_birth_date_to_agree(exchange: Any, person: Person, verdicts: Verdicts) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    agreeing: dict[str, dict[str, str]] = {
        "both": SAID,
        "name": SAID | {"dob": "1984-12-03"},
        "birth date": SAID | {"last_name": "Brax"},
        "birth date alone": {"dob": "1984-03-12"},
        "last name alone": {"last_name": "QUILLONBRAX"},
        "nothing told": {},
        "columns swapped": {"last_name": "Ardith", "first_name": "Quillonbrax", "dob": "1970-01-01"},
        "another name": WRONG | {"dob": "1984-03-12"},
    }
    disagreeing: dict[str, dict[str, str]] = {
        "neither": WRONG,
        "first name alone": WRONG | {"first_name": "Ardith"},
        "wrong last name alone": {"last_name": "Zwicklethorpe"},
        "wrong birth date alone": {"dob": "1991-11-30"},
    }
    rows = {key: (person(1), said) for key, said in (agreeing | disagreeing).items()}
    assert verdicts(exchange, **rows) == dict.fromkeys(agreeing, "CIN") | dict.fromkeys(disagreeing, "REVIEW")


def test_under_one_last_name_the_first_may_be_short_or_misspelt_but_not_a_relative_s(
    exchange: Any, person: Person, verdicts: Verdicts
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.seen("2026-10-01", person(2), **ARDITH | {"first_name": "Robert"})
    others_date = SAID | {"dob": "1970-01-01"}
    assert verdicts(
        exchange,
        initial=(person(1), others_date | {"first_name": "A."}),
        misspelt=(person(1), others_date | {"first_name": "Ardit"}),
        middle=(person(1), others_date | {"first_name": "Mae"}),
        nickname=(person(2), others_date | {"first_name": "Bobby"}),
        sister=(person(1), others_date | {"first_name": "Ottoline"}),
        twin=(person(1), SAID | {"first_name": "Ottoline"}),
    ) == dict.fromkeys(("initial", "misspelt", "middle", "nickname"), "CIN") | dict.fromkeys(
        ("sister", "twin"), "REVIEW"
    )


def test_the_cin_of_one_twin_with_the_name_of_the_other_is_for_review(
    exchange: Any, person: Person, match: Match
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH | {"first_name": "Marvin"})
    exchange.seen("2026-10-01", person(2), **ARDITH | {"first_name": "Marvyn"})
    exchange.referred("2026-10-02", person(1), **SAID | {"first_name": "Marvyn"}, referral_id="R1")
    assert match(exchange)["R1"]["reason"] == "ANOTHER_MEMBER_FITS"
    assert [row["cin"] for row in exchange.all("exchange.identity_proposals", order="cin")] == [person(1), person(2)]


def test_the_father_s_cin_with_the_birth_date_of_his_son_of_one_name_is_for_review(
    exchange: Any, person: Person, verdicts: Verdicts
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH | {"birth_date": "1960-05-02"})
    exchange.seen("2026-10-01", person(2), **ARDITH)
    assert verdicts(exchange, R1=(person(1), SAID), R2=(person(2), SAID)) == {"R1": "REVIEW", "R2": "CIN"}


def test_a_suffix_that_differs_is_another_name(exchange: Any, person: Person, verdicts: Verdicts) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH, name_suffix="Sr")
    said = {"first_name": "Ardith", "dob": "1990-01-01"}
    rows = {
        suffix: (person(1), said | {"last_name": f"Quillonbrax{suffix}"}) for suffix in (" Jr.", " III", ", SR", "")
    }
    assert verdicts(exchange, **rows) == {" Jr.": "REVIEW", " III": "REVIEW", ", SR": "CIN", "": "CIN"}


def test_a_last_name_that_looks_like_a_suffix_is_a_name(exchange: Any, person: Person, verdicts: Verdicts) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH | {"last_name": "Ii"})
    rows = {name: (person(1), SAID | {"last_name": name, "dob": "1990-01-01"}) for name in ("II", "Iv")}
    assert verdicts(exchange, **rows) == {"II": "CIN", "Iv": "REVIEW"}


def test_what_an_834_once_said_of_the_holder_still_bears_it_out(
    exchange: Any, person: Person, verdicts: Verdicts
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.seen("2026-10-02", person(1), **ARDITH | {"last_name": "Thrennick", "birth_date": "1984-03-21"})
    assert verdicts(exchange, R1=(person(1), SAID)) == {"R1": "CIN"}


def test_a_cin_nobody_has_is_not_replaced_by_a_name_that_fits(exchange: Any, person: Person, match: Match) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.referred("2026-10-02", person(2), **SAID, zip="93701", referral_id="R1")
    exchange.referred("2026-10-02", person(3), **WRONG, referral_id="R2")
    found = match(exchange)
    assert {key: (row["method"], row["reason"]) for key, row in found.items()} == {
        "R1": ("REVIEW", "UNKNOWN_CIN_OF_A_NAMESAKE"),
        "R2": ("UNMATCHED", "CIN_NOT_ON_834"),
    }
    proposal = exchange.one("exchange.identity_proposals", person(1))
    assert (proposal["probability"], proposal["agreement"]) == (None, "last_name;first_name;birth_date;zip")


def test_a_placeholder_is_no_cin_unless_it_is_a_member_s(exchange: Any, person: Person, verdicts: Verdicts) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.seen("2026-10-01", "97777777I", last_name="Zwicklethorpe", first_name="Benno", birth_date="1991-11-30")
    assert verdicts(
        exchange,
        R1=("91111111B", SAID | {"zip": "93701"}),
        R2=("97777777I", SAID | {"zip": "93701"}),
        R3=("97777777I", WRONG),
    ) == {"R1": "NAME_BIRTH_DATE_AND_MORE", "R2": "REVIEW", "R3": "CIN"}
