"""What the tests let the reader find out about blocks: other processes must be able to import it."""

from __future__ import annotations

import os
from multiprocessing import parent_process

from parsers.x12.conformance import Examined, examine
from parsers.x12.outline import Outline


def size_of_block(found: Outline) -> tuple[int, int]:
    return len(found.tokens), len(found.members.first)


def end_other_processes(found: Outline) -> Examined:
    if parent_process() is not None:
        os._exit(9)
    return examine(found)


def end_the_process(_: Outline) -> None:
    os._exit(9)
