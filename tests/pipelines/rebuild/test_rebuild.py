"""A rebuild says what differs from what follows from the facts, and changes nothing unless it is told to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.checks import Check, CheckFailed
from pipelines.config.policy import Authorization
from pipelines.derivation import DERIVATION, FILLS
from pipelines.enrollment.locators import FLAGS_TOO_MANY
from pipelines.nightly import Night
from pipelines.rebuild import Rebuilt, rebuild
from pipelines.rebuild.tables import KEYS, derived_tables
from schemas.problems import ExchangeError

Person = Callable[[int], str]
NIGHT = date(2026, 10, 21)


def run_night(exchange: Any, on: date = NIGHT) -> None:
    """Derive everything as the night of `on` does."""
    exchange.warehouse.run("INSERT INTO ledger.runs VALUES ('r', $on, 1, 'FINISHED', 0)", {"on": on})
    for step in DERIVATION:
        step(Night(exchange.warehouse, exchange.config, exchange.roster, on))


def compare(exchange: Any, *, apply: bool = False) -> Rebuilt:
    return rebuild(exchange.warehouse, exchange.config, exchange.roster, apply=apply)


def differing(found: Rebuilt) -> dict[str, tuple[int, int, int]]:
    return {t.table: (t.added, t.removed, t.changed) for t in found.tables if t.differs}


def gains_and_losses(found: Rebuilt) -> dict[str, tuple[int, int]]:
    return {s.standing: (s.gained, s.lost) for s in found.standings if s.gained or s.lost}


def unflag(exchange: Any) -> None:
    """Configure a locator that matches nobody."""
    policy = exchange.config.justice_involved
    exchange.configure(
        justice_involved={
            "locators": [{"name": "special aid code", "segment": "2300/REF*CE", "slots": [3], "equals": "NOBODY"}],
            "hcp_status": policy.hcp_status,
        }
    )


@pytest.fixture
def two(exchange: Any, person: Person) -> Any:
    """An exchange after a night: the first member is released and assigned, the second is not justice-involved."""
    exchange.seen("2026-10-20", person(1), exchange.coverage("2026-10", "05", ji=True))
    exchange.seen("2026-10-21", person(1), exchange.coverage("2026-10", "01", ji=True))
    exchange.seen("2026-10-21", person(2), exchange.coverage("2026-10", "01"))
    run_night(exchange)
    return exchange


def test_nothing_differs_where_nothing_changed(two: Any) -> None:
    found = compare(two)
    assert not found.differs
    assert (found.business_date, found.policies, found.members, found.failed) == (NIGHT, (), (), ())
    assert {table.table for table in found.tables} == set(derived_tables(two.warehouse))
    assert {table.table: table.rows for table in found.tables}["members"] == 2


def test_a_changed_locator_is_shown_before_it_is_applied(two: Any, person: Person) -> None:
    before = two.state()
    decisions, noted = two.all("facts.assignment_decisions"), two.all("ledger.audit")
    unflag(two)
    found = compare(two)
    assert found.differs
    assert found.policies == ("834",)
    assert differing(found)["ji_evidence"] == (0, 2, 0)
    assert differing(found)["locator_totals"] == (0, 0, 2)
    assert differing(found)["ji_episodes"] == (0, 1, 0)
    assert differing(found)["ecm_assignments"] == (0, 0, 1)
    assert gains_and_losses(found) == {
        "JI flag": (0, 1),
        "open episode": (0, 1),
        "running authorization": (0, 1),
        "assignment": (0, 1),
    }
    (assignment,) = [each for each in found.members if each.standing == "assignment"]
    assert (assignment.cin, assignment.change) == (person(1), "LOST")
    assert assignment.npi == two.open_assignment(person(1))["npi"]
    assert two.state() == before, "a rehearsal leaves no trace"
    assert two.all("facts.assignment_decisions") == decisions
    assert two.all("ledger.audit") == noted


def test_what_is_applied_stands_and_is_on_the_record(two: Any, person: Person) -> None:
    unflag(two)
    shown = compare(two)
    applied = compare(two, apply=True)
    assert applied == shown
    assert two.all("exchange.ji_evidence") == []
    (assignment,) = two.all("exchange.ecm_assignments", person(1))
    assert assignment["ended_on"] == NIGHT
    noted = two.all("ledger.audit", order="entry")[-3:]
    assert [entry["event"] for entry in noted] == ["READ_ANEW", "ASSIGNED", "REBUILT"]
    read_anew, _, rebuilt = (entry["detail"] for entry in noted)
    assert read_anew.endswith(", 1 members stand otherwise")
    assert "ji_evidence +0 -2 ~0" in rebuilt
    assert not compare(two).differs


def test_a_changed_authorization_policy_is_named_with_what_it_changes(two: Any) -> None:
    two.config = two.config.model_copy(update={"authorization": Authorization(months=6)})
    found = compare(two)
    assert found.policies == ("authorization",)
    assert differing(found)["ecm_authorizations"] == (0, 0, 1)
    assert gains_and_losses(found) == {}


def test_a_provider_who_left_the_roster_is_seen_with_who_would_move(two: Any, person: Person, a_provider: Any) -> None:
    leaving = two.open_assignment(person(1))["npi"]
    two.providers(*(provider for provider in two.roster.providers if provider.npi != leaving))
    found = compare(two)
    assert gains_and_losses(found) == {"assignment": (1, 1)}
    assert [(each.change, each.npi == leaving) for each in found.members] == [("GAINED", False), ("LOST", True)]


def test_rows_that_follow_from_no_fact_are_found_and_mended(two: Any, person: Person) -> None:
    two.warehouse.run("UPDATE exchange.members SET last_name = 'Wrong' WHERE cin = $cin", {"cin": person(2)})
    two.warehouse.run("UPDATE exchange.ji_episodes SET state = 'CLOSED'")
    two.warehouse.run("DELETE FROM exchange.coverage_months WHERE cin = $cin", {"cin": person(1)})
    two.warehouse.run("INSERT INTO exchange.roster_differences VALUES ('nothing', '90000009B', 'MISSING')")
    found = compare(two, apply=True)
    assert found.policies == ()
    assert differing(found) == {
        "members": (0, 0, 1),
        "ji_episodes": (0, 0, 1),
        "coverage_months": (1, 0, 0),
        "roster_differences": (0, 1, 0),
    }
    assert gains_and_losses(found) == {"open episode": (1, 0)}
    assert not compare(two).differs


def test_people_s_decisions_and_deliveries_survive_a_rebuild(two: Any, person: Person, npi_of: Any) -> None:
    other = next(npi_of(n) for n in (1, 2) if npi_of(n) != two.open_assignment(person(1))["npi"])
    two.decision(person(1), other, "2026-10-21")
    run_night(two, date(2026, 10, 22))
    two.warehouse.run(
        """INSERT INTO delivery.deliveries VALUES
           ('o', 'p', 'n', $on, $on, 'h', 1, 1, 'DELIVERED', 1)""",
        {"on": NIGHT},
    )
    kept = {t: two.all(t) for t in ("facts.liaison_decisions", "facts.assignment_decisions", "delivery.deliveries")}
    assert not compare(two, apply=True).differs
    assert {table: two.all(table) for table in kept} == kept
    assert two.open_assignment(person(1))["npi"] == other
    two.warehouse.run("DELETE FROM delivery.deliveries")


def test_a_locator_that_would_stop_a_night_is_shown_and_never_applied(
    two: Any, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_many = Check("flood", "update_members", "exchange.ji_evidence", "stop", FLAGS_TOO_MANY, "a flood", "Mend it.")
    monkeypatch.setattr("pipelines.checks.CHECKS", (too_many,))
    crowd = two.file("2026-10-21", 2)
    for number in range(3, 110):
        two.member(crowd, person(number), [two.coverage("2026-10", "01")])
    run_night(two)
    before = two.state()
    policy = two.config.justice_involved
    everyone = {"name": "special aid code", "segment": "2300/REF*CE", "slots": [1], "equals": "M1"}
    two.configure(justice_involved={"locators": [everyone], "hcp_status": policy.hcp_status})
    found = compare(two)
    assert [(result.check.name, result.violations) for result in found.failed] == [("flood", 2)]
    assert gains_and_losses(found)["JI flag"] == (108, 0)
    with pytest.raises(CheckFailed):
        compare(two, apply=True)
    assert two.state() == before


def test_without_a_night_there_is_nothing_to_rebuild(exchange: Any) -> None:
    with pytest.raises(ExchangeError, match="no night has come to its end yet"):
        compare(exchange)


def test_every_derived_table_is_filled_by_exactly_one_step(exchange: Any) -> None:
    filled = [table for step in DERIVATION for table in FILLS[step.__name__]]
    assert sorted(filled) == sorted(f"exchange.{table}" for table in derived_tables(exchange.warehouse))


def test_every_key_names_columns_of_a_derived_table(exchange: Any) -> None:
    for table, key in KEYS.items():
        exchange.warehouse.rows(f"SELECT {key} FROM exchange.{table}")  # noqa: S608 - own names


@pytest.mark.parametrize("number", range(1, len(DERIVATION)))
def test_a_step_does_not_run_on_tables_that_a_new_version_emptied(two: Any, number: int) -> None:
    table = FILLS[DERIVATION[number - 1].__name__][0]
    two.warehouse.run("INSERT INTO ledger.remade VALUES ($table)", {"table": table})
    night = Night(two.warehouse, two.config, two.roster, NIGHT)
    with pytest.raises(ExchangeError, match="have not been filled yet") as refused:
        DERIVATION[number](night)
    assert (refused.value.code, refused.value.where) == ("D06", table)
    for step in DERIVATION:
        step(night)
    assert two.all("ledger.remade") == []
