"""A machine dies anywhere in a night, and one that has nothing finishes it: nothing is lost, nothing comes twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.checkpoints import Checkpoint
from tests.faults.attempts import End
from tests.faults.homes.conftest import Moved
from tests.faults.undisturbed import told

KIND = "kill -9, and another machine goes on from the depot"
TAKEN = "kill -9, files that are taken, and another machine goes on"
SOME = ("OUTBOX_ENTERED", "UPLOAD_NOTED", "RUN_FINISHED")
"""Prepared but not ready, sent but not entered, and all but brought back."""
UNKNOWN = ("UPLOAD_NAMED",)
"""Where nobody can know whether a file that is not there was taken: it comes again (tests/faults/crash)."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "place" in metafunc.fixturenames:
        places = [place.name for place in Checkpoint] if metafunc.config.getoption("--deep") else SOME
        metafunc.parametrize("place", places)


def test_a_machine_that_dies_is_replaced_by_one_that_has_nothing(
    moved: Moved, place: str, survived: Callable[..., None], *, deep: bool
) -> None:
    """Providers have taken whatever they found before the other machine comes."""
    last = moved.reached.count(place)
    for nth in sorted({1, last}) if deep else [last]:
        moved.set_back()
        assert moved.night("a", End(place, nth)).was_killed
        taken = {} if place in UNKNOWN else moved.take()
        again = moved.night("b")
        assert again.code in (0, 1), again.err
        moved.assert_same(taken)
        found = [*told(taken), *told(moved.plan.found())]
        survived(TAKEN if taken else KIND, expected=moved.told(), found=found)
