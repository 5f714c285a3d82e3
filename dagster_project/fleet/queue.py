"""How runs of a fleet wait: each in the queue of its plan, until a worker of that queue has a seat for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import redis
from dagster._core.run_coordinator import QueuedRunCoordinator, SubmitRunContext
from dagster._core.run_coordinator.queued_run_coordinator import RunQueueConfig
from dagster._core.storage.tags import RETRY_STRATEGY_TAG
from dagster._serdes import ConfigurableClassData
from dagster_celery.tags import DAGSTER_CELERY_QUEUE_TAG

from dagster_project.partitions import PLAN_TAG
from dagster_project.resources import FLEET_VARIABLE
from pipelines.fleet import read_fleet
from pipelines.homes.seats import Seats, seats

_PATIENCE = 2.0
"""Seconds in which the broker must answer, or nothing is handed out."""

Limit = Mapping[str, Any]

_ONE_OF_A_PLAN: Limit = {"key": PLAN_TAG, "value": {"applyLimitPerUniqueValue": True}, "limit": 1}


class QueueOfWorkers(QueuedRunCoordinator):
    """Dagster's queue, with a place in it for each plan, and as many runs at a time as there are seats."""

    def __init__(
        self, database: str, broker: str, dequeue_interval_seconds: int, inst_data: ConfigurableClassData | None = None
    ) -> None:
        super().__init__(dequeue_interval_seconds=dequeue_interval_seconds, inst_data=inst_data)
        self._database = database
        self._broker = broker

    @classmethod
    def config_type(cls) -> dict[str, dg.Field]:
        """Say what stands in `dagster.yaml`."""
        return {
            "database": dg.Field(dg.StringSource),
            "broker": dg.Field(dg.StringSource),
            "dequeue_interval_seconds": dg.Field(dg.IntSource, default_value=5),
        }

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> QueueOfWorkers:
        """Make one as `dagster.yaml` says."""
        return cls(inst_data=inst_data, **config_value)

    def submit_run(self, context: SubmitRunContext) -> dg.DagsterRun:
        """Let a run wait, whoever asked for it, with what others must know of it.

        One that is launched anew after a crash begins the night again: what it did may have been lost with its worker.
        """
        run = context.dagster_run
        self._instance.add_run_tags(run.run_id, {RETRY_STRATEGY_TAG: "ALL_STEPS", **_queue_of(run)})
        return super().submit_run(context)

    def get_run_queue_config(self) -> RunQueueConfig:
        """Tell how many may be at work now: none while the broker is away, which then would lose them."""
        there = seats(self._database) if self._answers() else Seats(0, {})
        queues = {plan.queue for plan in read_fleet(_fleet()).plans}
        limits = [_ONE_OF_A_PLAN, *(_limit(queue, there.of_queue.get(queue, 0)) for queue in sorted(queues))]
        return RunQueueConfig(max_concurrent_runs=there.all, tag_concurrency_limits=limits)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(
                self._broker, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
            ) as broker:
                return bool(broker.ping())
        except redis.RedisError:
            return False


def _queue_of(run: dg.DagsterRun) -> dict[str, str]:
    """Name the queue of a run's plan; none where the fleet has no such plan, which the run itself will tell."""
    queues = {plan.id: plan.queue for plan in read_fleet(_fleet()).plans}
    queue = queues.get(run.tags.get(PLAN_TAG, ""))
    return {DAGSTER_CELERY_QUEUE_TAG: queue} if queue is not None else {}


def _limit(queue: str, number: int) -> Limit:
    return {"key": DAGSTER_CELERY_QUEUE_TAG, "value": queue, "limit": number}


def _fleet() -> Path:
    return Path(os.environ[FLEET_VARIABLE])
