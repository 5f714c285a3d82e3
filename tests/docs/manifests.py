"""The manifests that the page on Kubernetes shows, as the program writes them."""

from __future__ import annotations

from pathlib import Path

from pipelines.fleet import read_fleet
from pipelines.fleet.kubernetes import Cluster, render

FOLDER = Path(__file__).parents[2] / "docs" / "operations" / "kubernetes"
FLEET = FOLDER / "fleet.toml"
SHOWN = FOLDER / "kubernetes.yaml"
IMAGE = f"registry.example/ecm-exchange@sha256:{'0' * 64}"


def written() -> str:
    """Write them for the fleet beside them."""
    return render(read_fleet(FLEET), Cluster(IMAGE, storage_class="encrypted"))
