"""Lines that are cut, fall silent or crawl, in each direction, while a file is on its way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from pipelines.transfer.pull import Pulled
from pipelines.transfer.restraint import Restraint
from schemas.problems import PartnerUnreachable
from tests.faults.transfer.conftest import Partner, digests, hashes
from tests.line import Break

CONTENTS = {"roster.csv": hashlib.shake_256(b"roster").digest(400_000), "small.csv": b"CIN\r\n91234567B\r\n"}
PATIENCE = 0.4
BREAKS = [Break(150_000, "end"), Break(150_000, "reset"), Break(150_000, "silence"), Break(150_000, "trickle")]


@pytest.mark.parametrize("fault", BREAKS, ids=lambda fault: fault.how)
def test_a_download_over_a_broken_line_ends_in_one_good_copy(
    fault: Break, partner: Partner, breaking_line: Callable[..., int], survived: Any
) -> None:
    for name, content in CONTENTS.items():
        partner.put(name, content)
    far = partner.over(breaking_line(partner.endpoint.port, fault), patience=PATIENCE)
    pulled = far.pull(attempts=2)
    assert {file.name: file.path.read_bytes() for file in pulled.files} == CONTENTS
    survived(f"line while pulling: {fault.how}", expected=hashes(CONTENTS), found=far.landed())


@pytest.mark.parametrize("fault", BREAKS, ids=lambda fault: fault.how)
def test_an_upload_over_a_broken_line_ends_in_one_good_copy(
    fault: Break, partner: Partner, breaking_line: Callable[..., int], survived: Any
) -> None:
    far = partner.over(breaking_line(partner.endpoint.port, fault), patience=PATIENCE)
    outcomes = far.push(CONTENTS, attempts=2)
    assert {outcome for outcome, _ in outcomes} <= {"DELIVERED", "ALREADY_THERE"}
    survived(f"line while pushing: {fault.how}", expected=digests(CONTENTS), found=far.delivered())


@pytest.mark.parametrize(
    ("after", "how"), [*product([0, 10, 300, 1200, 2500], ["end", "reset"]), (0, "silence"), (1200, "silence")]
)
def test_a_line_cut_while_keys_are_agreed_on_is_tried_again(
    after: int, how: str, partner: Partner, breaking_line: Callable[..., int], survived: Any
) -> None:
    partner.put("small.csv", CONTENTS["small.csv"])
    far = partner.over(breaking_line(partner.endpoint.port, Break(after, how)), timeout=2)
    far.pull(attempts=2)
    survived(f"line while shaking hands: {how}", expected=hashes({"": CONTENTS["small.csv"]}), found=far.landed())


def code_that_ended(pull: Callable[[], Pulled]) -> str:
    try:
        problem = pull().problem
    except PartnerUnreachable as raised:
        problem = raised
    return problem.code if problem else ""


def test_a_server_that_answers_just_in_time_for_ever_is_left_when_its_time_is_over_and_not_tried_again(
    partner: Partner, breaking_line: Callable[..., int], survived: Any
) -> None:
    for name, content in CONTENTS.items():
        partner.put(name, content)
    crawl = Break(100_000, "trickle")
    far = partner.over(breaking_line(partner.endpoint.port, crawl, crawl), time_limit=0.8)
    paused: list[float] = []
    assert code_that_ended(lambda: far.pull(attempts=3, sleep=paused.append)) == "T07"
    assert {code for outcome, code in far.push(CONTENTS, attempts=3) if outcome == "FAILED"} == {"T07"}
    assert paused == []
    partner.pull()
    partner.push(CONTENTS)
    survived("line slower than its time limit", expected=hashes(CONTENTS), found=partner.landed())
    survived("line slower than its time limit", expected=digests(CONTENTS), found=partner.delivered())


def test_what_landed_before_the_line_was_cut_for_good_is_kept(
    partner: Partner, breaking_line: Callable[..., int], survived: Any
) -> None:
    contents = {"a.csv": CONTENTS["small.csv"], "b.csv": CONTENTS["roster.csv"]}
    for name, content in contents.items():
        partner.put(name, content)
    cut = Break(200_000, "end")
    one_by_one = Restraint(files_at_once=1)
    far = partner.over(breaking_line(partner.endpoint.port, cut, cut), restraint=one_by_one)
    first = far.pull(attempts=2)
    assert first.problem is not None
    assert first.problem.code == "T04"
    assert ([file.name for file in first.files], [file.name for file in first.left]) == (["a.csv"], ["b.csv"])
    second = far.pull(is_known=lambda file: file.name == "a.csv")
    assert [file.name for file in second.files] == ["b.csv"]
    survived("line cut again and again", expected=hashes(contents), found=far.landed())
