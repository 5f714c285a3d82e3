"""Codes of nights."""

from __future__ import annotations

from dagster_project.partitions import one_night
from tests.codes.sample import Sample, raised

SAMPLES = (
    Sample(
        "K05", "one run for three nights",
        lambda _: raised(lambda: one_night(["2026-11-04", "2026-11-05", "2026-11-06"])),
        told="this one was asked for 3",
    ),
)  # fmt: skip
