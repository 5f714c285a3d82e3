"""Hands runs to workers by Celery, and tells from the leases whether those that are at work still are.

What a worker or its broker say of a run ends with them. The lease of its plan's home does not lie: while the run holds
it, its process has been heard of within seconds, and once it has lapsed, the kernel has ended that process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster._core.launcher import CheckRunHealthResult, LaunchRunContext, WorkerStatus
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import ConfigurableClassData, pack_value
from dagster._time import get_current_timestamp
from dagster_celery.config import TASK_EXECUTE_JOB_NAME
from dagster_celery.launcher import CeleryRunLauncher

from dagster_project.fleet.broker import SETTINGS
from dagster_project.partitions import PLAN_TAG
from pipelines.homes.leases import Standing, standing

_RUNNING = CheckRunHealthResult(WorkerStatus.RUNNING)


class LeasedRunLauncher(CeleryRunLauncher):
    """Launches runs on workers; `grace_seconds` is what a run may take until it holds its home, and after that."""

    def __init__(
        self, database: str, broker: str, grace_seconds: int, inst_data: ConfigurableClassData | None = None
    ) -> None:
        super().__init__(
            default_queue="nights", broker=broker, backend="disabled://", config_source=SETTINGS, inst_data=inst_data
        )
        self._database = database
        self._grace = grace_seconds

    @classmethod
    def config_type(cls) -> dict[str, dg.Field]:
        """Say what stands in `dagster.yaml`."""
        return {
            "database": dg.Field(dg.StringSource),
            "broker": dg.Field(dg.StringSource),
            "grace_seconds": dg.Field(dg.IntSource, default_value=60),
        }

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]) -> LeasedRunLauncher:
        """Make one as `dagster.yaml` says."""
        return cls(inst_data=inst_data, **config_value)

    @property
    def supports_resume_run(self) -> bool:
        """A run is never gone on with: a new one is launched, which begins the night again."""
        return False

    def launch_run(self, context: LaunchRunContext) -> None:
        """Hand a run to the queue of its plan."""
        run = context.dagster_run
        if run.job_code_origin is None:
            raise dg.DagsterInvariantViolationError("a run says which job it is of")
        args = ExecuteRunArgs(run.job_code_origin, run.run_id, self._instance.get_ref(), set_exit_code_on_failure=True)
        task = self.celery.signature(
            TASK_EXECUTE_JOB_NAME, kwargs={"execute_job_args_packed": pack_value(args)}, immutable=True
        )
        self._launch_celery_task_run(run=run, task_signature=task, routing_key=TASK_EXECUTE_JOB_NAME)

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Tell whether the process of a run that has begun is still there."""
        record = self._instance.get_run_record_by_id(run.run_id)
        began = record.start_time if record is not None else None
        since = get_current_timestamp() - began if began is not None else 0.0
        return judge(standing(self._database, run.tags.get(PLAN_TAG, "")), run.run_id, since, self._grace)

    def get_run_worker_debug_info(self, *_: object, **__: object) -> None:
        """Say nothing more: what there is to know was told with the health."""


def judge(now: Standing | None, run_id: str, since: float, grace: float) -> CheckRunHealthResult:
    """Tell how a run stands that began `since` seconds ago, by the lease of its plan's home.

    While another holds the home the run waits for it. Otherwise it must hold the home within `grace` seconds, and end
    within as many after it gave it back.
    """
    if now is not None and now.is_alive:
        return _RUNNING
    if now is not None and now.holder == run_id and now.held:
        return _failed(f"Its worker has not been heard of: the lease of its plan's home ran out {_ago(now)} ago.")
    free = min(since, -now.seconds_left) if now is not None else since
    if free < grace:
        return _RUNNING
    if now is not None and now.holder == run_id:
        return _failed(f"It gave the plan's home back {_ago(now)} ago and has not ended: its worker is not there.")
    return _failed(f"It has not held its plan's home, though that was free for {free:.0f} seconds: its worker died.")


def _failed(why: str) -> CheckRunHealthResult:
    return CheckRunHealthResult(WorkerStatus.FAILED, why)


def _ago(now: Standing) -> str:
    return f"{-now.seconds_left:.0f} seconds"
