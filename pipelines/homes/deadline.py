"""An hour at which this process is no more: the kernel kills it then, whatever it is doing or not doing.

A thread that watches the clock would come too late after the process was stopped, or a machine was asleep: what was
about to be sent would go out first. A timer of the kernel needs no turn of this process; it kills a stopped one too.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
from typing import NoReturn

from schemas.problems import SystemRefused

_BOOTTIME = 7
"""CLOCK_BOOTTIME of Linux: it never steps, and goes on while the machine is asleep."""

_ABSOLUTE = 1


class _Event(ctypes.Structure):
    """`struct sigevent`: what happens when the timer has run out."""

    _fields_ = (
        ("value", ctypes.c_void_p),
        ("signal", ctypes.c_int),
        ("notify", ctypes.c_int),  # 0: by the signal
        ("rest", ctypes.c_char * 48),
    )


class _Moment(ctypes.Structure):
    """`struct timespec`."""

    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Setting(ctypes.Structure):
    """`struct itimerspec`; all zero stops the timer."""

    _fields_ = (("again_after", _Moment), ("at", _Moment))


def boottime() -> float:
    """Seconds since this machine was started, those included that it slept."""
    return time.clock_gettime(_BOOTTIME)


def die() -> NoReturn:
    """End this process as a kill does: nothing is tidied up, nothing is said, nobody is written to."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError  # pragma: no cover


class Deadline:
    """A time by `boottime` at which the kernel kills this process, unless it was moved before. A child has none."""

    def __init__(self, clock: int = _BOOTTIME) -> None:
        self._system = ctypes.CDLL(None)
        self._timer = ctypes.c_void_p()
        told = _Event(None, signal.SIGKILL, 0)
        create = getattr(self._system, "timer_create", None)  # systems other than Linux may have none
        if create is None or create(clock, ctypes.byref(told), ctypes.byref(self._timer)) != 0:
            raise SystemRefused(
                "S13",
                "this system has no timer that ends a process which lost its plan's home",
                remedy="Let the nights of a fleet run on Linux.",
            )

    def move(self, at: float) -> None:
        """Let it be at `at`."""
        seconds = int(at)
        self._set(_Moment(seconds, int((at - seconds) * 1e9)))

    def lift(self) -> None:
        """Let this process live on."""
        self._system.timer_delete(self._timer)

    def _set(self, moment: _Moment) -> None:
        setting = _Setting(_Moment(0, 0), moment)
        if self._system.timer_settime(self._timer, _ABSOLUTE, ctypes.byref(setting), None) != 0:
            die()  # it would go on without an end
