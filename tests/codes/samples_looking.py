"""Codes of explanations."""

from __future__ import annotations

from tests.codes.sample import Sample

SAMPLES = (
    Sample(
        "E03",
        "a letter O typed for a zero",
        lambda stage: stage.command("explain-code", "RO5"),
        told="did you mean R05",
        shown="ecm-exchange explain-code RO5",
        form="sh",
    ),
)
