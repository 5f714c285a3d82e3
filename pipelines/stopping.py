"""Being told to stop: a signal ends the block that is at work, as an error would, and nothing half-done is kept.

Without this a terminated process would be gone at once, as a killed one is: safe, but without a word.
"""

from __future__ import annotations

import signal
from types import FrameType
from typing import NoReturn

_RECEIVED: list[int] = []


class Stopped(BaseException):
    """The process was told to stop. No handler of errors takes it for one."""


def heed_signals() -> None:
    """Let SIGTERM and SIGINT raise `Stopped` in the main thread from now on."""
    _RECEIVED.clear()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)


def exit_code_of_stop() -> int | None:
    """Return the exit code of a process that was told to stop, by the custom of shells; `None` when it was not.

    A library that is interrupted may raise an error of its own: this tells that it was none.
    """
    return 128 + _RECEIVED[0] if _RECEIVED else None


def _stop(number: int, _: FrameType | None) -> NoReturn:
    _RECEIVED.append(number)
    raise Stopped
