"""Each county of the plan has a JI provider, for adults and youth, before and after release, with places left (R20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pipelines.config.providers import Provider

Make = Callable[..., Provider]
ON = "2026-11-02"
TOTAL = ("ALL", "ALL")


@pytest.fixture
def family(a_provider: Make) -> Provider:
    """A provider that lacks nothing."""
    return a_provider(1, populations=("ADULT", "YOUTH"), capacity=10)


def figures(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row[name] for name in ("providers", "capacity", "open_assignments", "free_places"))


def test_a_county_counts_providers_places_and_open_assignments(desk: Any, family: Provider, a_provider: Make) -> None:
    youth = a_provider(2, populations=("YOUTH",), service_scope="HANDOFF_ONLY", capacity=4)
    desk.assign(family, 3)
    desk.assign(youth, 1)
    desk.night(ON, family, youth)
    coverage = desk.coverage()
    assert figures(coverage[TOTAL]) == (2, 14, 4, 10)
    assert figures(coverage["ADULT", "ALL"]) == (1, 10, 3, 7)
    assert figures(coverage["YOUTH", "ALL"]) == (2, 14, 4, 10)
    assert figures(coverage["YOUTH", "HANDOFF_ONLY"]) == (1, 4, 1, 3)
    assert figures(coverage["ADULT", "HANDOFF_ONLY"]) == (0, 0, 0, 0)
    assert desk.problems() == set()


def test_assignments_that_ended_take_no_place(desk: Any, family: Provider) -> None:
    desk.assign(family, 3)
    desk.exchange.warehouse.run("UPDATE exchange.ecm_assignments SET ended_on = DATE '2026-11-01'")
    desk.night(ON, family)
    assert figures(desk.coverage()[TOTAL]) == (1, 10, 0, 10)


@pytest.mark.parametrize("lacking", [{"active": False}, {"ji_provider": False}, {"counties": ("Kings",)}])
def test_a_county_without_an_active_ji_provider_is_told_once(
    desk: Any, family: Provider, lacking: dict[str, Any]
) -> None:
    counts = desk.night(ON, family.model_copy(update=lacking))
    assert desk.problems() == {("ALL", "ALL", "NO_PROVIDER")}
    assert counts["counties_without_a_provider"] == counts["counties_with_a_problem"] == 1


def test_every_county_of_the_plan_is_looked_at_and_no_other(desk: Any, family: Provider) -> None:
    plan = {"name": "P", "id": "SHP", "hcp_codes": ["010"], "counties": ["Fresno", "Kings"]}
    desk.exchange.configure(plan=plan)
    desk.night(ON, family.model_copy(update={"counties": ("Fresno", "Kern")}))
    assert {row["county"] for row in desk.all("county_coverage")} == {"Fresno", "Kings"}
    assert (desk.problems("Fresno"), desk.problems("Kings")) == (set(), {("ALL", "ALL", "NO_PROVIDER")})


@pytest.mark.parametrize(
    ("only", "told"),
    [
        ({"populations": ("ADULT",)}, ("YOUTH", "ALL", "NO_YOUTH_PROVIDER")),
        ({"populations": ("YOUTH",)}, ("ADULT", "ALL", "NO_ADULT_PROVIDER")),
        ({"service_scope": "HANDOFF_ONLY"}, ("ALL", "PRE_RELEASE", "NO_PRE_RELEASE_PROVIDER")),
    ],
)
def test_whom_a_county_has_nobody_for_is_told(
    desk: Any, family: Provider, only: dict[str, Any], told: tuple[str, str, str]
) -> None:
    desk.night(ON, family.model_copy(update=only))
    assert desk.problems() == {told}
    assert {row["rule"] for row in desk.all("county_coverage")} == {"R20"}


@pytest.mark.parametrize(("members", "told"), [(8, set()), (9, {"NEARLY_FULL"}), (12, {"NEARLY_FULL"})])
def test_a_county_whose_places_are_nearly_taken_is_told(
    desk: Any, family: Provider, members: int, told: set[str]
) -> None:
    desk.assign(family, members)
    desk.night(ON, family)
    assert {problem for _, _, problem in desk.problems()} == told
    assert desk.coverage()[TOTAL]["free_places"] == max(10 - members, 0)


def test_places_beyond_one_providers_capacity_do_not_use_up_anothers(
    desk: Any, family: Provider, a_provider: Make
) -> None:
    other = a_provider(2, populations=("ADULT", "YOUTH"), capacity=10)
    desk.assign(family, 30)
    desk.night(ON, family, other)
    assert desk.coverage()[TOTAL]["free_places"] == 10
    assert desk.problems() == set()


def test_the_share_that_counts_as_nearly_full_is_the_plans(desk: Any, family: Provider) -> None:
    desk.exchange.configure(directory={"nearly_full": 0.5})
    desk.assign(family, 5)
    desk.night(ON, family)
    assert desk.problems() == {("ALL", "ALL", "NEARLY_FULL")}


def test_nearly_full_for_some_is_told_where_the_county_as_a_whole_has_places(
    desk: Any, family: Provider, a_provider: Make
) -> None:
    adults = a_provider(2, service_scope="HANDOFF_ONLY", capacity=100)
    desk.assign(family, 10)
    desk.night(ON, family, adults)
    assert desk.problems() == {("YOUTH", "ALL", "NEARLY_FULL"), ("ALL", "PRE_RELEASE", "NEARLY_FULL")}
