"""Places are never overdrawn, whoever named the provider, and the order of rows decides nothing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Person = Callable[[int], str]
NIGHT = "2026-10-20"
LANGUAGES = ("ENG", "SPA", "HMN")

providers = st.lists(
    st.fixed_dictionaries(
        {
            "capacity": st.integers(0, 6),
            "active": st.sampled_from([True, True, True, False]),
            "ji_provider": st.sampled_from([True, True, True, False]),
            "service_scope": st.sampled_from(["PRE_RELEASE", "HANDOFF_ONLY"]),
            "languages": st.sampled_from([("ENG",), ("ENG", "SPA"), ("HMN",)]),
            "counties": st.sampled_from([("Fresno",), ("Fresno", "Kings"), ("Kings",)]),
        }
    ),
    min_size=1,
    max_size=5,
)
members = st.lists(
    st.fixed_dictionaries(
        {
            "status": st.sampled_from(["01", "05"]),
            "language": st.sampled_from(LANGUAGES),
            "county_code": st.sampled_from(["10", "16"]),
            "named": st.none() | st.tuples(st.sampled_from(["liaison", "notice", "referral"]), st.integers(1, 6)),
        }
    ),
    min_size=1,
    max_size=15,
)


def arrive(exchange: Any, person: Person, npi_of: Any, people: list[tuple[int, dict[str, Any]]]) -> None:
    with exchange.warehouse.transaction():
        for number, member in people:
            cin, said = person(number), dict(member)
            named, status = said.pop("named", None), said.pop("status", "01")
            exchange.seen("2026-10-05", cin, exchange.coverage("2026-10", status, ji=True), **said)
            if named and named[0] == "liaison":
                exchange.decision(cin, npi_of(named[1]), "2026-10-06")
            elif named and named[0] == "notice":
                exchange.noticed("2026-10-06", cin, post_release_ecm_provider_npi=npi_of(named[1]))
            elif named:
                exchange.referred("2026-10-06", cin, preferred_ecm_provider_npi=npi_of(named[1]))


def chosen(exchange: Any) -> dict[str, tuple[str, str]]:
    rows = exchange.all("exchange.ecm_assignments")
    return {row["cin"]: (row["npi"], row["method"]) for row in rows if row["ended_on"] is None}


def considered(exchange: Any) -> list[list[dict[str, Any]]]:
    return [exchange.all(table) for table in ("facts.assignment_candidates", "exchange.unassigned_candidates")]


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(roster=providers, people=members, shuffle=st.randoms(use_true_random=False))
def test_no_provider_takes_more_than_its_places_and_the_order_of_rows_decides_nothing(
    exchange: Any,
    person: Person,
    npi_of: Any,
    a_provider: Any,
    roster: list[dict[str, Any]],
    people: list[dict[str, Any]],
    shuffle: random.Random,
) -> None:
    numbered = list(enumerate(people, start=1))
    listed = [a_provider(number, **given) for number, given in enumerate(roster, start=1)]
    exchange.clear()
    exchange.providers(*listed)
    arrive(exchange, person, npi_of, numbered)
    exchange.derive(NIGHT)
    first, weighed = chosen(exchange), considered(exchange)

    loads = Counter(npi for npi, _ in first.values())
    able = {p.npi: p.capacity for p in listed if p.active and p.ji_provider}
    assert set(loads) <= set(able)
    assert all(loads[npi] <= able[npi] for npi in loads)
    waiting = {row["cin"]: row["reason"] for row in exchange.all("exchange.unassigned")}
    assert set(first) | set(waiting) == {person(number) for number, _ in numbered}
    assert not set(first) & set(waiting)
    for number, member in numbered:
        county = {"10": "Fresno", "16": "Kings"}[member["county_code"]]
        places = [p for p in listed if p.npi in able and county in p.counties and loads[p.npi] < p.capacity]
        assert person(number) in first or not places, "nobody waits while a provider that fits has a place"

    exchange.clear()
    exchange.providers(*listed)
    shuffle.shuffle(numbered)
    arrive(exchange, person, npi_of, numbered)
    exchange.derive(NIGHT)
    assert (chosen(exchange), considered(exchange)) == (first, weighed)
