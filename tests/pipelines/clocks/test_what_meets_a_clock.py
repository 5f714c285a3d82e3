"""What meets a clock, for which episode, and what becomes of clocks whose episode is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.clocks import derive_clocks
from pipelines.enrollment import apply_enrollment
from pipelines.liaison import record, void

Person = Callable[[int], str]
Clocks = Callable[..., dict[str, dict[str, Any]]]
Note = Callable[..., str]
PLAN = {"name": "Sample Health Plan", "id": "SHP", "hcp_codes": ["010"], "counties": ["Fresno"]}
THANKSGIVING = [date(2026, 11, 26), date(2026, 11, 27)]


@pytest.fixture
def note(exchange: Any, person: Person) -> Note:
    """Function that records something of the first person as the liaison."""

    def record_it(kind: str, on: str, detail: str = "", cin: str = "") -> str:
        day = date.fromisoformat(on)
        told: dict[str, Any] = {"happened_on": day, "recorded_on": day, "recorded_by": "liaison", "detail": detail}
        return record(exchange.warehouse, cin or person(1), kind, **told)

    return record_it


def leaves(exchange: Any, cin: str, manager: str) -> None:
    """Inside on the 2nd, released and told of on Tuesday the 10th of November."""
    exchange.seen("2026-11-02", cin, exchange.coverage("2026-11", "05", ji=True))
    exchange.seen("2026-11-10", cin, exchange.coverage("2026-11", "01", ji=True))
    exchange.noticed("2026-11-10", cin, actual_release_date="2026-11-10", pre_release_cm_npi=manager)


@pytest.fixture
def released(exchange: Any, person: Person, npi_of: Any) -> Any:
    """The first person, who left on the 10th of November; the manager before is another than the provider after."""
    exchange.configure(plan=PLAN | {"holidays": THANKSGIVING})
    leaves(exchange, person(1), npi_of(9))
    apply_enrollment(exchange.warehouse, exchange.config)
    return exchange


@pytest.fixture
def clocks(exchange: Any, person: Person) -> Clocks:
    """Function that derives a night, or counts its clocks anew, and returns those of the newest episode by name."""

    def derived(night: str, *, clocks_only: bool = False) -> dict[str, dict[str, Any]]:
        if clocks_only:
            plan = exchange.config.plan
            on = date.fromisoformat(night)
            derive_clocks(exchange.warehouse, exchange.config.clocks, on, plan.holidays, plan.timezone)
        else:
            exchange.derive(night)
        newest = exchange.episodes(person(1))[-1]["episode_id"]
        found = exchange.all("exchange.clocks", person(1))
        return {row["name"]: row for row in found if row["episode_id"] == newest}

    return derived


def outcome(clock: dict[str, Any]) -> tuple[date, str, date | None, str | None]:
    return clock["due"], clock["status"], clock["met_on"], clock["met_by"]


RECORDS = (
    ("FIRST_CONTACT", "2026-11-12", "FIRST_CONTACT_CALENDAR", date(2026, 11, 12), "MET"),
    ("FIRST_CONTACT", "2026-11-10", "FIRST_CONTACT_BUSINESS", date(2026, 11, 12), "MET"),
    ("FIRST_CONTACT", "2026-11-13", "FIRST_CONTACT_BUSINESS", date(2026, 11, 12), "LATE"),
    ("FOLLOW_UP", "2026-11-17", "FOLLOW_UP", date(2026, 11, 17), "MET"),
    ("FOLLOW_UP", "2026-11-18", "FOLLOW_UP", date(2026, 11, 17), "LATE"),
    ("WARM_HANDOFF", "2026-11-16", "HANDOFF_AFTER_RELEASE", date(2026, 11, 17), "MET"),
    ("CARE_PLAN_RECEIVED", "2026-11-11", "REENTRY_CARE_PLAN", date(2026, 11, 11), "MET"),
    ("CARE_PLAN_RECEIVED", "2026-11-12", "REENTRY_CARE_PLAN", date(2026, 11, 11), "LATE"),
    ("MATERIALS_SENT", "2026-11-17", "NEW_MEMBER_MATERIALS", date(2026, 11, 17), "MET"),
)


def test_a_record_meets_its_clock_on_the_day_it_happened(
    exchange: Any, person: Person, npi_of: Any, note: Note
) -> None:
    expected = {}
    for number, (kind, on, name, due, status) in enumerate(RECORDS, start=1):
        leaves(exchange, person(number), npi_of(9))
        apply_enrollment(exchange.warehouse, exchange.config)
        event_id = note(kind, on, cin=person(number))
        expected[person(number), name] = (due, status, date.fromisoformat(on), f"liaison:{event_id}")
    exchange.derive("2026-11-20")
    found = {(row["cin"], row["name"]): outcome(row) for row in exchange.all("exchange.clocks")}
    assert {key: found[key] for key in expected} == expected


def test_the_first_of_several_records_counts_and_one_taken_back_does_not(
    released: Any, person: Person, clocks: Clocks, note: Note
) -> None:
    second = note("FOLLOW_UP", "2026-11-16")
    first = note("FOLLOW_UP", "2026-11-13")
    assert outcome(clocks("2026-11-20")["FOLLOW_UP"])[2:] == (date(2026, 11, 13), f"liaison:{first}")
    void(released.warehouse, first, cin=person(1), recorded_on=date(2026, 11, 20), recorded_by="liaison")
    assert outcome(clocks("2026-11-20", clocks_only=True)["FOLLOW_UP"])[2:] == (date(2026, 11, 16), f"liaison:{second}")
    void(released.warehouse, second, cin=person(1), recorded_on=date(2026, 11, 20), recorded_by="liaison")
    assert outcome(clocks("2026-11-20", clocks_only=True)["FOLLOW_UP"])[1:] == ("LATE", None, None)


def test_a_night_before_the_record_knows_nothing_of_it(released: Any, clocks: Clocks, note: Note) -> None:
    note("FOLLOW_UP", "2026-11-13")
    assert clocks("2026-11-12")["FOLLOW_UP"]["status"] == "OPEN"


def test_what_was_done_while_inside_is_no_contact_after_release(released: Any, clocks: Clocks, note: Note) -> None:
    for kind in ("FIRST_CONTACT", "FOLLOW_UP", "MATERIALS_SENT"):
        note(kind, "2026-11-09")
    assert {clock["met_on"] for clock in clocks("2026-11-11").values() if clock["rule"] in ("R9", "R10", "R11")} == {
        None
    }


def test_of_the_two_readings_of_the_first_contact_the_stricter_is_the_target(released: Any, clocks: Clocks) -> None:
    found = clocks("2026-11-10")
    both = {"FIRST_CONTACT_CALENDAR": True, "FIRST_CONTACT_BUSINESS": False}
    assert {name: clock["is_target"] for name, clock in found.items() if clock["rule"] == "R10"} == both
    assert all(clock["is_target"] for clock in found.values() if clock["rule"] != "R10")


@pytest.mark.parametrize(
    ("told", "starts"),
    [("2026-11-12", date(2026, 11, 12)), ("2026-11-13", date(2026, 11, 10))],
    ids=["while it runs", "when it has run out"],
)
def test_data_that_comes_after_the_notice_starts_the_contact_unless_it_was_due_already(
    exchange: Any, person: Person, clocks: Clocks, told: str, starts: date
) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.seen("2026-11-10", person(1), exchange.coverage("2026-11", "01", ji=True))
    exchange.noticed(told, person(1), facility_name="Brindlemoor Jail")
    assert clocks("2026-11-13")["FIRST_CONTACT_CALENDAR"]["trigger_date"] == starts


def test_a_hand_off_before_the_release_meets_both_hand_offs_and_makes_the_care_plan_void(
    exchange: Any, person: Person, npi_of: Any, clocks: Clocks, note: Note
) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    told = {"pre_release_cm_npi": npi_of(9), "expected_release_date": "2026-11-20"}
    exchange.noticed("2026-11-02", person(1), **told)
    apply_enrollment(exchange.warehouse, exchange.config)
    event_id = note("WARM_HANDOFF", "2026-11-06")
    assert clocks("2026-11-06")["HANDOFF_BEFORE_RELEASE"]["status"] == "MET"
    exchange.seen("2026-11-20", person(1), exchange.coverage("2026-11", "01", ji=True))
    exchange.noticed("2026-11-20", person(1), actual_release_date="2026-11-20", **told)
    found = clocks("2026-11-24")
    met_by = f"liaison:{event_id}"
    assert outcome(found["HANDOFF_BEFORE_RELEASE"]) == (date(2026, 11, 6), "MET", date(2026, 11, 6), met_by)
    assert outcome(found["HANDOFF_AFTER_RELEASE"]) == (date(2026, 11, 27), "MET", date(2026, 11, 6), met_by)
    assert outcome(found["REENTRY_CARE_PLAN"])[1:] == ("VOID", None, met_by), "none is due then (R14)"


def test_without_one_the_hand_off_after_release_takes_its_place(
    exchange: Any, person: Person, npi_of: Any, clocks: Clocks
) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    told = {"pre_release_cm_npi": npi_of(9), "expected_release_date": "2026-11-20"}
    exchange.noticed("2026-11-02", person(1), **told)
    assert clocks("2026-11-09")["HANDOFF_BEFORE_RELEASE"]["status"] == "LATE"
    exchange.seen("2026-11-20", person(1), exchange.coverage("2026-11", "01", ji=True))
    found = clocks("2026-11-20")
    assert found["HANDOFF_BEFORE_RELEASE"]["status"] == "VOID"
    assert found["HANDOFF_AFTER_RELEASE"]["status"] == "OPEN"


def test_a_provider_is_due_by_the_release_from_ninety_days_before_it(
    exchange: Any, person: Person, clocks: Clocks
) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.noticed("2026-11-02", person(1), expected_release_date="2026-12-10")
    exchange.providers()
    clock = clocks("2026-11-02")["ASSIGNMENT"]
    assert (clock["trigger_date"], clock["due"], clock["status"]) == (date(2026, 9, 11), date(2026, 12, 10), "OPEN")
    assert clocks("2026-12-11")["ASSIGNMENT"]["status"] == "LATE"


def test_an_assignment_meets_it_and_one_from_before_the_next_release_goes_on(
    released: Any, person: Person, clocks: Clocks
) -> None:
    released.derive("2026-11-02")
    assignment = released.open_assignment(person(1))["assignment_id"]
    met = (date(2026, 11, 10), "MET", date(2026, 11, 2), f"assignment:{assignment}")
    assert outcome(clocks("2026-11-10")["ASSIGNMENT"]) == met
    released.seen("2026-11-12", person(1), released.coverage("2026-11", "05", ji=True))
    released.seen("2026-11-20", person(1), released.coverage("2026-11", "01", ji=True))
    assert outcome(clocks("2026-11-20")["ASSIGNMENT"]) == (date(2026, 11, 23), *met[1:])


def test_who_was_out_before_the_plan_knew_is_assigned_within_a_business_day(
    exchange: Any, person: Person, clocks: Clocks
) -> None:
    exchange.seen("2026-11-20", person(1), exchange.coverage("2026-11", "01", ji=True))
    exchange.noticed("2026-11-20", person(1), actual_release_date="2026-11-15")
    clock = clocks("2026-11-23")["ASSIGNMENT"]
    assert (clock["trigger_date"], clock["due"], clock["status"]) == (date(2026, 11, 20), date(2026, 11, 23), "MET")


@pytest.mark.parametrize("status", ["05", "00"])
def test_when_the_episode_is_over_what_was_met_stays_and_the_rest_is_void(
    released: Any, person: Person, clocks: Clocks, note: Note, status: str
) -> None:
    note("FIRST_CONTACT", "2026-11-11")
    note("FOLLOW_UP", "2026-11-18")
    released.seen("2026-11-19", person(1), released.coverage("2026-11", status, ji=True))
    found = clocks("2026-11-20")
    assert found["FIRST_CONTACT_CALENDAR"]["status"] == "MET"
    assert found["FOLLOW_UP"]["status"] == "LATE", "done, though a day after it was due"
    assert {found[name]["status"] for name in ("NEW_MEMBER_MATERIALS", "HANDOFF_AFTER_RELEASE")} == {"VOID"}


def test_each_record_counts_for_one_release(released: Any, person: Person, clocks: Clocks, note: Note) -> None:
    note("FIRST_CONTACT", "2026-11-11")
    note("WARM_HANDOFF", "2026-11-12")
    released.seen("2026-11-16", person(1), released.coverage("2026-11", "05", ji=True))
    released.seen("2026-12-14", person(1), released.coverage("2026-12", "01", ji=True))
    found = clocks("2026-12-14")
    assert {found[name]["met_on"] for name in ("FIRST_CONTACT_CALENDAR", "HANDOFF_AFTER_RELEASE")} == {None}
    note("WARM_HANDOFF", "2026-12-10")
    note("FIRST_CONTACT", "2026-12-15")
    found = clocks("2026-12-15", clocks_only=True)
    assert found["FIRST_CONTACT_CALENDAR"]["met_on"] == date(2026, 12, 15)
    assert found["HANDOFF_AFTER_RELEASE"]["met_on"] == date(2026, 12, 10), "prepared while inside"
    everything = released.all("exchange.clocks", person(1))
    assert {row["met_on"] for row in everything if row["name"] == "FIRST_CONTACT_CALENDAR"} == {
        date(2026, 11, 11), date(2026, 12, 15),
    }  # fmt: skip


def test_a_contact_after_hours_is_answered_within_a_business_day_whatever_becomes_of_the_episode(
    released: Any, person: Person, clocks: Clocks, note: Note
) -> None:
    saturday = note("AFTER_HOURS_CONTACT", "2026-11-14", "a sister")
    before_the_holidays = note("AFTER_HOURS_CONTACT", "2026-11-25", "the person")
    released.seen("2026-11-27", person(1), released.coverage("2026-11", "00"))

    clocks("2026-11-27")

    def contacts(night: str) -> dict[date, tuple[Any, ...]]:
        clocks(night, clocks_only=True)
        found = released.all("exchange.clocks", person(1))
        return {row["trigger_date"]: outcome(row) for row in found if row["rule"] == "R26"}

    assert contacts("2026-11-27") == {
        date(2026, 11, 14): (date(2026, 11, 16), "LATE", None, None),
        date(2026, 11, 25): (date(2026, 11, 30), "OPEN", None, None),
    }
    answer = f"liaison:{note('AFTER_HOURS_ANSWERED', '2026-11-30')}"
    assert contacts("2026-11-30") == {
        date(2026, 11, 14): (date(2026, 11, 16), "LATE", date(2026, 11, 30), answer),
        date(2026, 11, 25): (date(2026, 11, 30), "MET", date(2026, 11, 30), answer),
    }
    assert len({saturday, before_the_holidays, answer}) == 3


def test_a_contact_about_a_member_without_an_episode_has_a_clock_as_well(
    exchange: Any, person: Person, note: Note
) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01"))
    apply_enrollment(exchange.warehouse, exchange.config)
    note("AFTER_HOURS_CONTACT", "2026-11-13")
    exchange.derive("2026-11-13")
    clock = exchange.one("exchange.clocks", person(1))
    assert (clock["rule"], clock["episode_id"], clock["due"]) == ("R26", None, date(2026, 11, 16))


def test_a_record_under_a_merged_cin_meets_the_clock_of_the_person(
    released: Any, person: Person, clocks: Clocks, note: Note
) -> None:
    released.seen("2026-11-03", person(2), released.coverage("2026-11", "01"))
    apply_enrollment(released.warehouse, released.config)
    note("FOLLOW_UP", "2026-11-13", cin=person(2))
    assert clocks("2026-11-14")["FOLLOW_UP"]["met_on"] is None
    merge = "INSERT INTO exchange.cin_aliases SELECT $alias, $cin, DATE '2026-11-14', 'LIAISON'"
    released.warehouse.run(merge, {"alias": person(2), "cin": person(1)})
    clocks("2026-11-14", clocks_only=True)
    (met,) = {row["met_on"] for row in released.all("exchange.clocks", person(1)) if row["name"] == "FOLLOW_UP"}
    assert met == date(2026, 11, 13)


def test_another_holiday_table_shows_in_the_calendar_of_every_clock(released: Any, clocks: Clocks) -> None:
    (before,) = {clock["calendar"] for clock in clocks("2026-11-10").values()}
    released.configure(plan=PLAN | {"holidays": [*THANKSGIVING, date(2026, 11, 11)]})
    found = clocks("2026-11-10", clocks_only=True)
    assert {clock["calendar"] for clock in found.values()}.isdisjoint({before})
    assert found["FIRST_CONTACT_BUSINESS"]["due"] == date(2026, 11, 13)
