"""A qualifier that stands twice in one loop: nobody can say which value counts, so the member waits in quarantine."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.enrollment import apply_enrollment
from sample_data.enrollment_834 import enrollment_file
from sample_data.roster import nights

DAY = date(2026, 10, 28)
NAME = "DHCS834-DA-20261028-SHP-010-001.dat"


@pytest.mark.parametrize("qualifier", ["CE", "ZX"])
def test_a_member_with_a_repeated_reference_is_quarantined_with_all_that_was_said_and_never_half_read(
    plan: Any, qualifier: str
) -> None:
    (night,) = nights([DAY], 60, 1)
    assert night.full is not None
    content = enrollment_file(NAME.removesuffix(".dat"), DAY, 901, night.full[:3]).decode()
    first = content.index(f"REF*{qualifier}*")
    segment = content[first : content.index("~", first) + 1]
    repeated = content[: first + len(segment)] + f"REF*{qualifier}*M1;4;JX;4~" + content[first + len(segment) :]
    count = int(content.split("SE*")[1].split("*")[0])
    plan.receive("dhcs", NAME, repeated.replace(f"SE*{count}*", f"SE*{count + 1}*").encode())
    plan.load()
    assert plan.files("status, rows_in, rows_loaded, rows_rejected") == [("ACCEPTED_WITH_ERRORS", 3, 2, 1)]
    assert plan.warehouse.rows("SELECT DISTINCT code, severity FROM quarantine.rows WHERE code = 'R17'") == [
        ("R17", "REJECT")
    ]
    kept = plan.warehouse.value("SELECT max(original) FROM quarantine.rows")
    assert all(said in kept for said in (segment, "M1;4;JX;4"))
    apply_enrollment(plan.warehouse, plan.config)
    assert plan.count("exchange.members") == 2
