"""What a provider reports meets the clocks of contact as far as it is one, by whoever served the person on that day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.clocks import derive_clocks
from pipelines.liaison import record
from pipelines.returns import derive_reports

Clocks = Callable[..., dict[str, tuple[str, date | None, str | None]]]
DUE = {"FIRST_CONTACT_CALENDAR": date(2026, 11, 12), "FOLLOW_UP": date(2026, 11, 17)}


def known(exchange: Any, *cins: str) -> None:
    """Released, told of and assigned on Tuesday the 10th of November."""
    for number, cin in enumerate(cins, start=1):
        exchange.seen("2026-11-10", cin, exchange.coverage("2026-11", "01", ji=True), sequence=number)
        exchange.noticed("2026-11-10", cin, actual_release_date="2026-11-10")
    exchange.derive("2026-11-10")


@pytest.fixture
def served(exchange: Any, person: Any) -> Any:
    """The first person, who left on the 10th, and the provider in `exchange.serving`."""
    known(exchange, person(1))
    exchange.serving = exchange.open_assignment(person(1))["npi"]
    return exchange


@pytest.fixture
def tell(served: Any, person: Any) -> Any:
    """Function that lets a file tell of attempts (the day, and whether it reached the person) and of other columns."""

    def returned(dated: str, *attempts: tuple[str, str], **columns: Any) -> str:
        file = served.file(dated, kind="rtf", name=f"rtf-{dated}")
        for on, reached in attempts:
            served.attempted(file, person(1), served.serving, on, attempt_successful=reached)
        if columns:
            served.returned(file, person(1), served.serving, **columns)
        return str(file.file_id)

    return returned


@pytest.fixture
def clocks(served: Any, person: Any) -> Clocks:
    """Function that counts the clocks as of a day and returns status, day and what met them, by name."""

    def counted(night: str = "2026-11-30") -> dict[str, tuple[str, date | None, str | None]]:
        plan = served.config.plan
        derive_reports(served.warehouse)
        derive_clocks(served.warehouse, served.config.clocks, date.fromisoformat(night), plan.holidays, plan.timezone)
        found = served.all("exchange.clocks", person(1))
        return {row["name"]: (row["status"], row["met_on"], row["met_by"]) for row in found}

    return counted


def test_who_was_reached_in_time_late_or_not_at_all_is_told_by_their_clocks(exchange: Any, person: Any) -> None:
    people = {"in time": person(1), "late": person(2), "not at all": person(3)}
    known(exchange, *people.values())
    reached = {"in time": ("2026-11-12", "Y"), "late": ("2026-11-16", "Y"), "not at all": ("2026-11-12", "N")}
    file = exchange.file("2026-11-30", kind="otf")
    rows = {}
    for story, (on, successful) in reached.items():
        npi = exchange.open_assignment(people[story])["npi"]
        exchange.attempted(file, people[story], npi, on, attempt_successful=successful)
        rows[story] = f"attempt:{file.file_id}:{exchange.rows}"
    exchange.derive("2026-11-30")
    found = {
        story: {
            (row["due"], row["status"], row["met_on"], row["met_by"])
            for row in exchange.all("exchange.clocks", cin)
            if row["name"] == "FIRST_CONTACT_CALENDAR"
        }
        for story, cin in people.items()
    }
    due = DUE["FIRST_CONTACT_CALENDAR"]
    assert found == {
        "in time": {(due, "MET", date(2026, 11, 12), rows["in time"])},
        "late": {(due, "LATE", date(2026, 11, 16), rows["late"])},
        "not at all": {(due, "LATE", None, None)},
    }


def test_a_contact_on_a_second_day_is_the_follow_up_and_another_on_the_same_day_is_not(
    tell: Any, clocks: Clocks
) -> None:
    tell("2026-11-13", ("2026-11-11", "Y"))
    tell("2026-11-14", ("2026-11-11", "Y"), last_encounter_date=date(2026, 11, 11))
    assert clocks("2026-11-17")["FOLLOW_UP"] == ("OPEN", None, None)
    told = tell("2026-11-16", ("2026-11-12", "N"), ("2026-11-15", "Y"))
    status, on, met_by = clocks()["FOLLOW_UP"]
    assert (status, on) == ("MET", date(2026, 11, 15))
    assert str(met_by).startswith(f"attempt:{told}:")


def test_an_encounter_is_a_contact_the_first_or_the_second(tell: Any, clocks: Clocks) -> None:
    first = tell("2026-11-13", last_encounter_date=date(2026, 11, 12))
    found = clocks("2026-11-17")
    assert found["FIRST_CONTACT_CALENDAR"][:2] == ("MET", date(2026, 11, 12))
    assert str(found["FIRST_CONTACT_CALENDAR"][2]).startswith(f"encounter:{first}:")
    assert found["FOLLOW_UP"] == ("OPEN", None, None), "one visit is not two"
    tell("2026-11-20", last_encounter_date=date(2026, 11, 16))
    found = clocks()
    assert found["FIRST_CONTACT_CALENDAR"][1] == date(2026, 11, 12)
    assert found["FOLLOW_UP"][:2] == ("MET", date(2026, 11, 16))


def test_assessments_plans_and_conferences_are_what_they_are_and_meet_no_clock(tell: Any, clocks: Clocks) -> None:
    before = clocks()
    dates = dict.fromkeys(("assessment_date", "care_plan_date", "care_conference_date"), date(2026, 11, 11))
    tell("2026-11-30", **dates)
    assert clocks() == before


def test_a_letter_reaches_an_address_and_no_person(served: Any, person: Any, clocks: Clocks) -> None:
    file = served.file("2026-11-30", kind="otf")
    letter = {"attempt_method": "MAIL", "attempt_successful": "Y"}
    served.attempted(file, person(1), served.serving, "2026-11-11", **letter)
    assert clocks()["FIRST_CONTACT_CALENDAR"] == ("LATE", None, None)


def test_only_who_serves_the_person_on_the_day_of_the_contact_meets_a_clock(
    served: Any, person: Any, npi_of: Any, clocks: Clocks
) -> None:
    (other,) = {npi_of(1), npi_of(2)} - {served.serving}
    file = served.file("2026-11-30", kind="otf")
    served.attempted(file, person(1), other, "2026-11-11", attempt_successful="Y")
    served.returned(file, person(1), other, last_encounter_date=date(2026, 11, 11))
    assert clocks()["FIRST_CONTACT_CALENDAR"] == ("LATE", None, None)
    served.decision(person(1), other, "2026-11-11")
    served.derive("2026-11-11")
    assert clocks()["FIRST_CONTACT_CALENDAR"][:2] == ("MET", date(2026, 11, 11))
    served.attempted(file, person(1), served.serving, "2026-11-13", attempt_successful="Y")
    assert clocks()["FOLLOW_UP"][1] is None, "the provider before serves no more"


def test_a_corrected_file_that_takes_a_contact_back_opens_the_clock_again(tell: Any, clocks: Clocks) -> None:
    tell("2026-11-13", ("2026-11-11", "Y"), last_encounter_date=date(2026, 11, 15))
    assert [clocks()[name][0] for name in DUE] == ["MET", "MET"]
    tell("2026-11-14", ("2026-11-11", "N"))
    assert clocks()["FIRST_CONTACT_CALENDAR"][:2] == ("LATE", date(2026, 11, 15)), "the encounter is the first one then"
    assert clocks()["FOLLOW_UP"] == ("LATE", None, None)
    tell("2026-11-16", last_encounter_date=date(2026, 11, 4))
    assert clocks("2026-11-12")["FIRST_CONTACT_CALENDAR"] == ("OPEN", None, None)
    assert clocks()["FIRST_CONTACT_CALENDAR"] == ("LATE", None, None)


def test_the_first_contact_may_be_recorded_and_the_second_reported(
    served: Any, person: Any, tell: Any, clocks: Clocks
) -> None:
    on = date(2026, 11, 11)
    record(served.warehouse, person(1), "FIRST_CONTACT", happened_on=on, recorded_on=on, recorded_by="liaison")
    tell("2026-11-30", ("2026-11-11", "Y"))
    assert clocks()["FOLLOW_UP"][1] is None
    tell("2026-11-29", ("2026-11-13", "Y"))
    assert clocks()["FIRST_CONTACT_CALENDAR"][1] == on
    assert clocks()["FOLLOW_UP"][:2] == ("MET", date(2026, 11, 13))


def test_who_was_met_inside_or_before_the_release_showed_was_not_met_after_it(exchange: Any, person: Any) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.derive("2026-11-02")
    serving = exchange.open_assignment(person(1))["npi"]
    exchange.seen("2026-11-10", person(1), exchange.coverage("2026-11", "01", ji=True))
    exchange.noticed("2026-11-10", person(1), actual_release_date="2026-11-10")
    exchange.seen("2026-11-16", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.seen("2026-12-14", person(1), exchange.coverage("2026-12", "01", ji=True))
    file = exchange.file("2026-12-20", kind="otf")
    for on in ("2026-11-09", "2026-11-11", "2026-12-10", "2026-12-15"):
        exchange.attempted(file, person(1), serving, on, attempt_successful="Y")
    exchange.derive("2026-12-20")
    met = {}
    for episode in exchange.episodes(person(1)):
        found = exchange.all("exchange.clocks", person(1))
        met[episode["ordinal"]] = {
            row["met_on"]
            for row in found
            if row["episode_id"] == episode["episode_id"] and row["rule"] in ("R10", "R11")
        }
    assert met == {1: {date(2026, 11, 11), None}, 2: {date(2026, 12, 15), None}}


def test_a_contact_of_a_day_to_come_meets_nothing_yet(tell: Any, clocks: Clocks) -> None:
    tell("2026-11-11", ("2026-11-12", "Y"))
    assert clocks("2026-11-11")["FIRST_CONTACT_CALENDAR"] == ("OPEN", None, None)
    assert clocks("2026-11-12")["FIRST_CONTACT_CALENDAR"][0] == "MET"
