"""Every change of the roster is kept with its day, and the public has to learn of what it can see within 30 days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.config import Roster
from pipelines.config.providers import Provider
from pipelines.directory import Section, derive_directory, read_sections, update_directory

Make = Callable[..., Provider]
FIRST = date(2026, 11, 1)
STATES = st.none() | st.fixed_dictionaries(
    {"name": st.sampled_from(["Alder", "Birch"]), "active": st.booleans(), "capacity": st.sampled_from([5, 9])}
)
NIGHTS = st.lists(st.tuples(STATES, STATES), min_size=1, max_size=4)


def of(version: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(version[name] for name in names)


def test_a_provider_seen_first_is_new_and_due_within_30_calendar_days(desk: Any, a_provider: Make) -> None:
    counts = desk.night("2026-11-01", a_provider(1))
    (version,) = desk.versions(a_provider(1))
    assert of(version, "version", "changed", "status") == (1, "NEW", "DUE")
    assert of(version, "valid_from", "valid_to", "publish_by") == (date(2026, 11, 1), None, date(2026, 12, 1))
    assert (counts["active_providers"], counts["changes"], counts["to_publish"], counts["overdue"]) == (1, 1, 1, 0)


def test_a_second_run_of_the_night_adds_nothing(desk: Any, a_provider: Make) -> None:
    first = desk.night("2026-11-01", a_provider(1), a_provider(2))
    entries, versions = desk.exchange.all("facts.roster_entries"), desk.all("provider_directory")
    assert desk.night("2026-11-01", a_provider(2), a_provider(1)) == first
    assert desk.exchange.all("facts.roster_entries") == entries
    assert desk.all("provider_directory") == versions


def test_a_change_ends_the_version_before_it_and_says_what_changed(desk: Any, a_provider: Make) -> None:
    desk.night("2026-11-01", a_provider(1))
    desk.night("2026-11-09", a_provider(1))
    desk.night("2026-11-10", a_provider(1, service_scope="HANDOFF_ONLY", languages=("ENG", "SPA"), capacity=4))
    before, after = desk.versions(a_provider(1))
    assert of(before, "valid_from", "valid_to") == (date(2026, 11, 1), date(2026, 11, 9))
    assert of(after, "valid_from", "valid_to") == (date(2026, 11, 10), None)
    assert of(after, "changed", "publish_by") == ("service_scope;languages;capacity", date(2026, 12, 10))


def test_another_order_in_a_list_is_no_change(desk: Any, a_provider: Make) -> None:
    desk.night("2026-11-01", a_provider(1, languages=("ENG", "SPA")))
    desk.night("2026-11-02", a_provider(1, languages=("SPA", "ENG")))
    assert len(desk.versions(a_provider(1))) == 1


@pytest.mark.parametrize("change", [{"capacity": 3}, {"tin": "000000009"}, {"folder": "/elsewhere"}, {"host": "other"}])
def test_what_the_public_never_sees_has_a_version_and_nothing_to_publish(
    desk: Any, a_provider: Make, change: dict[str, Any]
) -> None:
    desk.night("2026-11-01", a_provider(1))
    desk.night("2026-11-02", a_provider(1, **change))
    newest = desk.versions(a_provider(1))[-1]
    assert of(newest, "changed", "publish_by", "status") == (*change, None, "NOT_PUBLIC")


def test_what_only_the_night_needs_is_no_version(desk: Any, a_provider: Make) -> None:
    desk.night("2026-11-01", a_provider(1))
    desk.night("2026-11-02", a_provider(1, full_day="FRI", formats=("csv", "xlsx"), key_file="/another"))
    assert len(desk.versions(a_provider(1))) == 1


def test_a_provider_that_was_never_active_is_nothing_to_publish_until_it_is(desk: Any, a_provider: Make) -> None:
    desk.night("2026-11-01", a_provider(1, active=False))
    desk.night("2026-11-05", a_provider(1))
    assert [of(v, "changed", "status") for v in desk.versions(a_provider(1))] == [
        ("NEW", "NOT_PUBLIC"),
        ("active", "DUE"),
    ]


def test_a_provider_that_becomes_inactive_has_to_leave_the_public_edition(desk: Any, a_provider: Make) -> None:
    desk.night("2026-11-01", a_provider(1))
    desk.night("2026-11-05", a_provider(1, active=False))
    assert of(desk.versions(a_provider(1))[-1], "changed", "publish_by") == ("active", date(2026, 12, 5))


def test_a_provider_that_left_the_roster_stays_in_the_history_and_may_return(desk: Any, a_provider: Make) -> None:
    desk.night("2026-11-01", a_provider(1), a_provider(2))
    desk.night("2026-11-03", a_provider(2))
    desk.night("2026-11-04", a_provider(2))
    desk.night("2026-11-06", a_provider(1, capacity=3), a_provider(2))
    told = [of(v, "changed", "listed", "name", "valid_to") for v in desk.versions(a_provider(1))]
    assert told == [
        ("NEW", True, "Provider 1", date(2026, 11, 2)),
        ("LEFT", False, "Provider 1", date(2026, 11, 5)),
        ("RETURNED;capacity", True, "Provider 1", None),
    ]


def test_an_announced_change_has_its_version_from_the_day_it_counts(desk: Any, a_provider: Make) -> None:
    lines = (
        a_provider(1, effective_to="2026-11-02"),
        a_provider(1, effective_from="2026-11-03", effective_to="2026-11-04", name="Renamed"),
    )
    for number in range(1, 7):
        desk.night(f"2026-11-0{number}", *lines)
    told = [of(v, "valid_from", "changed", "active") for v in desk.versions(a_provider(1))]
    assert told == [
        (date(2026, 11, 1), "NEW", True),
        (date(2026, 11, 3), "name", True),
        (date(2026, 11, 5), "active", False),
    ]


def test_a_change_that_is_taken_back_in_the_same_night_leaves_no_version(desk: Any, a_provider: Make) -> None:
    desk.night("2026-11-01", a_provider(1))
    desk.night("2026-11-02", a_provider(1, name="Slip of the pen"))
    desk.night("2026-11-02", a_provider(1))
    (version,) = desk.versions(a_provider(1))
    assert of(version, "name", "valid_to") == ("Provider 1", None)


def test_a_change_that_was_not_published_in_time_is_overdue_the_day_after(desk: Any, a_provider: Make) -> None:
    desk.night("2026-11-01", a_provider(1))
    assert desk.night("2026-12-01", a_provider(1))["overdue"] == 0
    assert desk.night("2026-12-02", a_provider(1))["overdue"] == 1
    assert desk.versions(a_provider(1))[0]["status"] == "OVERDUE"


def test_a_plan_may_set_itself_a_shorter_time(desk: Any, a_provider: Make) -> None:
    desk.exchange.configure(directory={"publish_within_days": 5})
    desk.night("2026-11-01", a_provider(1))
    assert desk.versions(a_provider(1))[0]["publish_by"] == date(2026, 11, 6)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NIGHTS)
def test_versions_never_overlap_and_say_of_every_night_what_its_roster_said(
    desk: Any, a_provider: Make, nights: list[tuple[dict[str, Any] | None, ...]]
) -> None:
    exchange = desk.exchange
    rosters = [
        (FIRST + timedelta(days=2 * number), [a_provider(i, **state) for i, state in enumerate(each, 1) if state])
        for number, each in enumerate(nights)
    ]

    def replay(runs: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[Section]]:
        """Give entries, versions, and the providers as of each night; nothing of it stays in the store."""
        with exchange.warehouse.rehearsal():
            for on, providers in rosters:
                for _ in range(runs):
                    update_directory(exchange.warehouse, exchange.config, Roster(tuple(providers)), on)
            entries, versions = exchange.all("facts.roster_entries"), desk.all("provider_directory", "npi, version")
            derive_directory(exchange.warehouse, exchange.config, rosters[-1][0])
            assert desk.all("provider_directory", "npi, version") == versions, "rebuilt from the facts"
            told = [read_sections(exchange.warehouse, on, public=False)[0] for on, _ in rosters]
        return entries, versions, told

    found = replay(2)
    assert replay(1) == found
    _, versions, told = found
    for one, other in pairwise(versions):
        if one["npi"] == other["npi"]:
            assert one["valid_from"] <= one["valid_to"] == other["valid_from"] - timedelta(days=1)
            assert other["version"] == one["version"] + 1
    for (_, providers), section in zip(rosters, told, strict=True):
        shown = [dict(zip(section.columns, row, strict=True)) for row in section.rows]
        assert sorted((row["npi"], row["name"], row["active"], row["capacity"]) for row in shown) == sorted(
            (p.npi, p.name, "NY"[p.active], p.capacity) for p in providers
        )
