"""The one way this software says that something is wrong: what, where, why, what to do now, and a stable code.

A problem never carries a value read from a file: file contents are protected health information (PHI), and a message
travels to logs, terminals and the orchestrator's event store. Places (file, line, segment, column) and codes do.
"""

from __future__ import annotations

import errno
import os
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit status of the command line, in the numbers of `sysexits` where one fits."""

    OK = 0
    PROBLEMS_FOUND = 1
    USAGE = 2
    BAD_DATA = 65
    PARTNER_UNREACHABLE = 69
    INPUT_OUTPUT = 74
    ANOTHER_RUN_ACTIVE = 75
    CONFIGURATION = 78


class ExchangeError(Exception):
    """A problem told to a person.

    Attributes
    ----------
    code
        Stable identifier, such as `F03`; `pipelines.codes` explains every one.
    what
        The problem in one sentence, without values from files.
    where
        File, line, segment, column, host or configuration key; empty when there is no place.
    remedy
        What to do now, in the imperative.
    """

    exit_code = ExitCode.PROBLEMS_FOUND

    def __init__(self, code: str, what: str, *, where: str = "", remedy: str = "") -> None:
        self.code = code
        self.what = what
        self.where = where
        self.remedy = remedy
        sentence = f"{what.rstrip('.')}." if remedy else what
        told = (f"[{code}]", f"{where}:" if where else "", sentence, remedy)
        super().__init__(" ".join(part for part in told if part))


class FileFault(ExchangeError):
    """A file as a whole cannot be used: it is held, nothing of it is loaded, its sender is told."""

    exit_code = ExitCode.BAD_DATA


class ConfigurationError(ExchangeError):
    """`exchange.toml` or the providers table says something this software cannot follow."""

    exit_code = ExitCode.CONFIGURATION


class PartnerUnreachable(ExchangeError):
    """A partner's server cannot be reached, refuses the key or shows another host key than the pinned one."""

    exit_code = ExitCode.PARTNER_UNREACHABLE


class TransferFault(ExchangeError):
    """One file could not be moved to or from a partner's server."""

    exit_code = ExitCode.INPUT_OUTPUT


class AnotherRunActive(ExchangeError):
    """Another process holds the run lock of this home."""

    exit_code = ExitCode.ANOTHER_RUN_ACTIVE


class SystemRefused(ExchangeError):
    """The operating system did not let this software read or write, or has no more of what it asked for."""

    exit_code = ExitCode.INPUT_OUTPUT


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_RIGHT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NOT_AS_IT_SHOULD = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST})
_TOO_MANY = frozenset({errno.EMFILE, errno.ENFILE})
_GOES_ON = "Then run again: it goes on from what stands."


def refused_by_system(refusal: OSError | MemoryError) -> SystemRefused:
    """Say what the operating system refused. Its message names no value of a file; a local path may be told."""
    if isinstance(refusal, MemoryError):
        return SystemRefused("O02", "there is no memory left", remedy=f"End what else runs here. {_GOES_ON}")
    number = refusal.errno or 0
    return SystemRefused(
        "O01",
        f"the operating system refused: {os.strerror(number) if number else type(refusal).__name__}",
        where=refusal.filename if isinstance(refusal.filename, str) else "",
        remedy=f"{_remedy(number)} {_GOES_ON}",
    )


def _remedy(number: int) -> str:
    if number in _NO_ROOM:
        return "Make room on the disk of the plan's home."
    if number in _NO_RIGHT:
        return "Let the service account write there."
    if number in _NOT_AS_IT_SHOULD:
        return "Look at that path: a folder is missing, or something else stands where a file or folder should."
    if number in _TOO_MANY:
        return "Raise the number of files that a process may have open."
    return "Check the disk and the rights of the plan's home."
