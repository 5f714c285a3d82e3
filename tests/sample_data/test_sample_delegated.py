"""The delegating plan's 834 keeps the guide's map: a set for each member, whatever is told of its months."""

from __future__ import annotations

import io
from datetime import date

import pyx12.params
import pyx12.x12n_document

from sample_data.enrollment_delegated import delegated_file
from sample_data.roster import nights


def test_every_834_of_the_delegating_plan_passes_the_map_of_the_guide() -> None:
    acknowledgement = io.StringIO()
    for night in nights([date(2026, 10, 28), date(2026, 10, 29)], 60, 1):
        statements = night.full or night.daily
        text = io.StringIO(delegated_file("ORCHARD", night.day, night.number, statements).decode("ascii"))
        assert text.getvalue().count("~ST*") == len(statements)
        assert pyx12.x12n_document.x12n_document(pyx12.params.params(), text, acknowledgement, None)
    assert "IK3*" not in acknowledgement.getvalue()
