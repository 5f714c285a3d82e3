"""An attempt that is told of again is the same attempt; the newest file that speaks of it says what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.returns import derive_reports


@pytest.fixture
def attempts(exchange: Any, person: Any, npi_of: Any) -> Any:
    """Function that lets files of the first provider tell of attempts to reach the first person; returns them."""

    def told(*files: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for month, rows in enumerate(files, start=1):
            file = exchange.file(date(2026, month, 28), kind="otf", name=f"otf-{month}")
            for row in rows:
                exchange.attempted(file, person(1), npi_of(1), **({"on": "2026-01-12"} | row))
        derive_reports(exchange.warehouse)
        found: list[dict[str, Any]] = exchange.all("exchange.contact_attempts", order="attempt_date, attempt_time")
        return found

    return told


def test_a_monthly_list_sent_again_tells_of_the_same_attempts(attempts: Any) -> None:
    month = [{"attempt_time": "9:30 AM"}, {"attempt_method": "IN_PERSON"}, {"on": "2026-01-14"}]
    found = attempts(month, [{"attempt_time": "09:30"}, *month[1:], {"on": "2026-02-02"}])
    assert len(found) == 4
    assert {(row["attempt_date"].day, row["first_told_on"].month, row["told_on"].month) for row in found} == {
        (12, 1, 2), (14, 1, 2), (2, 2, 2),
    }  # fmt: skip


def test_one_without_a_time_is_the_first_of_its_day_and_method(attempts: Any) -> None:
    found = attempts([{"attempt_time": "14:00"}, {"attempt_time": "10:15"}], [{"attempt_successful": "Y"}])
    assert [(row["attempt_time"], row["attempt_successful"]) for row in found] == [("10:15", True), ("14:00", False)]


@pytest.mark.parametrize(
    ("before", "after", "reached"), [("Y", "N", False), ("N", "Y", True)], ids=["taken back", "added"]
)
def test_a_later_file_corrects_whether_somebody_was_reached(
    attempts: Any, before: str, after: str, reached: Any
) -> None:
    (found,) = attempts(
        [{"attempt_successful": before, "contact_outcome": "as it was"}], [{"attempt_successful": after}]
    )
    assert (found["attempt_successful"], found["contact_outcome"], found["file_id"]) == (reached, None, "otf-2")


@pytest.mark.parametrize(("taken", "days"), [(True, [14]), (False, [12])], ids=["taken", "rejected"])
def test_a_row_that_came_back_corrected_stands_for_the_one_it_corrects_if_it_is_taken(
    exchange: Any, person: Any, npi_of: Any, taken: Any, days: list[int]
) -> None:
    wrong = exchange.file("2026-01-28", kind="otf", name="otf")
    columns = {"attempt_successful": "Y"}
    exchange.attempted(wrong, person(1), npi_of(1), "2026-01-12", **columns)
    exchange.returned(wrong, person(1), npi_of(1), last_encounter_date=date(2026, 1, 12))
    rows = (exchange.rows - 1, exchange.rows)
    corrected = exchange.file("2026-01-28", 1, kind="otf", name="otf.response")
    if taken:
        exchange.attempted(corrected, person(1), npi_of(1), "2026-01-14", **columns)
        exchange.returned(corrected, person(1), npi_of(1), last_encounter_date=date(2026, 1, 14))
    for row, corrects in zip((exchange.rows - 1, exchange.rows), rows, strict=True):
        exchange.warehouse.run(
            "INSERT INTO ledger.corrections VALUES ('otf.response', $row, 'otf', $corrects)",
            {"row": row, "corrects": corrects},
        )
    derive_reports(exchange.warehouse)
    assert [row["attempt_date"].day for row in exchange.all("exchange.contact_attempts")] == days
    assert [row["happened_on"].day for row in exchange.all("exchange.care_days")] == days


@pytest.mark.parametrize(
    ("files", "days"),
    [
        ([("A", 12, None), ("B", None, "A"), ("C", 14, "B")], [14]),
        ([("A", 12, None), ("B", 13, "A"), ("C", 14, "B")], [14]),
        ([("A", 12, None), ("B", 13, "A"), ("C", 14, "A")], [14]),
        ([("A", None, None), ("B", 13, "A"), ("C", 14, "A")], [14]),
        ([("A", 12, None), ("B", 13, "A"), ("C", 14, "B"), ("D", 15, "A")], [15]),
        ([("A", 12, None), ("B", 13, "A"), ("B", 14, "A")], [13, 14]),
    ],
    ids=[
        "at the second try",
        "twice",
        "twice from one answer",
        "rejected, then twice",
        "in two lines",
        "into two rows",
    ],
)
def test_a_row_corrected_more_than_once_stands_as_it_came_last(
    exchange: Any, person: Any, npi_of: Any, files: list[tuple[str, int | None, str | None]], days: list[int]
) -> None:
    """Each is a file, the day its row tells of (none if it is rejected) and the file whose row it corrects."""
    at: dict[str, tuple[str, int]] = {}
    for number, (name, day, corrects) in enumerate(files):
        file = at[name][0] if name in at else exchange.file("2026-01-28", number, kind="otf", name=name)
        if day:
            exchange.attempted(file, person(1), npi_of(1), f"2026-01-{day}", attempt_successful="Y")
        else:
            exchange.rows += 1
        at[name] = (file, exchange.rows)
        if corrects:
            exchange.warehouse.run(
                "INSERT INTO ledger.corrections VALUES ($file, $row, $corrects, $of)",
                {"file": name, "row": exchange.rows, "corrects": corrects, "of": at[corrects][1]},
            )
    derive_reports(exchange.warehouse)
    assert [row["attempt_date"].day for row in exchange.all("exchange.contact_attempts", order="attempt_date")] == days


def test_a_months_list_made_out_of_the_answer_to_the_last_takes_nothing_of_that_back(
    exchange: Any, person: Any, npi_of: Any
) -> None:
    for month, name in enumerate(("january", "february"), start=1):
        exchange.attempted(
            exchange.file(date(2026, month, 28), kind="otf", name=name), person(1), npi_of(1), date(2026, month, 12)
        )
    exchange.warehouse.run(
        "INSERT INTO ledger.corrections VALUES ('february', $row, 'january', $row - 1)", {"row": exchange.rows}
    )
    derive_reports(exchange.warehouse)
    assert {row["attempt_date"].month for row in exchange.all("exchange.contact_attempts")} == {1, 2}


def test_of_several_lines_of_one_file_the_one_that_reached_somebody_counts(attempts: Any) -> None:
    (found,) = attempts([{"attempt_successful": "Y", "contact_outcome": "met"}, {"contact_outcome": "no answer"}])
    assert (found["attempt_successful"], found["contact_outcome"]) == (True, "met")


def test_an_attempt_counts_on_the_days_on_which_the_provider_served_the_member(
    exchange: Any, person: Any, npi_of: Any
) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.derive("2026-11-02")
    first = exchange.open_assignment(person(1))["npi"]
    (second,) = {npi_of(1), npi_of(2)} - {first}
    exchange.decision(person(1), second, "2026-11-05")
    exchange.derive("2026-11-05")
    file = exchange.file("2026-11-30", kind="otf")
    for on in ("2026-11-01", "2026-11-02", "2026-11-04", "2026-11-05"):
        for npi in (first, second):
            exchange.attempted(file, person(1), npi, on)
        exchange.returned(file, person(1), first, last_encounter_date=on)
    exchange.derive("2026-11-30")
    served = {
        (row["npi"], row["attempt_date"].day): row["is_served"] for row in exchange.all("exchange.contact_attempts")
    }
    assert {day: served[first, day] for day in (1, 2, 4, 5)} == {1: False, 2: True, 4: True, 5: False}
    assert {day: served[second, day] for day in (1, 2, 4, 5)} == {1: False, 2: False, 4: False, 5: True}
    days = {row["happened_on"].day: row["is_served"] for row in exchange.all("exchange.care_days")}
    assert days == {1: False, 2: True, 4: True, 5: False}


def encounters(exchange: Any, person: Any, npi_of: Any, *files: list[str]) -> list[int]:
    for month, told in enumerate(files, start=1):
        file = exchange.file(date(2026, month, 28), kind="rtf", name=f"rtf-{month}")
        for on in told:
            exchange.returned(file, person(1), npi_of(1), last_encounter_date=date.fromisoformat(on))
    derive_reports(exchange.warehouse)
    return [row["happened_on"].day for row in exchange.all("exchange.care_days", order="happened_on")]


@pytest.mark.parametrize(
    ("files", "days"),
    [
        ([["2026-01-10"], [], ["2026-01-20"]], [10, 20]),
        ([["2026-01-20"], ["2026-01-10"]], [10]),
        ([["2026-01-10", "2026-01-20"], ["2026-01-15"]], [10, 15]),
        ([["2026-01-20"], ["2026-01-10"], ["2026-01-20"]], [10, 20]),
        ([["2026-01-20"], ["2026-01-20"]], [20]),
    ],
    ids=["the next one", "taken back", "one of two taken back", "said again after that", "sent again"],
)
def test_a_later_encounter_is_one_more_and_an_earlier_one_takes_back_what_was_after_it(
    exchange: Any, person: Any, npi_of: Any, files: list[list[str]], days: list[int]
) -> None:
    assert encounters(exchange, person, npi_of, *files) == days


def test_every_kind_of_care_is_kept_as_what_it_is(exchange: Any, person: Any, npi_of: Any) -> None:
    told = {
        "last_encounter_date": "2026-01-10", "assessment_date": "2026-01-11", "care_plan_date": "2026-01-12",
        "care_conference_date": "2026-01-13",
    }  # fmt: skip
    days = {column: date.fromisoformat(on) for column, on in told.items()}
    exchange.returned(exchange.file("2026-01-28", kind="rtf"), person(1), npi_of(1), **days)
    derive_reports(exchange.warehouse)
    found = exchange.all("exchange.care_days", order="happened_on")
    assert [(row["kind"], row["happened_on"].day) for row in found] == [
        ("ENCOUNTER", 10), ("ASSESSMENT", 11), ("CARE_PLAN", 12), ("CARE_CONFERENCE", 13),
    ]  # fmt: skip
