"""In each county, the plan's JI providers stand in other plans' networks too, so that care can go on (R19)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.config.providers import Provider

Make = Callable[..., Provider]
ON = "2026-11-02"


@pytest.fixture
def others(desk: Any, tmp_path: Path) -> Callable[..., None]:
    """Function that sets other plans' networks: plan, provider, county and name."""

    def know(*lines: str, **settings: Any) -> None:
        path = tmp_path / "networks.csv"
        path.write_text("\n".join(("plan,npi,county,name", *lines)), encoding="utf-8")
        desk.exchange.configure(directory={"other_networks": path, **settings})

    return know


def fresno(desk: Any) -> dict[str, Any]:
    (row,) = desk.all("network_overlap")
    assert row["county"] == "Fresno"
    assert row["rule"] == "R19"
    return dict(row)


def test_nothing_is_said_where_no_other_network_is_known(desk: Any, a_provider: Make) -> None:
    desk.night(ON, a_provider(1))
    assert desk.all("network_overlap") == []


def test_the_share_of_providers_in_another_network_is_told(
    desk: Any, others: Callable[..., None], a_provider: Make
) -> None:
    one, other, third = a_provider(1), a_provider(2), a_provider(3)
    others(f"Amber,{one.npi},Fresno,", f"Orchard,{one.npi},Fresno,", f"Amber,{other.npi},Kings,")
    desk.night(ON, one, other, third)
    row = fresno(desk)
    assert (row["our_providers"], row["other_plans"], row["shared"], row["share"]) == (3, 2, 1, 0.3333)
    assert (row["shared_npis"], row["problem"]) == (one.npi, None)


def test_providers_that_several_others_have_are_told_as_missing(
    desk: Any, others: Callable[..., None], a_provider: Make
) -> None:
    ours, lone, common, idle = (a_provider(number) for number in range(1, 5))
    others(
        *(f"{plan},{ours.npi},Fresno,Ours" for plan in ("Amber", "Birch", "Cedar")),
        *(f"{plan},{common.npi},Fresno,Common Ground" for plan in ("Amber", "Birch")),
        *(f"{plan},{idle.npi},Fresno," for plan in ("Amber", "Birch", "Cedar")),
        f"Amber,{lone.npi},Fresno,Lone",
    )
    desk.night(ON, ours, idle.model_copy(update={"active": False}))
    row = fresno(desk)
    assert row["missing"] == 2
    assert row["missing_providers"] == f"{idle.npi} (3 of 3); {common.npi} Common Ground (2 of 3)"


def test_where_there_is_but_one_other_plan_its_providers_count(
    desk: Any, others: Callable[..., None], a_provider: Make
) -> None:
    others(f"Amber,{a_provider(1).npi},Fresno,", f"Amber,{a_provider(2).npi},Fresno,")
    desk.night(ON, a_provider(1))
    assert fresno(desk)["missing_providers"] == f"{a_provider(2).npi} (1 of 1)"


def test_how_many_plans_make_a_provider_missed_is_the_plans_choice(
    desk: Any, others: Callable[..., None], a_provider: Make
) -> None:
    lines = [f"{plan},{a_provider(2).npi},Fresno," for plan in ("Amber", "Birch")]
    others(*lines, f"Cedar,{a_provider(1).npi},Fresno,", missing_in_networks=3)
    desk.night(ON, a_provider(1))
    assert fresno(desk)["missing"] == 0


@pytest.mark.parametrize(("settings", "problem"), [({}, "NO_OVERLAP"), ({"overlap_exceptions": ["Fresno"]}, None)])
def test_a_county_without_overlap_is_told_unless_it_is_excepted(
    desk: Any, others: Callable[..., None], a_provider: Make, settings: dict[str, Any], problem: str | None
) -> None:
    others(f"Amber,{a_provider(2).npi},Fresno,", **settings)
    counts = desk.night(ON, a_provider(1))
    row = fresno(desk)
    assert (row["shared"], row["share"], row["problem"]) == (0, 0.0, problem)
    assert row["is_excepted"] == (problem is None)
    assert counts["overlap_problems"] == (problem is not None)


def test_a_county_in_which_no_other_plan_is_known_has_no_figures(
    desk: Any, others: Callable[..., None], a_provider: Make
) -> None:
    others(f"Amber,{a_provider(1).npi},Kings,")
    desk.night(ON, a_provider(1))
    row = fresno(desk)
    assert (row["other_plans"], row["shared"], row["share"], row["missing"], row["problem"]) == (
        0,
        None,
        None,
        None,
        None,
    )


def test_a_county_without_providers_of_the_plan_has_no_share(
    desk: Any, others: Callable[..., None], a_provider: Make
) -> None:
    others(f"Amber,{a_provider(2).npi},Fresno,")
    desk.night(ON, a_provider(1, active=False))
    row = fresno(desk)
    assert (row["our_providers"], row["share"], row["missing"], row["problem"]) == (0, None, 1, None)


def test_a_broken_table_of_networks_stops_no_night_and_is_told(
    desk: Any, others: Callable[..., None], a_provider: Make
) -> None:
    others("Amber,0000000000,Fresno,")
    counts = desk.night(ON, a_provider(1))
    row = fresno(desk)
    assert (row["problem"], row["our_providers"], row["other_plans"], row["missing"]) == (
        "NETWORKS_UNREADABLE", 1, None, None,
    )  # fmt: skip
    assert counts["overlap_problems"] == 1
    assert desk.coverage()["ALL", "ALL"]["providers"] == 1
