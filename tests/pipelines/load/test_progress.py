"""While an 834 is loaded, whoever asks is told how many of its bytes are done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipelines.intake import ledger
from pipelines.load.enrollment import load_834
from pipelines.load.profiles import profile_of


def test_progress_rises_to_the_size_of_the_file(plan: Any, sent: Callable[[str], bytes]) -> None:
    content, told = sent("DHCS834-MO"), []
    plan.receive("dhcs", "DHCS834-MO-20261001-SHP-010-001.dat", content)
    (file,) = ledger.waiting(plan.warehouse, "834")
    load_834(
        plan.warehouse, plan.config, file, profile_of(plan.config, file),
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == sorted(told)
    assert {total for _, total in told} == {len(content)}
    assert 0 < told[-1][0] <= len(content)
