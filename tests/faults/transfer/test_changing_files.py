"""Files that their sender changes while they are read, half-written ones that come whole later."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.transfer.conftest import Partner, hashes
from tests.line import Break

BEFORE = hashlib.shake_256(b"before").digest(3_000_000)
AFTER = hashlib.shake_256(b"after").digest(3_000_000)
BESIDE = b"of another sender\r\n"


def grow(path: Path) -> bytes:
    with path.open("ab") as file:
        file.write(b"more")
    return BEFORE + b"more"


def shrink(path: Path) -> bytes:
    os.truncate(path, 1_000_000)
    return BEFORE[:1_000_000]


def rewrite(path: Path) -> bytes:
    path.write_bytes(AFTER)
    os.utime(path, (1_800_000_000, 1_800_000_000))
    return AFTER


def replace(path: Path) -> bytes:
    fresh = path.with_name("fresh")
    fresh.write_bytes(AFTER)
    os.utime(fresh, (1_800_000_000, 1_800_000_000))
    fresh.replace(path)
    return AFTER


def delete(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("change", [grow, shrink, rewrite, replace, delete], ids=lambda change: change.__name__)
def test_a_file_changed_while_openssh_gives_it_out_does_not_land_until_it_rests(
    change: Callable[[Path], bytes | None],
    openssh: Callable[..., Partner],
    breaking_line: Callable[..., int],
    survived: Any,
) -> None:
    partner = openssh()
    path = partner.put("roster.csv", BEFORE)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    partner.put("a.csv", BESIDE)
    becomes: list[bytes | None] = []

    def happen() -> None:
        becomes.append(change(path))
        if path.exists():
            partner.give(path)

    far = partner.over(breaking_line(partner.endpoint.port, Break(500_000, happen, "down")))
    first = far.pull()
    assert [file.name for file in first.files] == ["a.csv"]
    assert [(file.name, file.code) for file in first.skipped] == [("roster.csv", "T12")]
    far.pull(is_known=lambda file: file.name == "a.csv")
    now = {"a": BESIDE} if becomes[0] is None else {"a": BESIDE, "roster": becomes[0]}
    survived(f"file while it is read: {change.__name__}", expected=hashes(now), found=far.landed())
