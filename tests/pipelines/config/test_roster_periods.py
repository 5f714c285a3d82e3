"""A provider's lines in the providers table follow each other in time, and on every day exactly one of them counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.config import Roster, read_roster
from schemas.problems import ConfigurationError

Rows = list[dict[str, str]]
FIRST = date(2026, 11, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(12)]
PERIODS = st.lists(
    st.tuples(st.none() | st.sampled_from(DAYS), st.none() | st.sampled_from(DAYS), st.booleans()),
    min_size=1,
    max_size=4,
).map(lambda lines: [(a, b, on) for a, b, on in lines if a is None or b is None or a <= b] or [(None, None, True)])


def rewrite(path: Path, change: Callable[[Rows], object]) -> None:
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    change(rows)
    header = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, header)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


def refusal(path: Path) -> str:
    with pytest.raises(ConfigurationError) as refused:
        read_roster(path)
    assert refused.value.code == "C05"
    return refused.value.what


def announced(rows: Rows, day: str = "2026-12-01", **changes: str) -> None:
    """Announce a change of the first provider: its line ends, another one begins."""
    yesterday = date.fromisoformat(day) - timedelta(days=1)
    rows.append(rows[0] | changes | {"effective_from": day})
    rows[0]["effective_to"] = yesterday.isoformat()


@pytest.fixture(scope="session")
def sample_row() -> dict[str, str]:
    path = Path(__file__).parents[3] / "sample_data" / "examples" / "providers.csv"
    return next(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rosters") / "providers.csv"


def test_a_table_without_the_newer_columns_says_the_same_on_every_day(roster: Path) -> None:
    newer = ("ffs_enrolled", "facility_contracts", "phone", "email", "effective_from", "effective_to")
    rewrite(roster, lambda rows: [row.pop(column) for row in rows for column in newer])
    read = read_roster(roster)
    assert read.as_of(date(1990, 1, 1)) == read.as_of(date(2090, 1, 1)) == read
    first = read.providers[0]
    assert (first.ffs_enrolled, first.facility_contracts, first.phone, first.email) == (None, (), None, None)


def test_what_the_directory_needs_is_read_and_a_blank_cell_is_not_given(roster: Path) -> None:
    told = {"ffs_enrolled": "N", "facility_contracts": "Fresno County Jail;Pleasant Valley", "phone": "559.555.0123",
            "email": "hello@bridgelight.example"}  # fmt: skip
    rewrite(roster, lambda rows: [row.update(told if row is rows[0] else dict.fromkeys(told, "")) for row in rows])
    one, other, *_ = read_roster(roster).providers
    assert (one.ffs_enrolled, one.facility_contracts) == (False, ("Fresno County Jail", "Pleasant Valley"))
    assert (one.phone, one.email) == ("(559) 555-0123", "hello@bridgelight.example")
    assert (other.ffs_enrolled, other.facility_contracts, other.phone, other.email) == (None, (), None, None)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("ffs_enrolled", "perhaps", "ffs_enrolled"),
        ("phone", "555-0123", "not a phone number of ten digits"),
        ("phone", "559-555-0123 ext 4", "not a phone number of ten digits"),
        ("email", "someone", "not one e-mail address"),
        ("email", "a@b.example;c@d.example", "not one e-mail address"),
        ("effective_from", "11/01/2026", "write the day as YYYY-MM-DD"),
        ("effective_from", "1764547200", "write the day as YYYY-MM-DD"),
        ("effective_to", "2026-02-30", "effective_to"),
    ],
)
def test_a_wrong_cell_of_an_optional_column_is_told_without_its_value(
    roster: Path, column: str, value: str, told: str
) -> None:
    rewrite(roster, lambda rows: [row.update({column: value if row is rows[2] else ""}) for row in rows])
    message = refusal(roster)
    assert f"line 4, {column}: " in message
    assert told in message
    assert value not in message


def test_a_misspelt_county_is_told_with_the_one_that_is_meant(roster: Path) -> None:
    rewrite(roster, lambda rows: rows[2].update(counties="Fresno;Kingz"))
    assert "line 4, counties: names a county California does not have, did you mean `Kings`?" in refusal(roster)


def test_a_change_that_was_announced_counts_from_its_day_on(roster: Path) -> None:
    rewrite(roster, lambda rows: announced(rows, name="Bridgelight and Friends", capacity="5"))
    read = read_roster(roster)
    npi = read.providers[0].npi
    before, after = read.as_of(date(2026, 11, 30)).by_npi()[npi], read.as_of(date(2026, 12, 1)).by_npi()[npi]
    assert (before.name, before.capacity, before.active) == ("Bridgelight Reentry Care", 60, True)
    assert (after.name, after.capacity, after.active) == ("Bridgelight and Friends", 5, True)


def test_a_provider_whose_line_has_ended_is_inactive_and_its_folder_is_still_known(roster: Path) -> None:
    rewrite(roster, lambda rows: rows[0].update(effective_to="2026-11-15"))
    read = read_roster(roster)
    npi = read.providers[0].npi
    last, gone = read.as_of(date(2026, 11, 15)).by_npi()[npi], read.as_of(date(2026, 11, 16)).by_npi()[npi]
    assert last.active
    assert gone == last.model_copy(update={"active": False})


def test_a_provider_that_is_yet_to_come_is_known_and_takes_nobody(roster: Path) -> None:
    rewrite(roster, lambda rows: rows[0].update(effective_from="2026-12-01"))
    read = read_roster(roster)
    npi = read.providers[0].npi
    assert not read.as_of(date(2026, 11, 30)).by_npi()[npi].active
    assert read.as_of(date(2026, 12, 1)).by_npi()[npi].active


def test_between_two_lines_a_provider_is_as_it_last_was_but_inactive(roster: Path) -> None:
    rewrite(roster, lambda rows: (announced(rows, capacity="5"), rows[0].update(effective_to="2026-11-20")))
    read = read_roster(roster)
    between = read.as_of(date(2026, 11, 25)).by_npi()[read.providers[0].npi]
    assert (between.active, between.capacity) == (False, 60)


def test_a_roster_with_announced_changes_is_not_used_before_a_day_is_chosen(roster: Path) -> None:
    rewrite(roster, announced)
    read = read_roster(roster)
    for use in (read.by_npi, read.table):
        with pytest.raises(ValueError, match="as of a day first"):
            use()


def test_lines_of_one_provider_on_the_same_days_are_told_with_both_lines(roster: Path) -> None:
    def overlapping(rows: Rows) -> None:
        announced(rows)
        rows[0]["effective_to"] = "2026-12-01"

    rewrite(roster, overlapping)
    assert "lines 2 and 15 share one npi on the same days" in refusal(roster)


def test_a_line_that_ends_before_it_begins_is_told(roster: Path) -> None:
    rewrite(roster, lambda rows: rows[3].update(effective_from="2026-12-01", effective_to="2026-11-30"))
    assert refusal(roster) == "line 5: effective_to is before effective_from"


@pytest.mark.parametrize("column", ["host", "port", "username", "key_file", "folder"])
def test_lines_of_one_provider_that_lead_to_different_folders_are_refused(roster: Path, column: str) -> None:
    values = {"host": "other.example", "port": "2323", "username": "another", "key_file": "keys/x", "folder": "/x"}
    rewrite(roster, lambda rows: announced(rows, **{column: values[column]}))
    message = refusal(roster)
    assert f"line 15, {column}: differs from the provider's other lines" in message
    assert values[column] not in message


def test_two_providers_with_one_account_are_told_with_both_lines(roster: Path) -> None:
    rewrite(roster, lambda rows: rows[4].update(username=rows[1]["username"]))
    assert "lines 3 and 6 share one username: a file could reach the wrong folder" in refusal(roster)


@settings(max_examples=120, deadline=None)
@given(PERIODS)
def test_lines_are_taken_only_when_no_day_has_two_and_then_each_day_has_one_provider(
    scratch: Path, sample_row: dict[str, str], lines: list[tuple[date | None, date | None, bool]]
) -> None:
    def covering(day: date) -> list[bool]:
        return [on for begin, end, on in lines if (begin or date.min) <= day <= (end or date.max)]

    rows = [
        sample_row | {"effective_from": str(begin or ""), "effective_to": str(end or ""), "active": "NY"[on]}
        for begin, end, on in lines
    ]
    with scratch.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    days = [DAYS[0] - timedelta(days=1), *DAYS, DAYS[-1] + timedelta(days=1)]
    if any(len(covering(day)) > 1 for day in days):
        assert "share one npi on the same days" in refusal(scratch)
        return
    read = read_roster(scratch)
    for day in days:
        standing = read.as_of(day)
        (one,) = standing.providers
        assert one.active == any(covering(day))
        assert standing.as_of(day) == standing
        assert (one.npi, one.folder, one.username) == (sample_row["npi"], sample_row["folder"], sample_row["username"])


@given(st.permutations(range(4)), st.sampled_from(DAYS))
def test_the_order_of_the_lines_says_nothing(order: list[int], day: date) -> None:
    base = read_roster(Path(__file__).parents[3] / "sample_data" / "examples" / "providers.csv").providers
    lines = [
        base[0].model_copy(update={"effective_to": DAYS[3], "capacity": 1}),
        base[0].model_copy(update={"effective_from": DAYS[4], "effective_to": DAYS[6], "capacity": 2}),
        base[0].model_copy(update={"effective_from": DAYS[8], "capacity": 3}),
        base[1],
    ]
    assert Roster(tuple(lines[place] for place in order)).as_of(day) == Roster(tuple(lines)).as_of(day)
