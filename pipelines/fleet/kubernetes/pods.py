"""Pods: what each part of a fleet runs, what it sees, and what it may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from pipelines.fleet.kubernetes.cluster import ACCOUNT, FLEET, SERVICES, Cluster, Manifest, labels, of_plan
from pipelines.fleet.kubernetes.fleet_file import PLANS
from pipelines.homes.variables import CONFINE_VARIABLE, WORK_VARIABLE

PORT = 3000
FLEET_FILE = PurePosixPath("/srv/fleet/fleet.toml")
WORK = "/var/lib/ecm"
"""The one folder of a pod that can be written to."""
_GIVEN = "/srv/given"
"""Where a pod gets what is its plans' own, as the cluster gives it: open to a group, by way of links."""
_NIGHT = 3 * 3600
"""Seconds that a night may take: after that Dagster counts it as broken."""
_USER = 10001
_MINE = ("config", "layouts", "keys")
"""What is a plan's own: `exchange.toml` and the tables that it names; layouts, where it has any; keys and secrets."""

GATHER = f"""\
set -eu
umask 077
mkdir -p {WORK}/scratch
put() {{
    mkdir -p "$2"
    for file in "$1"/*; do
        [ ! -f "$file" ] || install -m 600 "$file" "$2/"
    done
}}
for plan; do
    put "{_GIVEN}/$plan/config" "{PLANS}/$plan"
    put "{_GIVEN}/$plan/layouts" "{PLANS}/$plan/layouts"
    put "{_GIVEN}/$plan/keys" "{PLANS}/$plan/keys"
done
"""
"""Puts each plan's folder together, for its owner alone: a key that others can read is refused."""


def part(name: str, command: Sequence[str], probe: Manifest, cluster: Cluster) -> Manifest:
    """Describe a pod that runs a part of Dagster: it sees no plan's folder."""
    container = _container(name, command, cluster, cpu="250m", memory=("1Gi", "2Gi"))
    container["env"] = _environment({"HOME": WORK, "TMPDIR": WORK})
    container |= {"workingDir": _FLEET_MOUNT["mountPath"], "volumeMounts": [_FLEET_MOUNT, _mount("work", WORK)]}
    container["livenessProbe"] = probe | {"initialDelaySeconds": 120, "periodSeconds": 120, "timeoutSeconds": 60}
    return _pod(labels(name), [container], [{"name": "work", "emptyDir": {"sizeLimit": "1Gi"}}])


def worker(queue: str, plans: Sequence[str], command: Sequence[str], cluster: Cluster) -> Manifest:
    """Describe a pod that runs nights of a queue."""
    container = _container("worker", command, cluster, cpu="1", memory=("2Gi", "6Gi"))
    container["env"] = _environment(_OWN | {"ECM_EXCHANGE_DELIVER": "1", CONFINE_VARIABLE: "1"})
    pod = _of_queue(labels("worker", queue), plans, container, cluster)
    pod["spec"] |= {
        "terminationGracePeriodSeconds": _NIGHT + 300,
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": labels("worker", queue)},
            }
        ],
    }
    return pod


def watch(queue: str, plans: Sequence[str], command: Sequence[str], cluster: Cluster) -> Manifest:
    """Describe a pod that looks once how the plans of a queue stand, and fails where one needs a person."""
    container = _container("watch", command, cluster, cpu="100m", memory=("512Mi", "2Gi"))
    container["env"] = _environment(_OWN)
    pod = _of_queue(labels("watch", queue), plans, container, cluster)
    pod["spec"]["restartPolicy"] = "Never"
    return pod


def _of_queue(told: dict[str, str], plans: Sequence[str], container: Manifest, cluster: Cluster) -> Manifest:
    """Describe a pod that sees what is the own of a queue's plans, and nothing of any other plan."""
    gather = _container("gather", ["/bin/sh", "-c", GATHER, "gather", *plans], cluster, "100m", ("64Mi", "64Mi"))
    given = [_mount(of_plan(plan, what), f"{_GIVEN}/{plan}/{what}", only=True) for plan in plans for what in _MINE]
    gather["volumeMounts"] = [_mount("work", WORK), _mount("plans", str(PLANS)), *given]
    mounts = [_FLEET_MOUNT, _mount("work", WORK), _mount("plans", str(PLANS), only=True)]
    container |= {"workingDir": _FLEET_MOUNT["mountPath"], "volumeMounts": mounts}
    volumes = [
        _work(cluster),
        {"name": "plans", "emptyDir": {"medium": "Memory", "sizeLimit": "256Mi"}},
        *(_volume(of_plan(plan, what), what) for plan in plans for what in _MINE),
    ]
    pod = _pod(told, [container], volumes)
    pod["spec"]["initContainers"] = [gather]
    return pod


def _pod(told: dict[str, str], containers: list[Manifest], volumes: list[Manifest]) -> Manifest:
    return {
        "metadata": {"labels": told},
        "spec": {
            "serviceAccountName": ACCOUNT,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": _USER,
                "runAsGroup": _USER,
                "fsGroup": _USER,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": containers,
            "volumes": [{"name": "fleet", "configMap": {"name": FLEET}}, *volumes],
        },
    }


def _container(name: str, command: Sequence[str], cluster: Cluster, cpu: str, memory: tuple[str, str]) -> Manifest:
    """Describe a container that may nothing; `memory` is what it needs, and what it may take."""
    needs, may = memory
    return {
        "name": name,
        "image": cluster.image,
        "command": list(command),
        "resources": {"requests": {"cpu": cpu, "memory": needs}, "limits": {"memory": may}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }


def _environment(more: Mapping[str, str]) -> list[Manifest]:
    plain = {"DAGSTER_HOME": f"{WORK}/dagster", **more}
    return [
        *({"name": name, "value": value} for name, value in plain.items()),
        *(
            {"name": f"ECM_EXCHANGE_{key.upper()}", "valueFrom": {"secretKeyRef": {"name": SERVICES, "key": key}}}
            for key in ("database", "broker")
        ),
    ]


def _mount(volume: str, place: str, *, only: bool = False) -> Manifest:
    """Let a volume be seen at a place; `only` that, and not written to."""
    return {"name": volume, "mountPath": place} | ({"readOnly": True} if only else {})


def _volume(name: str, what: str) -> Manifest:
    if what == "keys":
        return {"name": name, "secret": {"secretName": name}}
    return {"name": name, "configMap": {"name": name, "optional": what == "layouts"}}


def _work(cluster: Cluster) -> Manifest:
    if cluster.storage_class is None:
        return {"name": "work", "emptyDir": {"sizeLimit": cluster.work_size}}
    claim = {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": cluster.storage_class,
        "resources": {"requests": {"storage": cluster.work_size}},
    }
    return {"name": "work", "ephemeral": {"volumeClaimTemplate": {"spec": claim}}}


_OWN = {"HOME": f"{WORK}/scratch", "TMPDIR": f"{WORK}/scratch", WORK_VARIABLE: f"{WORK}/homes"}
_FLEET_MOUNT = _mount("fleet", str(FLEET_FILE.parent), only=True)
