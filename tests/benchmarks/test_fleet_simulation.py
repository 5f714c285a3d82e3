"""A simulated fleet's nights: each ends once, no sooner than it can, and what is fitted tells what was measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.fleet.cost import Rates, Task, fit, miss
from benchmarks.fleet.fleets import (
    DAILY,
    FITTED_ON,
    FleetNight,
    MeasuredFleet,
    Overheads,
    night_of,
    overheads_of,
    simulated,
)
from benchmarks.fleet.simulate import Death, Delays, Ended, Farm, Night, Phase, Place, apart, simulate, together
from benchmarks.fleet.sizes import providers_of, sizes_below, sizes_of
from benchmarks.fleet.statewide import Scene, pass_night


def night(plan: str, *seconds: float, begins: float = 0.0) -> Night:
    """A night whose phases keep the worker, the centre, the partners and nobody busy, in turn."""
    return Night(plan, tuple(Phase(place, each) for place, each in zip(Place, seconds, strict=False)), begins)


def some_nights(seed: int, how_many: int = 25) -> list[Night]:
    dice = np.random.default_rng(seed)
    return [
        night(f"P{number}", *dice.uniform(0, 20, len(Place)), begins=float(dice.choice((0.0, 7.0, 40.0))))
        for number in range(how_many)
    ]


def last_end(ended: list[Ended]) -> float:
    return max(each.ended for each in ended)


def test_one_worker_takes_the_sum_and_enough_workers_the_longest() -> None:
    nights = [night("A", 5.0), night("B", 7.0, 1.0), night("C", 2.0)]
    assert last_end(simulate(nights, apart(1, cores=1))) == pytest.approx(15.0)
    assert last_end(simulate(nights, apart(9, cores=1))) == pytest.approx(8.0)


def test_two_nights_on_one_core_take_twice_as_long_and_one_that_waits_takes_nothing_from_the_other() -> None:
    assert last_end(simulate([night("A", 5.0), night("B", 5.0)], together(2, cores=1))) == pytest.approx(10.0)
    assert last_end(simulate([night("A", 5.0), night("B", 0, 0, 0, 5.0)], together(2, cores=1))) == pytest.approx(5.0)
    assert last_end(simulate([night("A", 0, 5.0), night("B", 5.0)], together(2, cores=1))) == pytest.approx(10.0)
    assert last_end(simulate([night("A", 0, 5.0), night("B", 5.0)], apart(2, cores=1))) == pytest.approx(5.0)
    assert last_end(simulate([night("A", 0, 5.0), night("B", 0, 5.0)], apart(2, cores=1, centre=1))) == pytest.approx(
        10.0
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("workers", [1, 3, 40])
def test_every_night_ends_once_no_sooner_than_it_can(seed: int, workers: int) -> None:
    nights = some_nights(seed)
    deaths = [Death(0, 15.0, 30.0), Death(min(1, workers - 1), 80.0, 5.0)]
    farm = together(workers, cores=2, delays=Delays(tick=5.0, hand_over=0.2, noticed=40.0))
    by_plan = {each.plan: each for each in simulate(nights, farm, deaths)}
    assert sorted(by_plan) == sorted(each.plan for each in nights)
    for each in nights:
        ended = by_plan[each.plan]
        assert ended.launched == each.begins <= ended.began
        assert ended.ended - ended.began >= each.seconds - 1e-6
        assert ended.attempts <= 1 + len(deaths)


@pytest.mark.parametrize("seed", range(5))
def test_no_core_does_more_than_a_second_s_work_in_a_second(seed: int) -> None:
    nights = some_nights(seed)
    work = sum(phase.seconds for each in nights for phase in each.phases if phase.place is not Place.NOWHERE)
    assert last_end(simulate(nights, together(9, cores=2))) >= work / 2


@pytest.mark.parametrize("seed", range(5))
def test_more_workers_are_never_later_where_all_nights_are_alike(seed: int) -> None:
    nights = [night(f"P{number}", 2.5 + seed) for number in range(17)]
    ends = [last_end(simulate(nights, apart(workers, cores=1))) for workers in range(1, 20)]
    assert ends == sorted(ends, reverse=True)
    assert ends[0] == pytest.approx(sum(each.seconds for each in nights))
    assert ends[-1] == pytest.approx(nights[0].seconds)


def test_the_same_nights_always_end_alike() -> None:
    deaths = [Death(2, 15.0)]
    once, again = (simulate(some_nights(1), together(4, cores=2), deaths) for _ in range(2))
    assert once == again


def test_the_night_of_a_worker_that_dies_begins_anew_on_another_one_once_it_is_noticed() -> None:
    farm = apart(2, cores=1, delays=Delays(noticed=60.0))
    first, second = simulate([night("A", 10.0), night("B", 30.0)], farm, [Death(1, 20.0)])
    assert (first.plan, first.ended, first.attempts) == ("A", pytest.approx(10.0), 1)
    assert (second.plan, second.worker, second.attempts) == ("B", 0, 2)
    assert second.ended == pytest.approx(20.0 + 60.0 + 30.0)


def test_a_worker_that_comes_back_takes_nights_again() -> None:
    farm = apart(1, cores=1, delays=Delays(noticed=5.0))
    (only,) = simulate([night("A", 10.0)], farm, [Death(0, 4.0, back_after=20.0)])
    assert only.ended == pytest.approx(24.0 + 10.0)


def test_nights_that_nobody_can_take_are_told() -> None:
    with pytest.raises(ValueError, match="no worker is left"):
        simulate([night("A", 10.0)], apart(1, cores=1), [Death(0, 4.0)])


def test_a_worker_that_is_free_waits_for_the_daemon_to_look() -> None:
    farm = apart(1, cores=1, delays=Delays(tick=5.0))
    first, second = simulate([night("A", 1.0), night("B", 1.0)], farm)
    assert (first.began, second.began) == pytest.approx((2.5, 7.5))


def test_the_daemon_looks_now_and_then_and_hands_over_one_after_the_other() -> None:
    farm = apart(3, cores=1, delays=Delays(tick=5.0, hand_over=0.5))
    ended = simulate([night("A", 1.0), night("B", 1.0), night("C", 1.0, begins=6.0)], farm)
    assert [each.began for each in ended] == pytest.approx([2.5, 3.0, 7.5])
    assert [each.waited for each in ended] == pytest.approx([2.5, 3.0, 1.5])


def test_no_nights_take_no_time() -> None:
    assert simulate([], Farm((0,), (1,))) == []


def test_rates_are_found_again_and_none_is_negative() -> None:
    tasks = [Task(m, r, f) for m, r, f in ((1_000, 10, 30), (9_000, 9_100, 90), (50_000, 500, 180), (200_000, 90, 60))]
    rates = Rates(3.0, 0.00001, 0.00005, 0.01)
    observed = [(task, rates.of(task)) for task in tasks]
    found = fit(observed)
    assert miss(found, observed) < 1e-6
    assert found.file == pytest.approx(0.01)
    falling = fit([(task, 10.0 - task.files / 30) for task in tasks])
    assert falling.file == 0.0
    assert min(falling.night, falling.member, falling.row) >= 0.0


def test_a_few_plans_hold_most_members() -> None:
    sizes = sizes_of(15_000_000, 25)
    assert sum(sizes) == pytest.approx(15_000_000, abs=25)
    assert list(sizes) == sorted(sizes, reverse=True)
    assert sizes[0] / 15_000_000 == pytest.approx(0.2, abs=0.02)
    assert sizes_below(20_000, 5) == sizes_below(20_000, 25)[:5]
    assert providers_of(1_000_000) == 10 * providers_of(10_000)
    assert providers_of(1) > 0


def measured(workers: int, costs: Overheads) -> MeasuredFleet:
    """A fleet that took what these costs say, to the hundredth of a second."""
    tasks = [Task(members, members // 100, 30 + members // 500) for members in sizes_below(20_000, FITTED_ON)]
    nights = [night_of(f"P{rank}", task, costs) for rank, task in enumerate(tasks)]
    ended = {each.plan: each for each in simulate(nights, together(workers, cores=2, delays=costs.delays))}
    told = tuple(
        FleetNight(each.plan, task, 0.0, ended[each.plan].began, ended[each.plan].began, ended[each.plan].ended)
        for each, task in zip(nights, tasks, strict=True)
    )
    cpu = {
        group: sum(phase.seconds for each in nights for phase in each.phases if phase.place == place)
        for group, place in (("workers", Place.WORKER), ("centre", Place.CENTRE), ("partners", Place.PARTNERS))
    }
    return MeasuredFleet(workers, DAILY, told, cpu, dict.fromkeys(cpu, 0.0), [400.0], 900.0, 5.0, {})


def test_what_orchestration_costs_is_found_again_and_tells_the_fleet_that_was_measured() -> None:
    costs = Overheads(start=2.0, centre=3.0, file=0.005, idle_cores=0.0, delays=Delays(tick=5.0, hand_over=0.5))
    fleets = [measured(workers, costs) for workers in (1, 2, 4)]
    found = overheads_of(fleets)
    assert (found.start, found.centre, found.file) == pytest.approx((2.0, 3.0, 0.005))
    assert found.delays.hand_over == pytest.approx(0.5)
    for fleet in fleets:
        assert last_end(list(simulated(fleet, found))) == pytest.approx(fleet.seconds, rel=0.01)


def test_more_members_or_fewer_workers_end_later_whatever_the_day_brings() -> None:
    costs = Overheads(start=2.0, centre=3.0, file=0.005, idle_cores=0.2, delays=Delays(tick=5.0, hand_over=0.5))
    scene = Scene("a day", 10)
    for seed in range(3):
        usual = pass_night(scene, costs, seed)
        assert pass_night(scene, costs, seed) == usual
        assert usual.seconds >= usual.longest
        assert pass_night(replace(scene, full=True), costs, seed).seconds > usual.seconds
        assert pass_night(replace(scene, workers=2), costs, seed).seconds > usual.seconds
