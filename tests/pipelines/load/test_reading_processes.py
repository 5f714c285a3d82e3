"""A process that dies while it reads an 834 costs the file time, not its place in the night."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from parsers.x12 import reader
from pipelines.load import enrollment
from tests.parsers.x12.examiners import end_other_processes


def test_a_file_whose_readers_die_is_read_by_the_run_itself(
    plan: Any, sent: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "WORTHWHILE", 0)
    monkeypatch.setattr(enrollment, "_PROCESSES", 2)
    monkeypatch.setattr(enrollment, "examine", end_other_processes)
    plan.receive("dhcs", "DHCS834-MO-20261001-SHP-010-001.dat", sent("DHCS834-MO"))
    plan.load()
    ((status, _, rows_in, loaded, _, _),) = plan.files()
    assert (status, loaded) == ("ACCEPTED", rows_in)
    assert plan.count("facts.enrollment_members") == rows_in > 0
