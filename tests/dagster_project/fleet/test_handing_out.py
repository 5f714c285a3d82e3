"""When a run is handed to a worker, and how it is told whether that worker is still there."""

from __future__ import annotations

from pathlib import Path

import pytest
from dagster._core.launcher import WorkerStatus

from dagster_project.fleet.launcher import judge
from dagster_project.fleet.queue import QueueOfWorkers
from dagster_project.fleet.rehearsal.parts import Part, redis
from dagster_project.resources import FLEET_VARIABLE
from pipelines.homes.leases import HighWater, Standing
from pipelines.homes.seats import seated
from tests.dagster_project.fleet.conftest import write_fleet

GRACE = 60


def lease(holder: str, left: float, *, held: bool = True) -> Standing:
    return Standing("VALLEY", holder, 1, held, left, HighWater())


@pytest.mark.parametrize(
    ("now", "since", "is_there"),
    [
        (lease("ours", 20), 900, True),
        (lease("ours", -1), 900, False),  # its process is dead: the kernel saw to that before the lease ran out
        (lease("ours", -1, held=False), 900, True),  # it gave the home back, and is about to end
        (lease("ours", -GRACE - 1, held=False), 900, False),
        (lease("theirs", 20), 900, True),  # it waits for its home
        (lease("theirs", -1), 900, True),  # which is free since a moment ago
        (lease("theirs", -900, held=False), 1, True),  # it has only begun
        (lease("theirs", -900, held=False), GRACE + 1, False),
        (None, 1, True),
        (None, GRACE + 1, False),
    ],
)
def test_a_run_is_there_while_the_lease_of_its_home_says_so(
    now: Standing | None, since: float, *, is_there: bool
) -> None:
    assert judge(now, "ours", since, GRACE).status == (WorkerStatus.RUNNING if is_there else WorkerStatus.FAILED)


def test_no_run_is_handed_out_without_a_seat_in_its_queue_or_without_a_broker(
    database: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FLEET_VARIABLE, str(write_fleet(tmp_path, "VALLEY", "DELTA\nqueue = 'delta'")))

    def handed_out() -> tuple[int, dict[object, object]]:
        config = queue.get_run_queue_config()
        limits = {limit.get("value"): limit["limit"] for limit in config.tag_concurrency_limits[1:]}
        return config.max_concurrent_runs, dict(limits)

    with redis(tmp_path) as broker, seated(database.url, "one", ["delta"], 2):
        queue = QueueOfWorkers(database.url, broker.url, 5)
        assert handed_out() == (2, {"delta": 2, "nights": 0})
        broker.stop()
        assert handed_out() == (0, {"delta": 0, "nights": 0})
