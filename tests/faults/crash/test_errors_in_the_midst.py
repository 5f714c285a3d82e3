"""Something goes wrong in the midst of a station, for no reason of its own: the next run leaves no trace of it."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from tests.faults.undisturbed import Undisturbed, told


class Broken(Exception):
    """Something went wrong for no reason of its own."""


@pytest.mark.parametrize(
    ("function", "call"),
    [
        ("pipelines.load.tabular.ledger.settle", 1),  # the rows are inserted, the file is not settled
        ("pipelines.delivery.outbox._write_privately", 4),  # some files of the outbox written
        ("pipelines.delivery.send.push", 2),  # the first provider has its files, the second not
        ("pipelines.delivery.send.confirm", 2),  # sent, not confirmed
        ("pipelines.delivery.send.confirm", 3),  # providers done; an answer to a sender sent, not confirmed
    ],
)
def test_an_error_in_the_midst_of_a_station_leaves_no_trace(
    undisturbed: Undisturbed,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    call: int,
    survived: Callable[..., None],
) -> None:
    plan = undisturbed.plan
    undisturbed.set_back()
    original, calls = pkgutil.resolve_name(function), count(1)

    def failing(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == call:
            raise Broken
        return original(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(function, failing)
        with pytest.raises(Broken):
            plan.run(undisturbed.on)
    plan.run(undisturbed.on)
    undisturbed.assert_same()
    survived("an error in the midst of a station", expected=undisturbed.told(), found=told(plan.found()))
