"""Asking Dagster for nights, as its UI does when a person launches a backfill; the daemon hands them out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib.resources import files

import dagster as dg
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from dagster._core.remote_origin import RemotePartitionSetOrigin, RemoteRepositoryOrigin
from dagster._core.workspace.load_target import WorkspaceFileTarget


def ask_for_nights(instance: dg.DagsterInstance, partitions: Sequence[str]) -> None:
    """Ask for a run of each partition of the nightly job.

    Dagster's command `job backfill` would ask as well, but what it launches is never tried again after a crash.
    """
    workspace = str(files("dagster_project.fleet").joinpath("workspace.yaml"))
    (location,) = WorkspaceFileTarget([workspace]).create_origins()
    nights = RemotePartitionSetOrigin(
        repository_origin=RemoteRepositoryOrigin(location, "__repository__"),
        partition_set_name="nightly_exchange_partition_set",
    )
    asked = time.time()
    instance.add_backfill(
        PartitionBackfill(
            f"nights-{asked:.0f}", BulkActionStatus.REQUESTED, from_failure=False, tags={}, backfill_timestamp=asked,
            partition_set_origin=nights, partition_names=list(partitions),
        )
    )  # fmt: skip
