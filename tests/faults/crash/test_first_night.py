"""The very first night of a plan, which makes the store, is killed on the way as any other may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sample_data.providers import npi_of
from tests.faults.attempts import Attempts, End
from tests.faults.undisturbed import Undisturbed, told

PLACES = [
    End("COMMITTING"),  # the store is made, and nothing says which one it is
    End("COMMITTED"),  # it has its name, and the mark beside it knows of no opening
    End("MARK_WRITTEN"),
    End("UPLOAD_NAMED"),
    *(pytest.param(End(place), marks=pytest.mark.deep) for place in ("AUDIT_WRITTEN", "STORE_OPENED", "RUN_ENTERED")),
    *(pytest.param(End(place), marks=pytest.mark.deep) for place in ("FILE_LANDED", "COPY_MADE")),
]


@pytest.fixture(scope="module")
def first_night(
    make_plan: Callable[..., Any], attempts: Attempts, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Undisturbed]:
    plan = make_plan(sources=("probation",), providers=[npi_of("fresno_all")], days=1)
    (on,) = plan.exchange.dates
    plan.partners_leave_files(on)
    plan.config.home.mkdir(mode=0o700)
    night = Undisturbed(plan, on, attempts, plan.photograph(tmp_path_factory.mktemp("empty")))
    with plan.serving():
        night.run_in_peace()
        yield night


@pytest.mark.parametrize("end", PLACES, ids=lambda end: end.place)
def test_a_kill_of_the_first_night_leaves_no_trace(
    first_night: Undisturbed, end: End, survived: Callable[..., None]
) -> None:
    first_night.set_back()
    assert first_night.attempt(end).was_killed
    first_night.assert_nothing_is_cut()
    again = first_night.attempt()
    assert again.code in (0, 1), again.err
    first_night.assert_same()
    survived("kill -9 of the very first night", expected=first_night.told(), found=told(first_night.plan.found()))
