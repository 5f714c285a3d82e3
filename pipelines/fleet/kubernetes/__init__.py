"""A fleet as manifests for Kubernetes, from the fleet file alone: with names of secrets, and never one of them."""

from pipelines.fleet.kubernetes.cluster import Cluster
from pipelines.fleet.kubernetes.render import render

__all__ = ["Cluster", "render"]
