"""How much each agreement between a statement and a member weighs: the whole model, as data to be read and argued with.

A probability follows from a prior and, for each comparison, from two shares: `m`, how often this degree of agreement
is seen where both speak of one person, and `u`, how often between two people. The shares are written down, not learnt:
nothing is trained on anybody's data, and the same rows give the same numbers on every machine. `m` and `u` of a
comparison each add up to 1. What is compared is prepared in `candidates.sql`; `_l` is the member, `_r` the statement.
"""

from __future__ import annotations

from dataclasses import dataclass

PRIOR = 1 / 200_000
"""That a member taken at random is the one a statement means: about every second statement that the rules leave open is
of someone on a roster of a hundred thousand."""


@dataclass(frozen=True)
class Level:
    """One degree of agreement: what it is called where it speaks for the member, its condition, its shares and why."""

    agreement: str
    condition: str
    m: float
    u: float
    why: str


@dataclass(frozen=True)
class Comparison:
    """What is compared, when it cannot be, and the degrees of agreement, the first that holds counts."""

    name: str
    unknown: str
    levels: tuple[Level, ...]


_SAME_LAST = "last_l = last_r"
_SAME_BIRTH_DATE = "born_l = born_r"

MODEL: tuple[Comparison, ...] = (
    Comparison(
        "cin",
        "cin_r IS NULL",
        (
            Level("cin", "cin_l = cin_r", 0.3, 0.001,
                  "Copied from the wrong line or from a relative often enough: the name did not bear it out."),
            Level("cin_one_off", "damerau_levenshtein(cin_l, cin_r) = 1", 0.3, 0.00001,
                  "The usual slip in typing it; by chance one in a hundred thousand."),
            Level("", "ELSE", 0.4, 0.99899, "An old CIN, or somebody else's."),
        ),
    ),
    Comparison(
        "last_name",
        "last_l IS NULL OR last_r IS NULL",
        (
            Level("last_name", _SAME_LAST, 0.85, 0.0015, "Two Californians share their last name once in 700."),
            Level("names_swapped", "last_l = first_r AND first_l = last_r", 0.01, 0.00001, "In each other's column."),
            Level("last_name_part", "list_has_any(last_parts_l, last_parts_r)", 0.05, 0.003, "One of two last names."),
            Level("last_name_similar", "jaro_winkler_similarity(last_l, last_r) >= 0.92", 0.06, 0.002, "Misspelt."),
            Level("last_name_near", "jaro_winkler_similarity(last_l, last_r) >= 0.85", 0.01, 0.006, "Badly misspelt."),
            Level("", "ELSE", 0.02, 0.98749, "Married, or somebody else."),
        ),
    ),
    Comparison(
        "first_name",
        "first_l IS NULL OR first_r IS NULL",
        (
            Level("first_name", "first_l = first_r", 0.8, 0.005, "Two people share their first name once in 200."),
            Level("nickname", "list_has_any(first_forms_l, first_forms_r)", 0.05, 0.002, "Bob for Robert."),
            Level("", "last_l = first_r AND first_l = last_r", 0.01, 0.01, "Weighed with the last name already."),
            Level("middle_name", "first_l = middle_r OR middle_l = first_r", 0.02, 0.003, "Goes by the middle name."),
            Level("first_name_begins", "starts_with(first_l, first_r) OR starts_with(first_r, first_l)", 0.03, 0.008,
                  "An initial, or one of two first names."),
            Level("first_name_similar", "jaro_winkler_similarity(first_l, first_r) >= 0.88", 0.06, 0.006, "Misspelt."),
            Level("", f"{_SAME_LAST} AND {_SAME_BIRTH_DATE}", 0.00001, 0.5,
                  "Twins share all but this: what they share says nothing of which of them is meant."),
            Level("", "ELSE", 0.02999, 0.466, "A name nobody wrote down, or somebody else."),
        ),
    ),
    Comparison(
        "suffix",
        "suffix_l IS NULL OR suffix_r IS NULL",
        (
            Level("suffix", "suffix_l = suffix_r", 0.98, 0.5, "Jr. or Sr.: half of those who have one."),
            Level("", "ELSE", 0.02, 0.5, "Parent and child of one name."),
        ),
    ),
    Comparison(
        "birth_date",
        "born_l IS NULL OR born_r IS NULL",
        (
            Level("birth_date", _SAME_BIRTH_DATE, 0.94, 0.00004, "Some 25,000 days of birth live among us."),
            Level("birth_date_swapped",
                  "day(born_r) <= 12 AND born_l = make_date(year(born_r), day(born_r), month(born_r))", 0.01, 0.00004,
                  "Day and month in each other's place."),
            Level("birth_date_one_off",
                  "damerau_levenshtein(strftime(born_l, '%Y%m%d'), strftime(born_r, '%Y%m%d')) = 1", 0.03, 0.0015,
                  "One digit mistyped, or two next to each other turned round."),
            Level("birth_date_part",
                  "CAST(year(born_l) = year(born_r) AS INTEGER) + CAST(month(born_l) = month(born_r) AS INTEGER)"
                  " + CAST(day(born_l) = day(born_r) AS INTEGER) = 2", 0.015, 0.003,
                  "Of year, month and day, one is wrong."),
            Level("", "ELSE", 0.005, 0.99542, "Rarely quite another date: rather parent and child of one name."),
        ),
    ),
    Comparison(
        "contact",
        "(len(phones_l) = 0 OR len(phones_r) = 0) AND (len(zips_l) = 0 OR len(zips_r) = 0)",
        (
            Level("phone", "list_has_any(phones_l, phones_r)", 0.45, 0.002,
                  "Families, shelters and case workers share one: weighed less than its digits would have it."),
            Level("zip", "list_has_any(zips_l, zips_r)", 0.3, 0.02, "Some fifty codes in a plan's counties."),
            Level("", "ELSE", 0.25, 0.978, "People who come home have moved."),
        ),
    ),
    Comparison(
        "sex",
        "sex_l IS NULL OR sex_r IS NULL",
        (
            Level("sex", "sex_l = sex_r", 0.99, 0.5, "Half of all people."),
            Level("", "ELSE", 0.01, 0.5, "Mistyped, or changed on one side only."),
        ),
    ),
)  # fmt: skip


def agreements() -> dict[str, dict[int, str]]:
    """Per comparison, what each of splink's level numbers is called: the last level is 0, the unknown -1."""
    return {c.name: {len(c.levels) - 1 - place: level.agreement for place, level in enumerate(c.levels)} for c in MODEL}
