"""A large download that breaks off goes on where it was, as long as the file is the same, and is hashed as a whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.transfer.jail import Answer, Jail
from pipelines.transfer.landing import KEPT_FROM, forget_kept
from pipelines.transfer.protocol import Fields, text, u32, u64
from pipelines.transfer.restraint import Restraint
from schemas.problems import PartnerUnreachable
from tests.faults.transfer.conftest import Partner, hashes
from tests.line import Break

CONTENT = hashlib.shake_256(b"large").digest(9_000_000)
OTHER = hashlib.shake_256(b"other").digest(9_000_000)
# Silence, since a line that ends may take from paramiko's buffers what had come before.
CUT = Break(7_500_000, "silence", "down")
SMALL_REQUESTS = Restraint(request_size=32 * 1024)


@pytest.fixture
def given_out(embedded: Callable[..., Partner]) -> tuple[Partner, list[int]]:
    """A partner, and the places from which its server was asked to read."""
    asked: list[int] = []

    class Notes(Jail):
        def read(self, fields: Fields) -> Answer:
            handle, offset, count = fields.text(), fields.u64(), fields.u32()
            asked.append(offset)
            return super().read(Fields(text(handle) + u64(offset) + u32(count)))

    partner = embedded(Notes)
    partner.put("large.csv", CONTENT)
    return partner, asked


def break_off(partner: Partner, line: Callable[..., int]) -> Partner:
    """Pull until the line breaks; returns the partner at the end of the line, which is whole again."""
    far = partner.over(line(partner.endpoint.port, CUT), restraint=SMALL_REQUESTS)
    with pytest.raises(PartnerUnreachable, match="T04"):
        far.over(far.endpoint.port, patience=1.5).pull()
    (kept,) = (far.ours / "landing").iterdir()
    assert kept.name.endswith(".kept")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert KEPT_FROM <= kept.stat().st_size < len(CONTENT)
    assert kept.read_bytes() == CONTENT[: kept.stat().st_size]
    return far


def test_the_next_connection_or_run_reads_only_what_is_missing(
    given_out: tuple[Partner, list[int]], breaking_line: Callable[..., int], survived: Any
) -> None:
    partner, asked = given_out
    far = break_off(partner, breaking_line)
    asked.clear()
    far.pull()
    assert min(asked) >= KEPT_FROM
    survived("large download broken off", expected=hashes({"": CONTENT}), found=far.landed())


def test_a_file_that_became_another_meanwhile_is_read_from_its_beginning(
    given_out: tuple[Partner, list[int]], breaking_line: Callable[..., int], survived: Any
) -> None:
    partner, asked = given_out
    far = break_off(partner, breaking_line)
    os.utime(partner.put("large.csv", OTHER), (1_800_000_000, 1_800_000_000))
    asked.clear()
    far.pull()
    assert min(asked) == 0
    survived("download broken off, file replaced", expected=hashes({"": OTHER}), found=far.landed())


def test_a_file_that_shrank_below_what_was_kept_under_the_same_time_is_read_again(
    given_out: tuple[Partner, list[int]], breaking_line: Callable[..., int], survived: Any
) -> None:
    partner, _ = given_out
    far = break_off(partner, breaking_line)
    (kept,) = (far.ours / "landing").iterdir()
    kept.write_bytes(CONTENT + b"more than there is")
    assert [file.code for file in far.pull().skipped] == ["T12"]
    far.pull()
    survived("kept part that is too long", expected=hashes({"": CONTENT}), found=far.landed())


def test_what_was_kept_of_a_file_that_is_gone_does_not_stay(
    given_out: tuple[Partner, list[int]], breaking_line: Callable[..., int]
) -> None:
    partner, _ = given_out
    far = break_off(partner, breaking_line)
    landing = far.ours / "landing"
    (kept,) = landing.iterdir()
    forget_kept(landing, kept.stat().st_mtime - 1)
    assert list(landing.iterdir()) == [kept]
    forget_kept(landing, kept.stat().st_mtime + 1)
    assert list(landing.iterdir()) == []


def test_little_is_not_kept(embedded: Callable[..., Partner], breaking_line: Callable[..., int]) -> None:
    partner = embedded()
    partner.put("small.csv", CONTENT[: KEPT_FROM // 2])
    far = partner.over(breaking_line(partner.endpoint.port, Break(KEPT_FROM // 4, "end", "down")))
    with pytest.raises(PartnerUnreachable):
        far.pull()
    assert list(Path(far.ours / "landing").iterdir()) == []
