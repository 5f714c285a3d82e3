"""A night that Dagster ran is killed as a whole: Dagster or the command line goes on from what it left."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.attempts import Attempt, End
from tests.faults.undisturbed import Undisturbed, told


def by_dagster(night: Undisturbed, end: End | None = None) -> Attempt:
    config = night.plan.root / "exchange.toml"
    return night.attempts.make("--config", config, "--date", night.on, end=end, program="dagster")


def test_a_kill_of_a_night_run_by_dagster_leaves_no_trace(
    undisturbed: Undisturbed, survived: Callable[..., None], *, deep: bool
) -> None:
    for place in ("UPLOAD_NAMED", "DECISIONS_RECORDED") if deep else ("UPLOAD_NAMED",):
        undisturbed.set_back()
        assert by_dagster(undisturbed, End(place)).was_killed
        undisturbed.assert_nothing_is_cut()
        again = by_dagster(undisturbed) if place == "DECISIONS_RECORDED" else undisturbed.attempt()
        assert again.code in (0, 1), again.err
        undisturbed.assert_same()
        found = told(undisturbed.plan.found())
        survived("kill -9 of a night run by Dagster", expected=undisturbed.told(), found=found)
