"""Whatever members and rows there are: nobody is taken for somebody else."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.enrollment import apply_enrollment
from pipelines.identity import match_identities, resolve_aliases

Person = Callable[[int], str]
Match = Callable[..., dict[str, dict[str, Any]]]

LAST = st.sampled_from(["Núñez", "Quillon-Brax", "O'Thren", "Thrennick"])
FIRST = st.sampled_from(["José", "Ardith", "Mary Ann"])
BORN = st.sampled_from(["1984-03-12", "1984-12-03", "1991-11-30"])
ZIP = st.sampled_from(["93701", "93702", None])
PHONE = st.sampled_from(["5595550101", "5595550102", None])
SEX = st.sampled_from(["M", "F", "U", None])
FACILITY = st.sampled_from(["Brindlemoor Jail", "Elsewhere", None])
NUMBER = st.integers(1, 6)

MEMBERS = st.dictionaries(
    NUMBER,
    st.fixed_dictionaries(
        {"last_name": LAST, "first_name": FIRST, "birth_date": BORN, "zip": ZIP, "phone": PHONE, "gender": SEX}
    ),
    min_size=1,
    max_size=5,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.one_of(st.none(), NUMBER), "last_name": LAST, "first_name": FIRST, "dob": BORN, "zip": ZIP,
            "phone": PHONE, "gender": SEX, "facility_name": FACILITY,
        }
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


def plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name).casefold()
    return "".join(letter for letter in letters if letter.isalpha() and letter.isascii())


def mangled(name: str, way: int) -> str:
    """Write a name as another sender would."""
    return (name.upper(), name.replace("-", " "), plain(name), f" {name} Jr.", unicodedata.normalize("NFD", name))[way]


def same_person(said: dict[str, Any], member: dict[str, Any]) -> bool:
    return (plain(said["last_name"]), plain(said["first_name"]), said["dob"]) == (
        plain(member["last_name"]), plain(member["first_name"]), member["birth_date"],
    )  # fmt: skip


def more_agrees(said: dict[str, Any], member: dict[str, Any]) -> bool:
    return any(said[column] is not None and said[column] == member[column] for column in ("zip", "phone"))


@settings(max_examples=8, deadline=None)
@given(members=MEMBERS, rows=ROWS)
def test_a_match_has_a_cin_borne_out_or_name_birth_date_and_one_more(
    a_exchange: Any, person: Person, match: Match, members: dict[int, dict[str, Any]], rows: list[dict[str, Any]]
) -> None:
    exchange = a_exchange
    exchange.clear()
    for number, member in members.items():
        exchange.seen("2026-10-01", person(number), **member)
    for key, row in enumerate(rows):
        said = {column: value for column, value in row.items() if column != "number"}
        cin = None if row["number"] is None else person(row["number"])
        exchange.referred("2026-10-02", cin, **said, referral_id=f"R{key}", pof_justice_involved="Y")
    found = match(exchange)
    by_cin = {person(number): member for number, member in members.items()}
    for key, said in enumerate(rows):
        row = found[f"R{key}"]
        assert (row["cin"] is None) == (row["method"] in ("REVIEW", "UNMATCHED"))
        if row["method"] == "CIN":
            member = by_cin[row["cin"]]
            assert row["cin"] == person(said["number"])
            assert said["dob"] == member["birth_date"] or plain(said["last_name"]) == plain(member["last_name"])
            others = [cin for cin, other in by_cin.items() if cin != row["cin"] and same_person(said, other)]
            assert same_person(said, member) or not others, "another member is wholly the one the row describes"
        elif row["method"] == "NAME_BIRTH_DATE_AND_MORE":
            fitting = [cin for cin, member in by_cin.items() if same_person(said, member) and more_agrees(said, member)]
            assert (said["number"], fitting) == (None, [row["cin"]])
        elif row["method"] == "OTHER_STATEMENT":
            told_by = [
                other
                for number, other in enumerate(rows)
                if found[f"R{number}"]["cin"] == row["cin"] and found[f"R{number}"]["method"] != "OTHER_STATEMENT"
                and said["facility_name"] is not None and said["facility_name"] == other["facility_name"]
                and [plain(said[c]) for c in ("last_name", "first_name")]
                == [plain(other[c]) for c in ("last_name", "first_name")] and said["dob"] == other["dob"]
            ]  # fmt: skip
            assert said["number"] is None
            assert told_by


@settings(max_examples=5, deadline=None)
@given(
    ways=st.lists(
        st.fixed_dictionaries(
            {
                "twin": st.sampled_from([1, 2]), "cin": st.sampled_from([None, 1, 2, 3]), "zip": ZIP, "phone": PHONE,
                "gender": SEX, "facility_name": FACILITY, "way": st.integers(0, 4),
            }
        ),
        min_size=6,
        max_size=12,
    )
)  # fmt: skip
def test_twins_are_never_taken_for_each_other(
    a_exchange: Any, person: Person, match: Match, ways: list[dict[str, Any]]
) -> None:
    names = {1: "Marvin", 2: "Marvyn"}
    exchange = a_exchange
    exchange.clear()
    exchange.configure(identity={"proposals": True})
    shared = {"last_name": "Núñez-Brax", "birth_date": "1984-03-12", "zip": "93701", "phone": "5595550101"}
    for number, first_name in names.items():
        exchange.seen("2026-10-01", person(number), **shared, first_name=first_name)
    for key, way in enumerate(ways):
        said = {column: way[column] for column in ("zip", "phone", "gender", "facility_name")}
        exchange.referred(
            "2026-10-02",
            None if way["cin"] is None else person(way["cin"]),
            **said,
            last_name=mangled("Núñez-Brax", way["way"]),
            first_name=names[way["twin"]],
            dob="1984-03-12",
            referral_id=f"R{key}",
        )
    found = match(exchange)
    for key, way in enumerate(ways):
        assert found[f"R{key}"]["cin"] in (None, person(way["twin"]))
    matched = {(row["file_id"], row["row_no"]) for row in found.values() if row["cin"] is not None}
    proposed = {(row["file_id"], row["row_no"]) for row in exchange.all("exchange.identity_proposals")}
    assert not matched & proposed


@settings(max_examples=5, deadline=None)
@given(
    ways=st.lists(
        st.fixed_dictionaries(
            {
                "who": st.sampled_from([1, 2]), "cin": st.sampled_from([None, 1, 2]), "zip": ZIP, "phone": PHONE,
                "suffix": st.sampled_from(["", " Sr", ", JR."]), "facility_name": FACILITY,
            }
        ),
        min_size=6,
        max_size=12,
    )
)  # fmt: skip
def test_father_and_son_of_one_name_are_never_taken_for_each_other(
    a_exchange: Any, person: Person, match: Match, ways: list[dict[str, Any]]
) -> None:
    born = {1: "1960-05-02", 2: "1984-03-12"}
    exchange = a_exchange
    exchange.clear()
    for number, birth_date in born.items():
        exchange.seen(
            "2026-10-01", person(number), last_name="Quillonbrax", first_name="José", birth_date=birth_date,
            zip="93701", phone="5595550101", name_suffix={1: "SR", 2: "JR"}[number],
        )  # fmt: skip
    for key, way in enumerate(ways):
        exchange.referred(
            "2026-10-02",
            None if way["cin"] is None else person(way["cin"]),
            last_name=f"Quillonbrax{way['suffix']}",
            first_name="Jose",
            dob=born[way["who"]],
            zip=way["zip"],
            phone=way["phone"],
            facility_name=way["facility_name"],
            referral_id=f"R{key}",
        )
    found = match(exchange)
    for key, way in enumerate(ways):
        assert found[f"R{key}"]["cin"] in (None, person(way["who"]))


FILES = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from(["834", "referral", "notice"]), st.integers(1, 3), BORN, ZIP),
    min_size=3,
    max_size=5,
    unique=True,
)


@settings(max_examples=4, deadline=None)
@given(files=FILES, data=st.data())
def test_any_order_of_arrival_ends_in_the_same_identities(
    a_exchange: Any, person: Person, files: list[tuple[int, str, int, str, str | None]], data: st.DataObject
) -> None:
    def end_state(order: list[tuple[int, str, int, str, str | None]], *, every_night: bool) -> list[Any]:
        a_exchange.clear()
        a_exchange.configure(identity={"retry_days": 4, "prior_identifier": "merge"})
        for file in order:
            arrive(file)
            if every_night:
                derive()
        derive()
        return [
            a_exchange.all(f"exchange.{table}")
            for table in ("identities", "identity_proposals", "cin_aliases", "prior_identifiers")
        ]

    def arrive(file: tuple[int, str, int, str, str | None]) -> None:
        day, kind, number, born, zip_code = file
        on, name = f"2026-10-{day:02d}", f"{file}"
        said = {"last_name": "Quillonbrax", "first_name": "Ardith", "dob": born}
        a_exchange.rows = files.index(file)
        if kind == "834":
            received = a_exchange.file(on, name=name)
            prior = {"ref_q4": person(number + 1)}
            columns = {"last_name": "Quillonbrax", "first_name": "Ardith", "birth_date": born, "zip": zip_code}
            a_exchange.member(received, person(number), **columns, **prior)
        elif kind == "referral":
            received = a_exchange.file(on, kind="mini_mif", name=name)
            cin = person(number) if number < 3 else None
            a_exchange.referral(received, cin, **said, zip=zip_code, referral_id=f"R{number}", facility_name="Jail")
        else:
            received = a_exchange.file(on, kind="release_notice", source="jail", name=name)
            a_exchange.notice(received, None, **said, notice_id=f"N{number}", facility_name="Jail")

    def derive() -> None:
        on = date(2026, 10, 10)
        apply_enrollment(a_exchange.warehouse, a_exchange.config)
        resolve_aliases(a_exchange.warehouse, a_exchange.config, on)
        match_identities(a_exchange.warehouse, a_exchange.config, on)

    other = data.draw(st.permutations(files))
    assert end_state(files, every_night=False) == end_state(list(other), every_night=True)
