"""A person lets rows past the gate that holds them: exactly those, past that one, on the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.config import Roster
from pipelines.delivery.holds import told_of_holds
from pipelines.releases import ReleaseRefused, release

WEDNESDAY = date(2026, 10, 28)
THURSDAY, FRIDAY = WEDNESDAY + timedelta(days=1), WEDNESDAY + timedelta(days=2)


@pytest.fixture
def melting(world: Any, npis: Sequence[str]) -> list[str]:
    """Ten members of the first provider, three of whom leave on Thursday; returns all ten."""
    assignments = [world.assign(number, npis[0]) for number in range(1, 11)]
    world.prepare()
    world.post()
    world.end(*assignments[:3], on=THURSDAY)
    world.prepare(THURSDAY)
    world.post(THURSDAY)
    return assignments


def hold(world: Any, on: date = THURSDAY) -> str:
    ((found,),) = world.warehouse.rows("SELECT hold_id FROM delivery.holds WHERE business_date = $on", {"on": on})
    return str(found)


def let_go(world: Any, hold_id: str, on: date = THURSDAY) -> Any:
    return release(world.warehouse, hold_id, on=on, reason="they moved away", released_by="operator")


def ends(world: Any, npi: str) -> list[str]:
    return [assignment for action, assignment in world.told(npi) if action == "TERM"]


def test_released_rows_go_with_the_next_run_and_are_not_held_again(
    world: Any, npis: Sequence[str], melting: list[str]
) -> None:
    released = let_go(world, hold(world)[:12])
    assert (released.kind, released.code, released.is_news) == ("DELIVERY", "G02", True)
    world.prepare(THURSDAY)
    assert told_of_holds(world.warehouse, THURSDAY) == []
    world.post(THURSDAY)
    assert ends(world, npis[0]) == sorted(melting[:3])
    world.prepare(THURSDAY)
    assert world.post(THURSDAY) == [], "a night that is run again says nothing twice"


def test_released_rows_that_could_not_be_delivered_go_another_night(
    world: Any, npis: Sequence[str], melting: list[str]
) -> None:
    let_go(world, hold(world))
    world.prepare(THURSDAY)
    world.post(THURSDAY, fails=lambda _: True)
    world.drop(npis[0])
    world.prepare(FRIDAY)
    world.post(FRIDAY)
    assert ends(world, npis[0]) == sorted(melting[:3])


def test_rows_that_changed_after_the_release_are_held_again(
    world: Any, npis: Sequence[str], melting: list[str]
) -> None:
    first = hold(world)
    let_go(world, first)
    world.end(melting[3], on=FRIDAY)
    world.prepare(FRIDAY)
    world.post(FRIDAY)
    assert ends(world, npis[0]) == []
    assert hold(world, FRIDAY) != first
    let_go(world, hold(world, FRIDAY), FRIDAY)
    world.prepare(FRIDAY)
    world.post(FRIDAY)
    assert ends(world, npis[0]) == sorted(melting[:4])


def test_a_row_that_says_another_thing_than_when_it_was_released_is_held_again(
    world: Any, npis: Sequence[str], melting: list[str]
) -> None:
    let_go(world, hold(world))
    world.warehouse.run("UPDATE exchange.members SET last_name = 'OTHER' WHERE cin = '90000001B'")
    world.prepare(THURSDAY)
    world.post(THURSDAY)
    assert ends(world, npis[0]) == []


def test_a_release_from_one_gate_does_not_open_another(
    make_world: Any, make_provider: Any, npis: Sequence[str]
) -> None:
    world = make_world(make_provider(npis[0]), enrollment_stale_days=1)
    assignments = [world.assign(number, npis[0]) for number in range(1, 11)]
    world.warehouse.run(
        """INSERT INTO ledger.files BY NAME
           SELECT 'f' AS file_id, 'dhcs' AS source, '' AS name, '834' AS kind, '' AS layout, 0 AS size, 0 AS modified,
               '' AS sha256, $on AS business_date, 1 AS arrival, $on AS file_date, 1 AS sequence, 'DAILY' AS scope,
               1 AS file_order, 'ACCEPTED' AS status, '' AS reason, '' AS detail, 10 AS rows_in, 10 AS rows_loaded,
               0 AS rows_rejected, 0 AS rows_duplicate, 0 AS rows_warned, true AS applied""",
        {"on": WEDNESDAY},
    )
    world.prepare()
    world.post()
    world.end(*assignments[:3], on=FRIDAY)
    world.prepare(FRIDAY)
    world.post(FRIDAY)
    holds = dict(world.warehouse.rows("SELECT code, hold_id FROM delivery.holds"))
    assert holds.keys() == {"G02", "G06"}
    assert [code for _, status, code in world.outbox(npis[0]) if status == "HELD"] == ["G02, G06"]
    for code, left in (("G02", ["G06"]), ("G06", [])):
        let_go(world, holds[code], FRIDAY)
        world.prepare(FRIDAY)
        world.post(FRIDAY)
        assert world.warehouse.rows("SELECT code FROM delivery.holds") == [(each,) for each in left]
    assert ends(world, npis[0]) == sorted(assignments[:3])


def test_a_release_is_a_fact_and_stands_in_the_record(world: Any, melting: list[str]) -> None:
    held = hold(world)
    let_go(world, held)
    ((sha256,),) = world.warehouse.rows("SELECT content_hash FROM delivery.holds WHERE hold_id = $id", {"id": held})
    assert world.warehouse.rows(
        "SELECT sequence, released_on, kind, subject, code, content_hash, reason, released_by FROM facts.releases"
    ) == [(1, THURSDAY, "DELIVERY", held, "G02", sha256, "they moved away", "operator")]
    assert world.warehouse.rows("SELECT business_date, detail FROM ledger.audit WHERE event = 'RELEASED'") == [
        (THURSDAY, f"delivery {held}, G02, sha256 {sha256}")
    ]
    assert not let_go(world, held).is_news
    assert world.warehouse.value("SELECT count(*) FROM facts.releases") == 1


def test_what_a_closed_provider_would_be_told_is_never_released(world: Any, npis: Sequence[str]) -> None:
    world.roster = Roster(tuple(p.model_copy(update={"active": p.npi != npis[0]}) for p in world.roster.providers))
    world.assign(1, npis[0])
    world.prepare()
    with pytest.raises(ReleaseRefused, match="never released") as refusal:
        let_go(world, hold(world, WEDNESDAY), WEDNESDAY)
    assert refusal.value.code == "H04"
    assert world.warehouse.value("SELECT count(*) FROM facts.releases") == 0


def test_a_file_that_might_reach_another_is_never_released_nor_let_go_by_a_release(
    world: Any, npis: Sequence[str]
) -> None:
    wrong = [p.model_copy(update={"username": "ecm", "folder": npis[1]}) for p in world.roster.providers]
    world.roster = Roster((wrong[0], world.roster.providers[1]))
    world.assign(1, npis[0])
    world.prepare()
    held = hold(world, WEDNESDAY)
    with pytest.raises(ReleaseRefused, match="never released"):
        let_go(world, held, WEDNESDAY)
    world.warehouse.run(
        "INSERT INTO facts.releases SELECT 'r', 1, $on, 'DELIVERY', $id, 'G01', '', 'by hand', 'somebody'",
        {"on": WEDNESDAY, "id": held},
    )
    world.prepare()
    assert hold(world, WEDNESDAY) == held


@pytest.mark.parametrize(("beginning", "code"), [("0000000000", "H01"), ("", "H02"), ("abc", "H02")])
def test_what_is_not_held_cannot_be_released(world: Any, melting: list[str], beginning: str, code: str) -> None:
    with pytest.raises(ReleaseRefused) as refusal:
        let_go(world, beginning)
    assert refusal.value.code == code


@pytest.mark.parametrize(("reason", "by"), [("", "operator"), ("seen", " ")])
def test_nobody_releases_anything_without_a_name_and_a_reason(
    world: Any, melting: list[str], reason: str, by: str
) -> None:
    with pytest.raises(ReleaseRefused) as refusal:
        release(world.warehouse, hold(world), on=THURSDAY, reason=reason, released_by=by)
    assert refusal.value.code == "H03"


def test_a_hold_is_told_with_its_counts_and_what_to_do(world: Any, npis: Sequence[str], melting: list[str]) -> None:
    (line,) = told_of_holds(world.warehouse, THURSDAY)
    for part in (f"provider {npis[0]}: 3 rows are held by G02", "(3 of 10 members)", hold(world)[:12], "release"):
        assert part in line
