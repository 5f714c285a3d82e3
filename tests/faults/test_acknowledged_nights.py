"""DHCS finds in its folder what became of each 834 of a night: a good one, one with a bad member, a bad one."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from sample_data.providers import npi_of
from tests.parsers.x12.authority_999 import between, errors_in, lines

FIRST, SECOND = date(2026, 10, 28), date(2026, 10, 29)
GOOD, BAD_MEMBER, BAD_TOTAL = (f"DHCS834-DA-20261028-SHP-010-00{number}" for number in (1, 2, 3))


def acknowledging(plan: Any) -> Any:
    """Let the plan acknowledge the 834s of DHCS."""
    sources = tuple(
        source.model_copy(update={"acknowledge": ("TA1", "999"), "responses": "/responses"})
        for source in plan.config.sources
    )
    return replace(plan, config=plan.config.model_copy(update={"sources": sources}))


def leave_834s(inbox: Path) -> None:
    full = next(inbox.glob("DHCS834-MO-*")).read_bytes()
    number = full.split(b"*")[13]
    cin = full.index(b"REF*1L*")
    bad_member = full[:cin] + b"REF*1L*NONE" + full[full.index(b"~", cin) :]
    (inbox / f"{BAD_MEMBER}.dat").write_bytes(bad_member.replace(number, b"000000801"))
    (inbox / f"{BAD_TOTAL}.dat").write_bytes(full.replace(b"~SE*", b"~SE*1").replace(number, b"000000802"))


def said(content: bytes) -> list[str]:
    assert errors_in(content) == []
    if lines(content)[1].startswith("TA1"):
        return [lines(content)[1].split("*", 4)[-1]]
    return between(content, "IK5", "AK9")


def test_a_night_of_good_and_bad_834s_is_acknowledged_once(make_plan: Callable[..., Any]) -> None:
    plan = acknowledging(make_plan(sources={"dhcs"}, providers={npi_of("fresno_all")}, days=2))
    with plan.serving():
        plan.partners_leave_files(FIRST)
        leave_834s(plan.inbox("dhcs"))
        plan.run(FIRST)
        found = {Path(path).name: content for path, content in plan.found().items() if "/responses/" in path}
        assert plan.ask(
            "SELECT status, reason, count(*) FROM ledger.files GROUP BY ALL ORDER BY ALL"
        ) == [("ACCEPTED", "", 2), ("ACCEPTED_WITH_ERRORS", "", 1), ("HELD", "F04", 1)]  # fmt: skip
        assert {name: said(content) for name, content in found.items() if not name.startswith("DHCS834-MO")} == {
            f"{GOOD}.TA1": ["A*000"], f"{GOOD}.999": ["IK5*A", "AK9*A*1*1*1"],
            f"{BAD_MEMBER}.TA1": ["A*000"], f"{BAD_MEMBER}.999": ["IK5*E*I5", "AK9*E*1*1*1"],
            f"{BAD_TOTAL}.TA1": ["A*000"], f"{BAD_TOTAL}.999": ["IK5*R*4", "AK9*R*1*1*0"],
        }  # fmt: skip
        plan.run(FIRST)
        again = {Path(path).name: content for path, content in plan.found().items() if "/responses/" in path}
        assert again == found
        plan.partners_leave_files(SECOND)
        plan.run(SECOND)
    total = sum("/responses/" in path for path in plan.found())
    assert total == len(found) + 2


class Broken(Exception):
    """Something went wrong for no reason of its own."""


@pytest.mark.parametrize(
    ("function", "call"),
    [
        ("pipelines.responses.acknowledge.store", 2),  # a TA1 in the outbox, its 999 not
        ("pipelines.delivery.send.confirm", 2),  # the provider is done; acknowledgements sent, not confirmed
    ],
)
def test_acknowledgements_of_a_night_broken_off_are_the_same(
    make_plan: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, call: int
) -> None:
    plan = acknowledging(make_plan(sources={"dhcs"}, providers={npi_of("fresno_all")}, days=1))
    plan.partners_leave_files(FIRST)
    leave_834s(plan.inbox("dhcs"))
    plan.config.home.mkdir(mode=0o700, exist_ok=True)
    before = plan.photograph(tmp_path)
    with plan.serving():
        plan.run(FIRST)
        whole = plan.found()
        plan.set_back(before)
        original, calls = pkgutil.resolve_name(function), count(1)

        def failing(*args: Any, **kwargs: Any) -> Any:
            if next(calls) == call:
                raise Broken
            return original(*args, **kwargs)

        with monkeypatch.context() as patched:
            patched.setattr(function, failing)
            with pytest.raises(Broken):
                plan.run(FIRST)
        plan.run(FIRST)
    assert plan.found() == whole
