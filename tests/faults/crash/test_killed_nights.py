"""Kill a night anywhere, run it again: tables, folders and ledger are those of a night that was left in peace.

The process really dies, by SIGKILL, at each named place: the first time the night comes to it, at those of which a
recipient or the store knows the last time too, and with `--deep` every time.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from pipelines.checkpoints import Checkpoint
from pipelines.nightly import STATIONS
from tests.faults.attempts import End
from tests.faults.undisturbed import Undisturbed, nth_reach, told

SEEDS = range(2)
DEEP_SEEDS = range(40)
TOLD_OUTSIDE = ("", "deliver")
OF_THE_AUDIT = (Checkpoint.JOURNAL_WRITTEN, Checkpoint.AUDIT_WRITTEN, Checkpoint.MARK_WRITTEN)


def test_the_night_comes_to_every_checkpoint(undisturbed: Undisturbed) -> None:
    assert [place.name for place in Checkpoint if not undisturbed.times(place.name)] == []


def test_every_station_has_a_checkpoint_in_its_midst_and_one_at_its_end() -> None:
    of_stations = [place.station for place in Checkpoint]
    assert [name for _, station in STATIONS if of_stations.count(name := station.__name__) < 2] == []
    assert set(of_stations) - {station.__name__ for _, station in STATIONS} == {""}


@pytest.mark.parametrize("place", list(Checkpoint), ids=lambda place: place.name)
def test_a_kill_at_a_checkpoint_leaves_no_trace(
    undisturbed: Undisturbed, place: Checkpoint, survived: Callable[..., None], *, deep: bool
) -> None:
    last = undisturbed.times(place.name)
    for nth in range(1, last + 1) if deep else sorted({1, last if place.station in TOLD_OUTSIDE else 1}):
        undisturbed.set_back()
        assert undisturbed.attempt(End(place.name, nth)).was_killed
        undisturbed.assert_nothing_is_cut()
        again = undisturbed.attempt()
        assert again.code in (0, 1), again.err
        undisturbed.assert_same()
        if place in OF_THE_AUDIT:
            undisturbed.assert_the_audit_log_holds()
        survived(f"kill -9: {place.says}", expected=undisturbed.told(), found=told(undisturbed.plan.found()))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", DEEP_SEEDS if metafunc.config.getoption("--deep") else SEEDS)


def test_three_kills_at_random_leave_no_trace(
    undisturbed: Undisturbed, seed: int, survived: Callable[..., None]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed to be printed
    undisturbed.set_back()
    for _ in range(3):
        end = nth_reach(undisturbed.reached, chance.randrange(len(undisturbed.reached)))
        broken = undisturbed.attempt(end)
        assert broken.was_killed or broken.code in (0, 1), broken.err  # a place may not be come to any more
        undisturbed.assert_nothing_is_cut()
    undisturbed.attempt()
    undisturbed.assert_same()
    undisturbed.assert_the_audit_log_holds()
    survived("three kills -9 of one night", expected=undisturbed.told(), found=told(undisturbed.plan.found()))
