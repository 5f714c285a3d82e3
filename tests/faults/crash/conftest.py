"""The night that is killed again and again: two kinds of files, one that is held, two providers, a delta and a full."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import read_config
from sample_data.providers import npi_of
from tests.faults.attempts import Attempts
from tests.faults.crash.undisturbed import Undisturbed

PROVIDERS = [npi_of(key) for key in ("fresno_all", "two_counties")]


def acknowledge_834s(plan: Any) -> None:
    """Let DHCS have its acknowledgements."""
    path = plan.root / "exchange.toml"
    written = path.read_text(encoding="utf-8")
    wanted = 'pattern = "DHCS834-*.dat"\nresponses = "/responses"\nacknowledge = ["TA1", "999"]'
    path.write_text(written.replace('pattern = "DHCS834-*.dat"', wanted), encoding="utf-8")
    plan.config = read_config(path)


def leave_a_broken_834(inbox: Path) -> None:
    """Leave an 834 whose totals do not agree: it is read, and held."""
    whole = next(inbox.glob("DHCS834-DA-20261029*")).read_bytes()
    number = whole.split(b"*")[13]
    broken = whole.replace(b"~SE*", b"~SE*1").replace(number, b"000000802")
    (inbox / "DHCS834-DA-20261029-SHP-010-002.dat").write_bytes(broken)


@pytest.fixture(scope="session")
def undisturbed(
    make_plan: Callable[..., Any], attempts: Attempts, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Undisturbed]:
    plan = make_plan(sources=("dhcs", "probation"), providers=PROVIDERS, days=2)
    acknowledge_834s(plan)
    first, second = plan.exchange.dates
    with plan.serving():
        plan.partners_leave_files(first)
        plan.run(first)
        plan.partners_leave_files(second)
        leave_a_broken_834(plan.inbox("dhcs"))
        night = Undisturbed(plan, second, attempts, plan.photograph(tmp_path_factory.mktemp("before")))
        night.run_in_peace()
        yield night
