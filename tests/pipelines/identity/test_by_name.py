"""Without a CIN: name, birth date and one more datum that agree with exactly one person, and nothing less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Person = Callable[[int], str]
Match = Callable[..., dict[str, dict[str, Any]]]
Verdicts = Callable[..., dict[str, str]]
ARDITH = {"last_name": "Quillonbrax", "first_name": "Ardith", "birth_date": "1984-03-12", "zip": "93701"}
SAID = {"last_name": "Quillonbrax", "first_name": "Ardith", "dob": "1984-03-12"}
MATCHED = "NAME_BIRTH_DATE_AND_MORE"


def test_name_birth_date_and_one_more_datum_identify(exchange: Any, person: Person, match: Match) -> None:
    exchange.seen(
        "2026-10-01", person(1), **ARDITH, phone="+1 559-555-0101", ref_0f="M1", email="a@example.org",
        mailing_address_1="2 Elm Way", mailing_city="Fresno", mailing_state="CA", mailing_zip="937021234",
    )  # fmt: skip
    more: dict[str, dict[str, str]] = {
        "zip": {"zip": "93701-1234"},
        "mailing zip": {"zip": "93702"},
        "phone": {"phone": "(559) 555-0101"},
        "other phone": {"phone_alternate": "5595550101"},
        "member id": {"plan_member_id": "M1"},
        "e-mail": {"email": "A@EXAMPLE.ORG"},
    }
    for key, columns in more.items():
        exchange.referred("2026-10-02", None, **SAID | columns, referral_id=key)
    found = match(exchange)
    assert {key: (row["method"], row["cin"]) for key, row in found.items()} == dict.fromkeys(more, (MATCHED, person(1)))
    assert found["member id"]["agreement"] == "last_name;first_name;birth_date;plan_member_id"


def test_name_and_birth_date_alone_are_for_review(exchange: Any, person: Person, verdicts: Verdicts) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH, phone="5595550101", gender="F")
    junk = {f"phone {phone}": (None, SAID | {"phone": phone}) for phone in ("none", "", "555", "n/a")}
    rows = junk | {
        "nothing more": (None, SAID),
        "all else differs": (None, SAID | {"zip": "95814", "phone": "5595550102"}),
        "sex, which follows from the name": (None, SAID | {"gender": "F"}),
    }
    assert verdicts(exchange, **rows) == dict.fromkeys(rows, "REVIEW")


def test_what_is_no_phone_number_never_agrees(exchange: Any, person: Person, verdicts: Verdicts) -> None:
    junk = ("none", "555", "n/a", "0000000000", "999-999-9999")
    for number, phone in enumerate(junk, start=1):
        exchange.seen("2026-10-01", person(number), **ARDITH | {"last_name": f"Quill{'x' * number}"}, phone=phone)
    rows = {
        phone: (None, SAID | {"last_name": f"Quill{'x' * number}", "phone": phone})
        for number, phone in enumerate(junk, start=1)
    }
    assert verdicts(exchange, **rows) == dict.fromkeys(junk, "REVIEW")


def test_accents_case_punctuation_and_suffixes_do_not_make_another_name(
    exchange: Any, person: Person, verdicts: Verdicts
) -> None:
    names = {
        ("O'Thrennick", "Dallo"): ("OTHRENNICK", "DALLO"),
        ("QUILLON BRAX", "ARDITH"): ("Quillon-Brax", "Ardith"),
        ("NUNEZ", "JOSE"): ("Núñez", "José"),
        ("Sørensen", "Đorđe"): ("SORENSEN", "DORDE"),
        ("THRENNICK", "BENNO"): ("Thrennick, Jr.", "Benno"),
        ("Garcia", "Maria Elena"): ("GARCIA", "MARIA-ELENA"),
    }
    for number, (last, first) in enumerate(names, start=1):
        exchange.seen("2026-10-01", person(number), **ARDITH | {"last_name": last, "first_name": first})
    rows = {
        last: (None, {"last_name": last, "first_name": first, "dob": "1984-03-12", "zip": "93701"})
        for last, first in names.values()
    }
    assert verdicts(exchange, **rows) == dict.fromkeys(rows, MATCHED)


def test_names_that_share_no_latin_letter_are_not_all_one_name(
    exchange: Any, person: Person, verdicts: Verdicts
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH | {"last_name": "Ли"})
    assert verdicts(exchange, R1=(None, SAID | {"last_name": "Ван", "zip": "93701"})) == {"R1": "UNMATCHED"}


def test_close_is_not_enough(exchange: Any, person: Person, verdicts: Verdicts) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    near: dict[str, dict[str, str | None]] = {
        "a day off": {"dob": "1984-03-13"},
        "a letter off": {"last_name": "Quillonbra"},
        "a nickname": {"first_name": "Ardi"},
        "swapped": {"last_name": "Ardith", "first_name": "Quillonbrax"},
        "no birth date": {"dob": None},
        "no name": {"last_name": None},
    }
    rows = {key: (None, SAID | {"zip": "93701"} | said) for key, said in near.items()}
    assert verdicts(exchange, **rows) == dict.fromkeys(near, "UNMATCHED")


def test_two_members_that_fit_are_for_review_and_one_more_datum_tells_them_apart(
    exchange: Any, person: Person, match: Match
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH, phone="5595550101")
    exchange.seen("2026-10-01", person(2), **ARDITH, phone="5595550102")
    exchange.referred("2026-10-02", None, **SAID, zip="93701", referral_id="R1")
    exchange.referred("2026-10-02", None, **SAID, phone="5595550102", referral_id="R2")
    exchange.referred("2026-10-02", None, **SAID, referral_id="R3")
    found = match(exchange)
    assert {key: (row["cin"], row["reason"]) for key, row in found.items()} == {
        "R1": (None, "SEVERAL_FIT"), "R2": (person(2), ""), "R3": (None, "SEVERAL_FIT"),
    }  # fmt: skip


def test_another_sex_is_for_review_though_all_else_agrees(exchange: Any, person: Person, verdicts: Verdicts) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH, gender="F")
    rows = {sex: (None, SAID | {"zip": "93701", "gender": sex}) for sex in ("M", "F", "U")}
    assert verdicts(exchange, **rows) == {"M": "REVIEW", "F": MATCHED, "U": MATCHED}


def test_who_moved_or_married_since_is_still_known_by_what_an_834_once_said(
    exchange: Any, person: Person, verdicts: Verdicts
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.seen("2026-10-02", person(1), **ARDITH | {"last_name": "Zwicklethorpe", "zip": "95814"})
    assert verdicts(exchange, R1=(None, SAID | {"zip": "93701"})) == {"R1": MATCHED}
