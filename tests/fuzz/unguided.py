"""Fuzzing by chance alone, where atheris is not to be had, and trying one input again."""

from __future__ import annotations

import hashlib
import resource
import time
from pathlib import Path
from random import Random

from tests.fuzz.targets import TARGETS


def fuzz(name: str, folder: Path, seconds: int, seed: int) -> None:
    """Fuzz a target; what it meets is raised after the input was kept."""
    target = TARGETS[name]
    begun, tried = time.monotonic(), 0
    for data in target.inputs(Random(seed)):
        if time.monotonic() - begun > seconds:
            break
        tried += 1
        try:
            target.try_one(data)
        except BaseException:
            (folder / f"found-{hashlib.sha256(data).hexdigest()[:16]}").write_bytes(data)
            raise
    print(f"stat::number_of_executed_units: {tried}")
    print(f"stat::average_exec_per_sec: {tried // max(seconds, 1)}")
    print(f"stat::peak_rss_mb: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}")


def again(name: str, file: Path) -> None:
    """Try an input that was kept; what it meets is raised."""
    TARGETS[name].try_one(file.read_bytes())
