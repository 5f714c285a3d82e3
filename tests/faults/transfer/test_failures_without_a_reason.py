"""A server that says no more than that it failed: asked whether it is full, tried once more, and not again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.transfer.jail import EXTENSIONS, Answer, Jail
from pipelines.transfer.protocol import STATVFS, Fields, Kind, Status, u32
from tests.faults.transfer.conftest import Partner, digests

CONTENTS = {"a.csv": b"first", "b.csv": b"second" * 100, "c.csv": b"third"}
ARRIVED = {name: CONTENTS[name] for name in ("a.csv", "c.csv")}


def failing(times: int, *, free: int | None = None) -> Callable[[Path], Jail]:
    """A server that cannot write the second file `times` times; `free` bytes are left if it tells."""
    tried: list[bytes] = []

    class Fails(Jail):
        def __init__(self, home: Path) -> None:
            told = EXTENSIONS if free is not None else tuple(each for each in EXTENSIONS if each != STATVFS)
            super().__init__(home, told)

        def write(self, fields: Fields) -> Answer:
            if b"b.csv" in bytes(self._file_name(fields)) and len(tried) < times:
                tried.append(b"")
                return Kind.STATUS, u32(Status.FAILURE)
            return super().write(fields)

        def _file_name(self, fields: Fields) -> bytes:
            handle = bytes(Fields(fields._rest).view())
            return Path(f"/proc/self/fd/{self._files[handle].fileno()}").readlink().name.encode()

        def room(self, path: Path) -> bytes:  # noqa: ARG002  # the jail's signature
            return b"".join(n.to_bytes(8) for n in (4096, 1, 0, 10**9, free or 0, 0, 0, 0, 0, 0, 255))

    Fails.tried = tried  # type: ignore[attr-defined]
    return Fails


@pytest.mark.parametrize(
    ("free", "code", "tries"), [(None, "T14", 2), (10**6, "T14", 2), (100, "T25", 1)], ids=["silent", "room", "full"]
)
def test_a_file_is_tried_twice_unless_the_server_is_full(
    free: int | None, code: str, tries: int, embedded: Callable[..., Partner], survived: Any
) -> None:
    jail: Any = failing(1000, free=free)
    partner = embedded(jail)
    assert partner.push(CONTENTS) == [("DELIVERED", ""), ("FAILED", code), ("DELIVERED", "")]
    assert len(jail.tried) == tries
    survived(f"failure without a reason: {code}", expected=digests(ARRIVED), found=partner.delivered())


def test_what_failed_once_arrives_at_the_second_try(embedded: Callable[..., Partner], survived: Any) -> None:
    partner = embedded(failing(1))
    assert partner.push(CONTENTS) == [("DELIVERED", "")] * 3
    survived("failure that passes", expected=digests(CONTENTS), found=partner.delivered())
