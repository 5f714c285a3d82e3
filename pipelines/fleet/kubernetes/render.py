"""All manifests of a fleet, in the order in which a cluster takes them."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from pipelines.fleet.kubernetes.cluster import ACCOUNT, FLEET, Cluster, Manifest, labels, named
from pipelines.fleet.kubernetes.fleet_file import fleet_file
from pipelines.fleet.kubernetes.network import network_policies
from pipelines.fleet.kubernetes.pods import FLEET_FILE, PORT, part, watch, worker
from pipelines.fleet.read import Fleet


class _Plain(yaml.SafeDumper):  # type: ignore[misc]
    """Writes everything where it stands, and what has several lines line by line."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - as yaml calls it
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Plain.add_representer(str, _text)

_UI = ("python", "-m", "dagster_project.ui", "--fleet", str(FLEET_FILE), "--part")


def render(fleet: Fleet, cluster: Cluster) -> str:
    """Write the manifests as YAML: the same fleet and cluster give the same bytes."""
    text: str = yaml.dump_all(manifests(fleet, cluster), Dumper=_Plain, sort_keys=False, width=120, explicit_start=True)
    return text


def manifests(fleet: Fleet, cluster: Cluster) -> Iterator[Manifest]:
    """Describe the namespace, who may talk to whom, the parts of Dagster, and what each queue needs."""
    yield _namespace(cluster)
    yield named("ServiceAccount", "v1", ACCOUNT, cluster, automountServiceAccountToken=False)
    yield from network_policies(cluster)
    yield named("ConfigMap", "v1", FLEET, cluster, data={"fleet.toml": fleet_file(fleet)})
    yield from _pages(cluster)
    yield from _daemon(cluster)
    for queue in sorted({plan.queue for plan in fleet.plans}):
        yield from _queue(queue, sorted(plan.id for plan in fleet.plans if plan.queue == queue), cluster)


def _namespace(cluster: Cluster) -> Manifest:
    strict = {f"pod-security.kubernetes.io/{how}": "restricted" for how in ("enforce", "audit", "warn")}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": cluster.namespace, "labels": strict}}


def _pages(cluster: Cluster) -> Iterator[Manifest]:
    """Describe the pages to look at, behind the login; and those that start nights, which no other pod can reach."""
    looks = {"httpGet": {"path": "/server_info", "port": PORT}}
    command = [*_UI, "webserver", "--port", str(PORT)]
    pod = part("webserver", [*command, "--host", "0.0.0.0", "--read-only"], looks, cluster)  # noqa: S104 - see `network`
    pod["spec"]["containers"][0] |= {"ports": [{"name": "pages", "containerPort": PORT}], "readinessProbe": looks}
    yield _deployment("webserver", pod, cluster, replicas=1)
    ports = [{"name": "pages", "port": 80, "targetPort": "pages"}]
    spec = {"type": "ClusterIP", "selector": labels("webserver"), "ports": ports}
    yield named("Service", "v1", "webserver", cluster, spec=spec)
    asks = f"import urllib.request as web; web.urlopen('http://127.0.0.1:{PORT}/server_info', timeout=10)"
    yield _deployment(
        "operators", part("operators", command, _runs(["python", "-c", asks]), cluster), cluster, replicas=1
    )


def _daemon(cluster: Cluster) -> Iterator[Manifest]:
    """Describe the one that starts nights and sees to those that died: never two at a time."""
    alive = _runs([*_UI, "liveness"])
    deployment = _deployment("daemon", part("daemon", [*_UI, "daemon"], alive, cluster), cluster, replicas=1)
    deployment["spec"]["strategy"] = {"type": "Recreate"}
    yield deployment


def _queue(queue: str, plans: list[str], cluster: Cluster) -> Iterator[Manifest]:
    """Describe the workers of a queue, and who looks after its plans.

    A new worker comes before an old one goes, and the old one ends its night.
    """
    name = f"worker-{queue}"
    command = ["ecm-exchange", "fleet", "worker", "--fleet", str(FLEET_FILE), "--queue", queue]
    deployment = _deployment(name, worker(queue, plans, command, cluster), cluster, replicas=cluster.workers)
    deployment["spec"]["strategy"] = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    yield deployment
    spec = {"maxUnavailable": 1, "selector": {"matchLabels": labels("worker", queue)}}
    yield named("PodDisruptionBudget", "policy/v1", name, cluster, spec=spec)
    looks = ["ecm-exchange", "fleet", "status", "--fleet", str(FLEET_FILE), "--queue", queue]
    job = {"backoffLimit": 0, "activeDeadlineSeconds": 600, "template": watch(queue, plans, looks, cluster)}
    spec = {"schedule": "*/30 * * * *", "concurrencyPolicy": "Forbid", "jobTemplate": {"spec": job}}
    yield named("CronJob", "batch/v1", f"watch-{queue}", cluster, spec=spec)


def _deployment(name: str, pod: Manifest, cluster: Cluster, *, replicas: int) -> Manifest:
    chosen = {"matchLabels": pod["metadata"]["labels"]}
    spec = {"replicas": replicas, "revisionHistoryLimit": 3, "selector": chosen, "template": pod}
    return named("Deployment", "apps/v1", name, cluster, spec=spec)


def _runs(command: list[str]) -> Manifest:
    return {"exec": {"command": command}}
