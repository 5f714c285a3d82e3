"""Codes of explanations, and of nights that are looked at."""

from __future__ import annotations

from tests.codes.sample import Sample
from tests.codes.typed import typed

SAMPLES = (
    Sample(
        "E03",
        "a letter O typed for a zero",
        lambda stage: stage.command("explain-code", "RO5"),
        told="did you mean R05",
        shown="ecm-exchange explain-code RO5",
        form="sh",
    ),
    typed("E04", "a Sunday", "ecm-exchange status --date 2026-11-01", "The last one was that of 2026-10-28."),
)
