"""Who may talk to whom: nobody to anybody, but for what each part needs."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.fleet.kubernetes.cluster import QUEUE, Cluster, Manifest, labels, named
from pipelines.fleet.kubernetes.pods import PORT

LOGIN = {"ecm-exchange/login": "true"}
"""The label of the proxy that asks who is there: pages are for nobody else."""
_STORES = (5432, 6379)
"""PostgreSQL, Redis."""
_PARTNERS = (22, 443, 465, 587)
"""sFTP; depots and chat; mail."""


def network_policies(cluster: Cluster) -> list[Manifest]:
    """Shut every pod of the namespace in, and open what is needed."""
    ours = {"matchLabels": {"app.kubernetes.io/part-of": "ecm-exchange"}}
    of_a_queue = {"matchExpressions": [{"key": QUEUE, "operator": "Exists"}]}
    names = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    dns = [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
    return [
        _policy("nobody-to-anybody", {}, cluster, ingress=[], egress=[]),
        _policy("names", ours, cluster, egress=[{"to": [names], "ports": dns}]),
        _policy("stores", ours, cluster, egress=[{"ports": _tcp(_STORES)}]),
        _policy("partners", of_a_queue, cluster, egress=[{"ports": _tcp(_PARTNERS)}]),
        _policy(
            "pages",
            {"matchLabels": labels("webserver")},
            cluster,
            ingress=[{"from": [{"podSelector": {"matchLabels": LOGIN}}], "ports": _tcp([PORT])}],
        ),
    ]


def _policy(name: str, pods: Manifest, cluster: Cluster, **ways: list[Manifest]) -> Manifest:
    spec = {"podSelector": pods, "policyTypes": [way.capitalize() for way in ways], **ways}
    return named("NetworkPolicy", "networking.k8s.io/v1", name, cluster, spec=spec)


def _tcp(ports: Sequence[int]) -> list[Manifest]:
    return [{"protocol": "TCP", "port": port} for port in ports]
