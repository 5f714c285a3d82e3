"""A worker: takes nights of its queues from the broker and runs each in a process of its own.

`python -m dagster_project.fleet.worker --fleet fleet.toml --queue nights --concurrency 1` serves until it is told to
stop; then it ends the nights that it is at, and takes no other.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import secrets
import socket
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import dagster as dg
from celery import Celery
from celery.signals import worker_process_init, worker_shutting_down
from celery.worker import state
from dagster._cli.api import _execute_run_command_body  # what a process does that runs one run, whoever started it
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import unpack_value
from dagster._utils.interrupts import setup_interrupt_handlers
from dagster_celery.config import TASK_EXECUTE_JOB_NAME
from dagster_shared.serdes.serdes import JsonSerializableValue

from dagster_project.fleet.broker import SETTINGS
from dagster_project.fleet.home import environment_of_workers
from dagster_project.fleet.homes import WORKER_VARIABLE
from dagster_project.fleet.records import keep_records
from pipelines.containment import contain
from pipelines.homes.seats import Seated, seated
from pipelines.homes.variables import BROKER_VARIABLE, DATABASE_VARIABLE
from schemas.problems import ExchangeError
from schemas.visible import visible


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve from the command line."""
    parser = argparse.ArgumentParser(prog="python -m dagster_project.fleet.worker", description=__doc__)
    parser.add_argument("--fleet", type=Path, default=Path("fleet.toml"), help="the file that names the plans")
    parser.add_argument("--queue", action="append", help="a queue to serve; may be given again; else `nights`")
    parser.add_argument("--concurrency", type=int, default=1, help="nights at the same time, a gigabyte each")
    parser.add_argument(
        "--name", default=socket.gethostname(), help="what its runs are tagged with; else the machine's"
    )
    options = parser.parse_args(arguments)
    contain()
    try:
        os.environ.update(environment_of_workers(options.fleet) | {WORKER_VARIABLE: options.name})
        return serve(options.queue or ["nights"], options.concurrency)
    except ExchangeError as problem:
        sys.stderr.write(visible(f"{problem}\n"))
        return problem.exit_code


def serve(queues: Sequence[str], concurrency: int) -> int:
    """Take nights of these queues, so many at a time, until told to stop; return the exit code.

    Raises
    ------
    ExchangeError
        S12, when the database does not answer.
    """
    # Once for all nights: each runs in a copy of this process.
    importlib.import_module("dagster_project.fleet.definitions")
    name = f"{secrets.token_hex(4)}@{os.environ[WORKER_VARIABLE]}"
    with seated(os.environ[DATABASE_VARIABLE], name, queues, concurrency) as its:
        leaves = partial(_leave, its)
        worker_shutting_down.connect(leaves)
        worker = app_of(os.environ[BROKER_VARIABLE]).Worker(
            hostname=name, queues=list(queues), concurrency=concurrency, pool="prefork", loglevel="INFO",
            without_gossip=True, without_mingle=True, optimization="fair",
        )  # fmt: skip
        worker.start()
    return worker.exitcode or 0


def app_of(broker: str) -> Celery:
    """Make the application that knows how to run a night."""
    app = Celery("dagster", broker=broker, backend="disabled://", config_source=SETTINGS)
    app.task(name=TASK_EXECUTE_JOB_NAME)(run)
    worker_process_init.connect(_begin_process)
    logging.getLogger("celery.app.trace").addFilter(_telling_no_value)
    return app


def run(execute_job_args_packed: JsonSerializableValue) -> None:
    """Run what was handed out, in this process."""
    asked = unpack_value(execute_job_args_packed, ExecuteRunArgs)
    with dg.DagsterInstance.get() as instance:
        keep_records(instance)
        _execute_run_command_body(asked.run_id, instance, lambda _: None, set_exit_code_on_failure=False)


def _leave(its: Seated, **_: object) -> None:
    """Have no seat to offer any more once this worker is told to stop: what it has begun it ends."""
    its.leave_but(len(state.reserved_requests))


def _begin_process(**_: object) -> None:
    """Let a night that is called off end in order, as Dagster does elsewhere."""
    setup_interrupt_handlers()


def _telling_no_value(record: logging.LogRecord) -> bool:
    """Keep of a defect that it was there: its message may quote a member's data."""
    if record.exc_info:
        record.msg, record.args, record.exc_info = "a run ended with a defect", (), None
    return True


if __name__ == "__main__":
    sys.exit(main())
