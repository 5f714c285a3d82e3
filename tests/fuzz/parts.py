"""One input of a fuzz target: the files it is made of, each after a line `=== name`, for people to read and edit."""

from __future__ import annotations

import re
from collections.abc import Mapping

_HEADING = re.compile(rb"(?:\A|\n)=== ([\w./-]{1,80})\n")


def joined(parts: Mapping[str, bytes]) -> bytes:
    return b"\n".join(b"=== %s\n%s" % (name.encode("ascii"), content) for name, content in parts.items())


def split(data: bytes) -> dict[str, bytes]:
    """Take an input apart; what stands before the first heading is nothing."""
    _, *rest = _HEADING.split(data)
    return {name.decode("ascii"): content for name, content in zip(rest[::2], rest[1::2], strict=True)}
