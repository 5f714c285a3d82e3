"""A night that is told to stop, by an operator or by a machine that is shut down, leaves with a word and is resumed."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from tests.faults.attempts import End
from tests.faults.undisturbed import Undisturbed, told

IN_THE_MIDST = [
    (signal.SIGTERM, "UPLOAD_BEGUN"),
    (signal.SIGINT, "MEMBERS_INSERTED"),
    pytest.param(signal.SIGTERM, "MEMBERS_INSERTED", marks=pytest.mark.deep),
    pytest.param(signal.SIGINT, "UPLOAD_BEGUN", marks=pytest.mark.deep),
    pytest.param(signal.SIGTERM, "COPY_MADE", marks=pytest.mark.deep),
]


@pytest.mark.parametrize(("number", "place"), IN_THE_MIDST)
def test_a_night_that_is_told_to_stop_says_so_and_is_resumed(
    undisturbed: Undisturbed, place: str, number: signal.Signals, survived: Callable[..., None]
) -> None:
    undisturbed.set_back()
    stopped = undisturbed.attempt(End(place, signal=number))
    assert stopped.code == 128 + number
    assert "Stopped by a signal." in stopped.err
    assert "Traceback" not in stopped.err
    assert not (undisturbed.plan.config.home / "spill").exists()
    undisturbed.assert_nothing_is_cut()
    assert undisturbed.attempt().code in (0, 1)
    undisturbed.assert_same()
    survived(
        f"{number.name} in the midst of a night", expected=undisturbed.told(), found=told(undisturbed.plan.found())
    )
