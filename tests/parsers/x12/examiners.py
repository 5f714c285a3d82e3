"""What the tests let the reader find out about blocks: other processes must be able to import it."""

from __future__ import annotations

import os

from parsers.x12.outline import Outline


def size_of_block(found: Outline) -> tuple[int, int]:
    return len(found.tokens), len(found.members.first)


def end_the_process(_: Outline) -> None:
    os._exit(9)
