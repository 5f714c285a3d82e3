"""On what was measured: processor, system and versions of what took part, and nothing that names a place."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from benchmarks.environments import Environment

_NAMED = ("hccinfhir", "linuxforhealth-x12", "pyx12")


def machine() -> dict[str, str | int]:
    """Describe the machine."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def versions(environments: Iterable[Environment]) -> dict[str, str]:
    """Return the versions of the libraries that the engine stands on, and of the peers in their environments."""
    ours = {name: metadata.version(name) for name in ("numpy", "pandas", "pandera", "pyarrow", "duckdb")}
    lines = [line for each in environments if each.lock for line in each.lock.read_text(encoding="utf-8").splitlines()]
    pinned = dict(line.split()[0].split("==") for line in lines if "==" in line)
    return ours | {name: pinned[name] for name in _NAMED}
