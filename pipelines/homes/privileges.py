"""What root can do beyond the rights of files: a process that works for one plan gives it up, for good."""

from __future__ import annotations

import ctypes
import os

_NO_NEW_PRIVILEGES = 38
_VERSION = 0x20080522
_OF_FILES = 0b11111
"""Capabilities by which root opens and owns files as it likes; Landlock stands above them."""


class _Header(ctypes.Structure):
    """`struct __user_cap_header_struct`."""

    _fields_ = (("version", ctypes.c_uint32), ("process", ctypes.c_int))


class _Capabilities(ctypes.Structure):
    """`struct __user_cap_data_struct`, of which there are two: the second has the numbers from 32 on."""

    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def give_up_privileges() -> None:
    """Keep no capability but those of files, nor gain one by what is started (setuid); an account has none to lose.

    It concerns the thread that calls, and what it starts from now on. With others root could read the environment of
    any process, or mount.

    Raises
    ------
    OSError
        When the kernel refuses.
    """
    library = ctypes.CDLL(None, use_errno=True)
    header, held = _Header(_VERSION, 0), (_Capabilities * 2)()
    _done(library.prctl(_NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0))))
    _done(library.capget(ctypes.byref(header), held))
    if not (held[0].permitted & ~_OF_FILES or held[1].permitted):
        return  # services that may not are often not allowed to ask, either
    for part, kept in zip(held, (_OF_FILES, 0), strict=True):
        part.effective, part.permitted, part.inheritable = part.effective & kept, part.permitted & kept, 0
    _done(library.capset(ctypes.byref(header), held))


def _done(answer: int) -> None:
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
