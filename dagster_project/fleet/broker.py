"""How nights pass through the broker: one at a time to a worker that has a seat, and nothing is kept there."""

from __future__ import annotations

from typing import Any

_REDELIVERED_AFTER = 60
"""Seconds after which what a worker took and did not begin, because it was killed just then, goes to another."""

SETTINGS: dict[str, Any] = {
    # Nothing is taken ahead: it would wait behind a night at work, and be lost for a while with the worker.
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,
    # A night that has begun is watched by its lease, and begins anew by Dagster's own retries.
    "task_acks_late": False,
    "task_ignore_result": True,
    # Each night has a process of its own, which ends with it: nothing of a plan is left in memory for the next.
    "worker_max_tasks_per_child": 1,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    # A broker that is away is waited for, however long.
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": {"visibility_timeout": _REDELIVERED_AFTER},
}
"""Of Celery, on both sides of the broker."""
