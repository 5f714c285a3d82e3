"""Linux Landlock: a process gives up, for good, every file that it did not name. The kernel keeps to it.

What the calls mean is in the kernel's own `Documentation/userspace-api/landlock.rst`. They restrict the thread that
makes them and what it starts afterwards, processes included; a thread that runs already stays as free as it was.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Mapping
from enum import IntFlag
from pathlib import Path

from pipelines.homes.privileges import give_up_privileges

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Numbers of the system calls, the same on every machine that runs Linux on x86-64, ARM, POWER or s390x."""

_TELL_VERSION = 1
_PATH_BENEATH = 1


class Right(IntFlag):
    """What may be done with a file, or in a folder and all that lies beneath it."""

    EXECUTE = 1 << 0
    WRITE = 1 << 1
    READ = 1 << 2
    LIST = 1 << 3
    REMOVE_FOLDER = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_DEVICE = 1 << 6
    MAKE_FOLDER = 1 << 7
    MAKE_FILE = 1 << 8
    MAKE_SOCKET = 1 << 9
    MAKE_PIPE = 1 << 10
    MAKE_BLOCK_DEVICE = 1 << 11
    MAKE_LINK = 1 << 12
    MOVE = 1 << 13
    """Rename or link into another folder."""
    TRUNCATE = 1 << 14
    CONTROL_DEVICE = 1 << 15


_OF_FILES = Right.EXECUTE | Right.WRITE | Right.READ | Right.TRUNCATE | Right.CONTROL_DEVICE
"""What makes sense for a file alone; the kernel refuses the others for one."""

_KNOWN_FROM = {2: Right.MOVE, 3: Right.TRUNCATE, 5: Right.CONTROL_DEVICE}
"""Rights that came after the first version, each with the version that brought it."""

_SCOPES_FROM = 6
_SCOPES = 0b11
"""Abstract sockets and signals of processes outside: both out of reach."""


class _Ruleset(ctypes.Structure):
    """`struct landlock_ruleset_attr`. An older kernel takes a longer one whose end is zero."""

    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    """`struct landlock_path_beneath_attr`."""

    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Tell which version of Landlock the kernel has; 0 where it has none, was booted without, or is not Linux."""
    if sys.platform != "linux":
        return 0
    try:
        return _call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_TELL_VERSION))
    except OSError:
        return 0


def restrict(allowed: Mapping[Path, Right], known: int) -> None:
    """Take from this thread, and from all that it starts from now on, every right to files that is not `allowed`.

    Links are followed now; what a path names that is not there, names nothing. `known` is the version to keep to, at
    most that of the kernel. From version 6 on, processes outside can no longer be signalled or spoken to by abstract
    sockets; their memory and environment are out of reach in every version. Privileges beyond files are given up.

    Raises
    ------
    OSError
        When the kernel refuses, or a path cannot be looked at.
    """
    handled = _rights_of(known)
    scopes = _SCOPES if known >= _SCOPES_FROM else 0
    rules = _call(
        _CREATE_RULESET, ctypes.byref(_Ruleset(handled, 0, scopes)), ctypes.c_size_t(ctypes.sizeof(_Ruleset)),
        ctypes.c_uint32(0),
    )  # fmt: skip
    try:
        for path, rights in allowed.items():
            _allow(rules, path, rights & handled)
        give_up_privileges()
        _call(_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0))
    finally:
        os.close(rules)


def _rights_of(known: int) -> Right:
    everything = Right((1 << 16) - 1)
    for since, right in _KNOWN_FROM.items():
        if known < since:
            everything &= ~right
    return everything


def _allow(rules: int, path: Path, rights: Right) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        fit = rights if stat.S_ISDIR(os.fstat(place).st_mode) else rights & _OF_FILES
        if fit:
            rule = _Beneath(fit, place)
            _call(_ADD_RULE, ctypes.c_int(rules), ctypes.c_int(_PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0))
    finally:
        os.close(place)


def _call(number: int, *arguments: object) -> int:
    answer: int = ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *arguments)
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer
