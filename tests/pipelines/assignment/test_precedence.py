"""Who serves whom: the order of sources, who is skipped and why, and what the rule prefers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

Person = Callable[[int], str]
Flagged = Callable[..., None]
NIGHT = "2026-10-20"


def outcomes(exchange: Any, cin: str) -> list[tuple[str, str]]:
    """Method and outcome of each provider that somebody named, in the order they were tried."""
    rows = exchange.all("facts.assignment_candidates", cin, "decision, step")
    return [(row["method"], row["outcome"]) for row in rows if row["method"] != "RULE"]


SOURCES: dict[str, tuple[str, Callable[[Any, str, str], None]]] = {
    "liaison": ("LIAISON", lambda x, cin, npi: x.decision(cin, npi, "2026-10-06")),
    "notice of the provider after release": (
        "FACILITY_NOTICE",
        lambda x, cin, npi: x.noticed("2026-10-06", cin, post_release_ecm_provider_npi=npi, notice_id=f"post-{cin}"),
    ),
    "notice of the provider before release": (
        "FACILITY_NOTICE",
        lambda x, cin, npi: x.noticed("2026-10-07", cin, pre_release_cm_npi=npi, notice_id=f"pre-{cin}"),
    ),
    "delegating plan's provider": (
        "CONTINUITY",
        lambda x, cin, npi: x.mif(x.file("2026-10-08", kind="mif"), cin, ecm_provider_npi=npi),
    ),
    "preferred by the referrer": (
        "PREFERRED",
        lambda x, cin, npi: x.referred("2026-10-09", cin, preferred_ecm_provider_npi=npi),
    ),
}


def test_of_two_sources_the_one_with_precedence_decides(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(*(a_provider(number) for number in range(1, 30)))
    pairs = list(itertools.combinations(SOURCES, 2))
    for number, (first, second) in enumerate(pairs, start=1):
        flagged(person(number))
        SOURCES[second][1](exchange, person(number), npi_of(2 * number))
        SOURCES[first][1](exchange, person(number), npi_of(2 * number + 1))
    exchange.derive(NIGHT)
    for number, (first, second) in enumerate(pairs, start=1):
        found = exchange.open_assignment(person(number))
        assert (found["npi"], found["method"]) == (npi_of(2 * number + 1), SOURCES[first][0]), (first, second)
        assert [outcome for _, outcome in outcomes(exchange, person(number))] == ["CHOSEN", "PRECEDED"]


def test_any_source_precedes_the_rule_and_needs_no_county_age_or_language_to_fit(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(a_provider(1), a_provider(2, counties=("Kern",), populations=("YOUTH",)))
    for number, (_, name) in enumerate(SOURCES.values()):
        flagged(person(number), language="SPA")
        name(exchange, person(number), npi_of(2))
    exchange.derive(NIGHT)
    for number, (method, _) in enumerate(SOURCES.values()):
        found = exchange.open_assignment(person(number))
        assert (found["npi"], found["method"]) == (npi_of(2), method)


def test_a_named_provider_that_cannot_serve_is_skipped_with_the_reason(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    unfit = {2: "INACTIVE", 3: "NOT_JI_CAPABLE", 4: "FULL", 5: "NOT_IN_ROSTER"}
    exchange.providers(
        a_provider(1, capacity=99), a_provider(2, active=False), a_provider(3, ji_provider=False),
        a_provider(4, capacity=0),
    )  # fmt: skip
    cases = list(enumerate(itertools.product(SOURCES.values(), unfit)))
    for number, ((_, name), named) in cases:
        flagged(person(number))
        name(exchange, person(number), npi_of(named))
    exchange.derive(NIGHT)
    for number, ((method, _), named) in cases:
        found = exchange.open_assignment(person(number))
        assert (found["npi"], found["method"]) == (npi_of(1), "RULE")
        assert outcomes(exchange, person(number)) == [(method, unfit[named])]


def test_the_next_source_is_tried_when_the_first_names_one_who_is_full(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(a_provider(1), a_provider(2, capacity=1), a_provider(3))
    for number, release in ((1, "2026-10-19"), (2, "2026-10-02")):
        flagged(person(number))
        exchange.noticed(
            "2026-10-06", person(number), post_release_ecm_provider_npi=npi_of(2), actual_release_date=release
        )
        exchange.referred("2026-10-06", person(number), preferred_ecm_provider_npi=npi_of(3))
    exchange.derive(NIGHT)
    assert exchange.open_assignment(person(2))["npi"] == npi_of(2), "the earlier release is the more urgent"
    late = exchange.open_assignment(person(1))
    assert (late["npi"], late["method"]) == (npi_of(3), "PREFERRED")
    assert outcomes(exchange, person(1)) == [("FACILITY_NOTICE", "FULL"), ("PREFERRED", "CHOSEN")]


def test_the_provider_before_release_keeps_the_member_after_the_next_release(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(*(a_provider(number) for number in range(1, 6)))
    flagged(person(1))
    exchange.derive("2026-10-05")
    first = exchange.open_assignment(person(1))
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "00"))
    exchange.derive("2026-11-02")
    assert exchange.one("exchange.ecm_assignments", person(1))["end_reason"] == "ELIG_LOST"
    exchange.seen("2026-12-02", person(1), exchange.coverage("2026-12", "01", ji=True))
    assert exchange.derive("2026-12-02") == {"CONTINUITY": 1}
    again = exchange.open_assignment(person(1))
    assert (again["npi"], again["prior_npi"]) == (first["npi"], None)
    assert again["assignment_id"] != first["assignment_id"]


@pytest.mark.parametrize(
    ("member", "better", "worse"),
    [
        ({"status": "05"}, {}, {"service_scope": "HANDOFF_ONLY"}),
        ({"language": "SPA"}, {"languages": ("ENG", "SPA")}, {}),
        ({"status": "05", "language": "SPA"}, {}, {"service_scope": "HANDOFF_ONLY", "languages": ("ENG", "SPA")}),
    ],
)
def test_the_rule_prefers_the_scope_needed_then_the_language_however_full_the_provider(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any, member: Any, better: Any, worse: Any
) -> None:
    exchange.providers(a_provider(1, **better), a_provider(2, **worse))
    for number in range(6):
        flagged(person(number), **member)
    exchange.derive(NIGHT)
    assert {exchange.open_assignment(person(number))["npi"] for number in range(6)} == {npi_of(1)}


@pytest.mark.parametrize("member", [{"status": "05"}, {"language": "SPA"}])
def test_what_the_rule_prefers_never_leaves_a_member_without_provider(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, member: dict[str, str]
) -> None:
    exchange.providers(a_provider(1, service_scope="HANDOFF_ONLY"))
    flagged(person(1), **member)
    exchange.derive(NIGHT)
    assert exchange.open_assignment(person(1))["method"] == "RULE"


def test_youth_ends_on_the_twenty_first_birthday(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(a_provider(1), a_provider(2, populations=("YOUTH",)))
    youth = {"2005-10-21": True, "2005-10-20": False, "2005-10-19": False, "2010-01-01": True, "1960-02-29": False}
    for number, born in enumerate(youth):
        flagged(person(number), birth_date=born)
    exchange.derive(NIGHT)
    served_as_youth = [exchange.open_assignment(person(number))["npi"] == npi_of(2) for number in range(len(youth))]
    assert served_as_youth == list(youth.values())


@pytest.mark.parametrize(
    ("only_provider", "member", "reason"),
    [
        ({"counties": ("Kern",)}, {}, "NO_PROVIDER_IN_COUNTY"),
        ({}, {"county_code": None}, "NO_PROVIDER_IN_COUNTY"),
        ({"active": False}, {}, "NO_PROVIDER_IN_COUNTY"),
        ({"populations": ("YOUTH",)}, {}, "NO_PROVIDER_FOR_AGE"),
        ({"capacity": 0}, {}, "ALL_PROVIDERS_FULL"),
    ],
)
def test_whom_nobody_can_take_stands_on_the_work_list_with_the_reason(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, only_provider: Any, member: Any, reason: str
) -> None:
    exchange.providers(a_provider(1, **only_provider))
    flagged(person(1), **member)
    assert exchange.derive(NIGHT) == {}
    listed = exchange.one("exchange.unassigned", person(1))
    assert listed["reason"] == reason
    assert exchange.all("exchange.ecm_assignments") == []


def test_who_stands_on_the_work_list_is_assigned_the_night_a_provider_can(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any
) -> None:
    exchange.providers(a_provider(1, counties=("Kern",)))
    flagged(person(1))
    exchange.derive(NIGHT)
    exchange.providers(a_provider(1, counties=("Kern",)), a_provider(2))
    assert exchange.derive("2026-10-21") == {"RULE": 1}
    assert exchange.all("exchange.unassigned") == []


@pytest.mark.parametrize(("status", "late"), [("05", False), ("01", True)])
def test_who_is_out_already_is_a_late_add(
    exchange: Any, person: Person, flagged: Flagged, status: str, *, late: bool
) -> None:
    flagged(person(1), status=status)
    exchange.derive(NIGHT)
    assert exchange.open_assignment(person(1))["late_add"] is late


def test_who_only_changes_providers_is_no_late_add(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any
) -> None:
    flagged(person(1), status="05")
    exchange.derive(NIGHT)
    first = exchange.open_assignment(person(1))
    flagged(person(1), day=21)
    exchange.providers(*(a_provider(n, active=a_provider(n).npi != first["npi"]) for n in (1, 2)))
    exchange.derive("2026-10-22")
    second = exchange.open_assignment(person(1))
    assert (second["prior_npi"], second["late_add"]) == (first["npi"], False)
