"""Beside every decision stands who was considered, and of each other provider the one reason why it was not chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Person = Callable[[int], str]
Flagged = Callable[..., None]
NIGHT, NEXT = "2026-10-20", "2026-10-21"
OTHERS: dict[str, dict[str, Any]] = {
    "INACTIVE": {"active": False},
    "NOT_JI_CAPABLE": {"ji_provider": False},
    "OTHER_COUNTY": {"counties": ("Kern",)},
    "OTHER_POPULATION": {"populations": ("YOUTH",)},
    "OTHER_SCOPE": {"service_scope": "HANDOFF_ONLY"},
    "OTHER_LANGUAGE": {"languages": ("ENG",)},
    "FULL": {"capacity": 0},
    "FULLER": {"capacity": 9},
}
"""By outcome, what is different of a provider that is not chosen."""
REQUIRED = {"service_scope": "required", "language": "required"}


def by_rule(exchange: Any, table: str = "facts.assignment_candidates") -> dict[str, dict[str, Any]]:
    """What the rule thought of each provider, in the newest decision."""
    newest = [row for row in exchange.all(table) if row["method"] == "RULE"]
    latest = max(row.get("decision", 0) for row in newest)
    return {row["npi"]: row for row in newest if row.get("decision", 0) == latest}


@pytest.mark.parametrize(
    ("policy", "differently"), [(REQUIRED, {}), ({}, {"OTHER_SCOPE": "WORSE_FIT", "OTHER_LANGUAGE": "WORSE_FIT"})]
)
def test_of_every_provider_that_was_not_chosen_the_reason_is_told(
    exchange: Any,
    person: Person,
    flagged: Flagged,
    a_provider: Any,
    npi_of: Any,
    policy: dict[str, str],
    differently: dict[str, str],
) -> None:
    exchange.configure(assignment=policy)
    spanish = {"languages": ("ENG", "SPA")}
    others = [a_provider(number, **(spanish | other)) for number, other in enumerate(OTHERS.values(), start=2)]
    exchange.providers(a_provider(1, **spanish), *others)
    flagged(person(1), status="05", language="SPA")
    exchange.derive(NIGHT)
    found = by_rule(exchange)
    expected = {npi_of(number): differently.get(outcome, outcome) for number, outcome in enumerate(OTHERS, start=2)}
    assert {npi: row["outcome"] for npi, row in found.items()} == {npi_of(1): "CHOSEN"} | expected
    chosen = found[npi_of(1)]
    assert exchange.open_assignment(person(1))["decision"] == chosen["decision"]
    assert (chosen["mismatch"], chosen["open"], chosen["capacity"]) == (0, 1, 10)


def test_of_two_providers_that_are_equal_in_everything_the_other_one_lost_a_tie(
    exchange: Any, person: Person, flagged: Flagged
) -> None:
    flagged(person(1))
    exchange.derive(NIGHT)
    assert sorted(row["outcome"] for row in by_rule(exchange).values()) == ["CHOSEN", "TIE"]


def test_who_served_the_member_before_the_last_provider_goes_before_an_emptier_stranger_but_not_before_a_better_fit(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(a_provider(1, languages=("SPA",)))
    flagged(person(1), language="SPA")
    flagged(person(2))
    exchange.derive(NIGHT)
    exchange.providers(a_provider(1, active=False), a_provider(3, languages=("ENG", "SPA")))
    exchange.derive(NEXT)
    exchange.providers(
        a_provider(1, capacity=2), a_provider(2, capacity=99, languages=("ENG", "SPA")), a_provider(3, active=False)
    )
    exchange.derive("2026-10-22")
    assert exchange.open_assignment(person(1))["npi"] == npi_of(2), "speaks Spanish"
    assert exchange.open_assignment(person(2))["npi"] == npi_of(1)
    outcomes = {npi: row["outcome"] for npi, row in by_rule(exchange).items()}
    assert outcomes == {npi_of(1): "CHOSEN", npi_of(2): "STRANGER", npi_of(3): "INACTIVE"}
    served = {npi: row["served_before"] for npi, row in by_rule(exchange).items()}
    assert served == {npi_of(1): True, npi_of(2): False, npi_of(3): True}


def test_what_does_not_fit_is_told_part_by_part_also_of_a_provider_that_somebody_named(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    far = a_provider(2, counties=("Kern",), populations=("YOUTH",), service_scope="HANDOFF_ONLY", capacity=3)
    exchange.providers(a_provider(1), far)
    flagged(person(1), status="05", language="SPA")
    exchange.decision(person(1), npi_of(2), NIGHT)
    exchange.derive(NIGHT)
    (row,) = exchange.all("facts.assignment_candidates")
    assert (row["npi"], row["method"], row["outcome"], row["mismatch"]) == (npi_of(2), "LIAISON", "CHOSEN", 3)
    parts = ("county_fits", "population_fits", "scope_fits", "language_fits", "served_before")
    assert [row[part] for part in parts] == [False] * 5
    assert (row["open"], row["capacity"]) == (1, 3)


def test_each_decision_has_one_chosen_provider_and_the_rule_looks_at_every_provider_once(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(a_provider(1, capacity=2), a_provider(2, counties=("Kern",)), a_provider(3, active=False))
    for number in range(1, 5):
        flagged(person(number))
        exchange.referred("2026-10-06", person(number), preferred_ecm_provider_npi=npi_of(number))
    exchange.derive(NIGHT)
    decisions = {row["decision"]: row for row in exchange.all("facts.assignment_decisions")}
    kept = exchange.all("facts.assignment_candidates")
    chosen = {row["decision"]: (row["npi"], row["method"]) for row in kept if row["outcome"] == "CHOSEN"}
    assert chosen == {number: (row["npi"], row["method"]) for number, row in decisions.items()}
    assert len(decisions) == sum(row["outcome"] == "CHOSEN" for row in kept) == 3
    for table in ("facts.assignment_candidates", "exchange.unassigned_candidates"):
        seen = [(row["cin"], row["npi"]) for row in exchange.all(table) if row["method"] == "RULE"]
        assert len(seen) == len(set(seen)) == 3 * len({cin for cin, _ in seen}) > 0

    exchange.providers(a_provider(1, capacity=3), a_provider(2, counties=("Kern",)), a_provider(3, active=False))
    exchange.derive(NEXT)
    later = exchange.all("facts.assignment_candidates")
    assert [row for row in later if row["decision"] in decisions] == kept, "what was thought then is not rewritten"
    assert exchange.all("exchange.unassigned_candidates") == []


def test_of_whom_nobody_can_take_it_is_told_why_each_provider_cannot(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    cases = {
        "FULL": ("10", "Fresno", "ALL_PROVIDERS_FULL"),
        "OTHER_COUNTY": ("16", "Kings", "NO_PROVIDER_IN_COUNTY"),
        "OTHER_POPULATION": ("54", "Tulare", "NO_PROVIDER_FOR_AGE"),
        "OTHER_SCOPE": ("20", "Madera", "NO_PROVIDER_FOR_SCOPE"),
        "OTHER_LANGUAGE": ("24", "Merced", "NO_PROVIDER_FOR_LANGUAGE"),
    }
    exchange.configure(assignment=REQUIRED)
    roster = []
    for number, (outcome, (code, county, _)) in enumerate(cases.items(), start=1):
        flagged(person(number), status="05", language="SPA", county_code=code)
        exchange.referred("2026-10-06", person(number), preferred_ecm_provider_npi=npi_of(9))
        here = {"languages": ("SPA",), "counties": (county,)}
        roster.append(a_provider(number, **(here | OTHERS[outcome])))
    exchange.providers(*roster)
    assert exchange.derive(NIGHT) == {}
    for number, (outcome, (_, _, reason)) in enumerate(cases.items(), start=1):
        assert exchange.one("exchange.unassigned", person(number))["reason"] == reason
        rows = exchange.all("exchange.unassigned_candidates", person(number), "step")
        found = {(row["npi"], row["method"]): row["outcome"] for row in rows}
        assert found[npi_of(9), "PREFERRED"] == "NOT_IN_ROSTER"
        assert found[npi_of(number), "RULE"] == outcome
        assert {row["outcome"] for row in rows[1:]} == {outcome, "OTHER_COUNTY"}


@pytest.mark.parametrize(
    ("part", "different", "member"),
    [("county", {"counties": ("Kern",)}, {}), ("population", {"populations": ("YOUTH",)}, {})],
)
def test_what_the_plan_does_not_require_costs_its_penalty(
    exchange: Any,
    person: Person,
    flagged: Flagged,
    a_provider: Any,
    npi_of: Any,
    part: str,
    different: Any,
    member: Any,
) -> None:
    exchange.configure(assignment={part: 4})
    exchange.providers(a_provider(1, capacity=1), a_provider(2, **different))
    flagged(person(1))
    flagged(person(2))
    exchange.derive(NIGHT)
    kept = exchange.all("facts.assignment_candidates", order="npi")
    assert [(row["npi"], row["mismatch"]) for row in kept if row["outcome"] == "CHOSEN"] == [
        (npi_of(1), 0),
        (npi_of(2), 4),
    ]


def test_the_weights_of_the_plan_decide_which_part_goes_first(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(a_provider(1, languages=("ENG", "SPA"), service_scope="HANDOFF_ONLY"), a_provider(2))
    for number, weights in ((1, {"language": 1, "service_scope": 2}), (2, {"language": 3, "service_scope": 2})):
        exchange.configure(assignment=weights)
        flagged(person(number), status="05", language="SPA")
        exchange.derive(NIGHT)
    assert [exchange.open_assignment(person(number))["npi"] for number in (1, 2)] == [npi_of(2), npi_of(1)]
