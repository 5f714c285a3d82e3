"""What gates doubt of a provider's rows: a surge, an 834 full of rejects, an 834 that is too old."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

WEDNESDAY = date(2026, 10, 28)


def night(number: int) -> date:
    """The business day so many after the first."""
    return np.busday_offset(WEDNESDAY, number).item()


@pytest.fixture
def give(world: Any, npis: Sequence[str]) -> Callable[..., list[tuple[str, str]]]:
    """Assign so many new members to the first provider, run the night, and tell what is held of it."""
    numbers = iter(range(1, 10_000))

    def give(on: date, members: int, npi: str = npis[0], *, arrives: bool = True) -> list[tuple[str, str]]:
        for _ in range(members):
            world.assign(next(numbers), npi, on=on)
        world.prepare(on)
        if arrives:
            world.post(on)
        else:
            world.drop(npi)
        found: list[tuple[str, str]] = world.warehouse.rows(
            "SELECT code, detail FROM delivery.holds WHERE npi = $npi AND business_date = $on ORDER BY code",
            {"npi": npi, "on": on},
        )
        return found

    return give


@pytest.fixture
def usual(world: Any, npis: Sequence[str]) -> Callable[[int], None]:
    """Let the first provider have been told of thirty members on its first night, and of so many on seven more."""

    def usual(members: int) -> None:
        days = [night(0)] * 30 + [night(n) for n in range(1, 8) for _ in range(members)]
        world.warehouse.lend("earlier", pd.DataFrame({"day": days, "n": range(5000, 5000 + len(days)), "npi": npis[0]}))
        for statement in (
            """INSERT INTO exchange.ecm_assignments BY NAME
               SELECT 'earlier-' || n AS assignment_id, n AS decision, '9000' || n || 'B' AS cin, npi,
                      'RULE' AS method, day AS assigned_on, false AS late_add, '' AS reason FROM earlier""",
            """INSERT INTO delivery.deliveries BY NAME
               SELECT '' AS outbox_id, npi AS recipient, '' AS name, day AS business_date, day AS delivered_on,
                      '' AS sha256, 0 AS size, 1 AS rows, 'DELIVERED' AS outcome, n AS delivery FROM earlier""",
            """INSERT INTO delivery.delivered_rows BY NAME
               SELECT n AS delivery, '' AS outbox_id, npi, 'earlier-' || n AS assignment_id, '' AS cin,
                      'ADD' AS record_action, '' AS change_reason, '' AS row_hash, '{}' AS content FROM earlier""",
        ):
            world.warehouse.run(statement)

    return usual


def test_the_first_night_of_a_plan_brings_everyone(give: Any) -> None:
    assert give(night(0), 200) == []


def test_a_day_with_many_times_the_members_of_any_before_is_held(
    give: Any, usual: Any, world: Any, npis: Sequence[str]
) -> None:
    usual(6)
    assert give(night(8), 31) == [("G04", f"31 assigned on {night(8)}, 6 at most before")]
    assert world.told(npis[0])[72:] == [], "none of the surge has been told"


def test_what_was_held_once_is_held_the_next_night_and_the_usual_goes(
    give: Any, usual: Any, npis: Sequence[str], world: Any
) -> None:
    usual(6)
    give(night(8), 31)
    assert give(night(9), 6) == [("G04", f"31 assigned on {night(8)}, 6 at most before")]
    assert len(world.told(npis[0])[72:]) == 6


@pytest.mark.parametrize(("members", "codes"), [(25, []), (26, ["G04"])])
def test_up_to_the_floor_nobody_is_held(give: Any, usual: Any, members: int, codes: list[str]) -> None:
    usual(1)
    assert [code for code, _ in give(night(8), members)] == codes


def test_the_multiple_itself_passes(give: Any, usual: Any) -> None:
    usual(10)
    assert give(night(8), 50) == []


def test_members_of_one_day_add_up_over_the_runs_of_a_night(give: Any, usual: Any) -> None:
    usual(2)
    assert give(night(8), 20) == []
    assert give(night(8), 6) == [("G04", f"26 assigned on {night(8)}, 2 at most before")]


def test_members_owed_since_a_server_was_down_are_no_surge(
    give: Any, usual: Any, npis: Sequence[str], world: Any
) -> None:
    usual(6)
    for number in range(8, 14):
        give(night(number), 6, arrives=False)
    assert give(night(14), 6) == []
    assert len(set(world.told(npis[0])[72:])) == 7 * 6


def test_a_new_provider_is_measured_by_the_busiest_day_of_the_others(
    give: Any, usual: Any, npis: Sequence[str]
) -> None:
    usual(6)
    assert give(night(8), 30, npis[1]) == []
    assert [code for code, _ in give(night(9), 31, npis[1])] == ["G04"]


@pytest.mark.parametrize(("days", "codes"), [(89, []), (96, ["G04"])])
def test_a_busy_day_counts_as_long_as_the_window_reaches_back(
    give: Any, usual: Any, days: int, codes: list[str]
) -> None:
    usual(1)
    give(night(8), 20)
    assert [code for code, _ in give(night(8) + timedelta(days=days), 30)] == codes


@pytest.fixture
def rests_on(world: Any) -> Callable[..., None]:
    """Let the newest word on some members be an 834 of a day, with so many rejects among a hundred rows."""

    def rests_on(day: date, *numbers: int, rejected: int = 0, scope: str = "DAILY", source: str = "dhcs") -> None:
        file_id = f"{source}-{day}-{rejected}"
        world.warehouse.run(
            """INSERT INTO ledger.files BY NAME
               SELECT $file_id AS file_id, $source AS source, '' AS name, '834' AS kind, '' AS layout, 0 AS size,
                   0 AS modified, $file_id AS sha256, $day AS business_date, 1 AS arrival, $day AS file_date,
                   1 AS sequence, $scope AS scope, 1 AS file_order, 'ACCEPTED' AS status, '' AS reason, '' AS detail,
                   100 AS rows_in, 100 - $rejected AS rows_loaded, $rejected AS rows_rejected, 0 AS rows_duplicate,
                   0 AS rows_warned, true AS applied""",
            {"file_id": file_id, "source": source, "day": day, "rejected": rejected, "scope": scope},
        )
        world.warehouse.run(
            "UPDATE exchange.members SET file_id = $file_id WHERE list_contains($cins, cin)",
            {"file_id": file_id, "cins": [f"9{number:07d}B" for number in numbers]},
        )

    return rests_on


def held(world: Any, on: date) -> list[tuple[str, str, int, str]]:
    found: list[tuple[str, str, int, str]] = world.warehouse.rows(
        "SELECT npi, code, rows, detail FROM delivery.holds WHERE business_date = $on ORDER BY ALL", {"on": on}
    )
    return found


def test_what_rests_on_an_834_full_of_rejects_is_held_and_nothing_else(
    world: Any, npis: Sequence[str], rests_on: Any
) -> None:
    first, second = world.assign(1, npis[0]), world.assign(2, npis[0])
    world.assign(3, npis[1])
    rests_on(WEDNESDAY, 1, rejected=21)
    rests_on(WEDNESDAY, 2, 3, rejected=20)
    world.prepare()
    world.post()
    assert held(world, WEDNESDAY) == [(npis[0], "G05", 1, f"dhcs of {WEDNESDAY}: 21 of 100 rejected")]
    assert world.told(npis[0]) == [("ADD", second)]

    rests_on(night(1), 1)
    world.prepare(night(1))
    world.post(night(1))
    assert world.told(npis[0]) == [("ADD", second), ("ADD", first)], "a sound 834 has spoken of the member since"


def test_an_834_that_a_person_let_through_for_its_rejects_is_not_doubted_again(
    world: Any, npis: Sequence[str], rests_on: Any
) -> None:
    world.assign(1, npis[0])
    rests_on(WEDNESDAY, 1, rejected=60)
    world.warehouse.run(
        """INSERT INTO facts.releases SELECT 'r', 1, $on, 'FILE', file_id, 'F14', sha256, 'seen', 'operator'
           FROM ledger.files""",
        {"on": WEDNESDAY},
    )
    world.prepare()
    assert held(world, WEDNESDAY) == []


def test_nobody_s_enrolment_ends_on_an_old_834_and_whoever_comes_is_told(
    world: Any, npis: Sequence[str], rests_on: Any
) -> None:
    lost, moved = world.assign(1, npis[0]), world.assign(2, npis[0])
    rests_on(WEDNESDAY, 1, 2)
    world.prepare()
    world.post()
    later = night(4)
    world.end(lost, on=later)
    world.end(moved, on=later)
    world.warehouse.run(
        "UPDATE exchange.ecm_assignments SET end_reason = 'PROVIDER_CHANGE' WHERE assignment_id = $id", {"id": moved}
    )
    released = world.assign(3, npis[0], on=later)
    world.prepare(later)
    world.post(later)
    assert held(world, later) == [(npis[0], "G06", 1, f"the last 834 of dhcs is of {WEDNESDAY}")]
    assert world.told(npis[0])[2:] == [("TERM", moved), ("ADD", released)]


@pytest.mark.parametrize(
    ("days", "scope", "holidays", "codes"),
    [
        (3, "DAILY", [], []),
        (4, "DAILY", [], ["G06"]),
        (4, "DAILY", [night(2)], []),
        (40, "FULL", [], []),  # its source sends no changes: a month between its files is what it is
    ],
)
def test_age_is_counted_in_business_days_of_a_source_that_speaks_daily(
    world: Any, npis: Sequence[str], rests_on: Any, days: int, scope: str, holidays: list[date], codes: list[str]
) -> None:
    plan = world.config.plan.model_copy(update={"holidays": tuple(holidays)})
    world.config = world.config.model_copy(update={"plan": plan})
    lost = world.assign(1, npis[0])
    rests_on(WEDNESDAY, 1, scope=scope)
    world.prepare()
    world.post()
    world.end(lost, on=night(days))
    world.prepare(night(days))
    assert [code for _, code, _, _ in held(world, night(days))] == codes


def test_one_source_that_is_silent_does_not_hold_what_another_says(
    world: Any, npis: Sequence[str], rests_on: Any
) -> None:
    quiet, heard = world.assign(1, npis[0]), world.assign(2, npis[0])
    rests_on(WEDNESDAY, 1)
    rests_on(night(4), 2, source="delegate")
    world.prepare()
    world.post()
    world.end(quiet, heard, on=night(4))
    world.prepare(night(4))
    world.post(night(4))
    assert world.told(npis[0])[2:] == [("TERM", heard)]
