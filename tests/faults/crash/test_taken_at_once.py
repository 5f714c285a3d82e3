"""Providers that take their files away as soon as they see them, while the night that brought them has died.

Between the moment in which a server gives a file its name and the moment in which this side knows, nobody can tell the
two cases apart once the file is taken. Then the same file comes again, under its name and with its bytes, rather than
none: what may be lost weighs more than what may come twice.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.attempts import End
from tests.faults.undisturbed import Undisturbed, told

KIND = "kill -9, and files that are taken before the next run"


def kill_and_let_everyone_take(night: Undisturbed, end: End) -> dict[str, bytes]:
    """Kill the night, empty all folders, run it again; returns what was taken."""
    night.set_back()
    assert night.attempt(end).was_killed
    taken = {path: content for path, content in night.plan.found().items() if "/." not in path}
    for path in taken:
        (night.plan.served / path).unlink()
    assert night.attempt().code in (0, 1)
    return taken


@pytest.mark.parametrize("place", ["UPLOAD_NOTED", "DELIVERY_ENTERED", "RECIPIENT_CONFIRMED"])
def test_what_was_known_to_be_there_is_not_sent_again(
    undisturbed: Undisturbed, place: str, survived: Callable[..., None]
) -> None:
    taken = kill_and_let_everyone_take(undisturbed, End(place, undisturbed.times(place)))
    found = [*told(taken), *told(undisturbed.plan.found())]
    survived(KIND, expected=undisturbed.told(), found=found)


def test_in_the_moment_before_the_same_file_comes_again_rather_than_none(
    undisturbed: Undisturbed, survived: Callable[..., None]
) -> None:
    taken = kill_and_let_everyone_take(undisturbed, End("UPLOAD_NAMED"))
    found = undisturbed.plan.found()
    assert [path for path in taken.keys() & found.keys() if taken[path] != found[path]] == []
    survived(KIND, expected=undisturbed.told(), found=told({**taken, **found}))
