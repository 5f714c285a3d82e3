"""What is told of the cluster, and how everything in it is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Manifest = dict[str, Any]
"""An object of Kubernetes, or a part of one, in the words of its API."""

SERVICES = "services"
"""The Secret with the addresses of PostgreSQL (`database`) and Redis (`broker`), and what logs in to them."""
FLEET = "fleet"
"""The ConfigMap with the fleet file."""
ACCOUNT = "exchange"
"""The account of all pods, which may ask the cluster nothing."""

QUEUE = "ecm-exchange/queue"
"""The label of pods that see what is a plan's own: whose queue they are for."""


@dataclass(frozen=True)
class Cluster:
    """What a fleet takes of a cluster."""

    image: str
    """Of the program, by its digest: every pod runs the same."""
    namespace: str = "ecm-exchange"
    workers: int = 2
    """Pods for each queue, each of which runs one night at a time: with two, one goes on where the other died."""
    storage_class: str | None = None
    """Of the volumes that workers have for as long as they live; the node's own disk unless given."""
    work_size: str = "20Gi"
    """How much of homes a worker can hold."""


def labels(part: str, queue: str | None = None) -> dict[str, str]:
    """Name what an object is a part of; `queue` for what is of one."""
    told = {"app.kubernetes.io/part-of": "ecm-exchange", "app.kubernetes.io/component": part}
    return told if queue is None else told | {QUEUE: queue}


def named(kind: str, api: str, name: str, cluster: Cluster, **rest: Any) -> Manifest:
    """Begin an object of the fleet's namespace."""
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": cluster.namespace}, **rest}


def of_plan(plan: str, what: str) -> str:
    """Name the object with what is a plan's own: its `config`, its `layouts` or its `keys`."""
    return f"plan-{plan.lower()}-{what}"
