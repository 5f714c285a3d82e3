"""When a partner is tried again: only where the network is to blame, only a few times, with growing pauses.

A wrong host key, a refused account or a denied folder is never retried: that locks accounts and hides attacks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import SystemRandom
from typing import TypeVar

from pipelines.transfer.codes import unreachable
from schemas.problems import PartnerUnreachable

T = TypeVar("T")

RECONNECT = frozenset({"T01", "T04"})

_GONE = RECONNECT | {"T07", "T08"}


def is_gone(code: str) -> bool:
    """Tell whether a problem is one of the server, or of the line to it, which every account there would meet."""
    return code in _GONE


def not_tried(where: str) -> PartnerUnreachable:
    """Build the error of an account that is not visited because its server is gone."""
    return unreachable("T08", where)


@dataclass(frozen=True)
class Retry:
    """How often a lost partner is tried.

    Attributes
    ----------
    attempts
        Connections made in all.
    pause
        Seconds before the second attempt; doubled before each further one.
    jitter
        Returns the share of a pause that is slept, from 0 to 1: by chance, so that those who were cut off together do
        not return together.
    """

    attempts: int = 3
    pause: float = 2.0
    jitter: Callable[[], float] = SystemRandom().random

    def over_reconnects(self, action: Callable[[], T], sleep: Callable[[float], None]) -> T:
        """Run `action`, again after a lost or failed connection; raises `PartnerUnreachable` when all were in vain."""
        for attempt in range(self.attempts - 1):
            try:
                return action()
            except PartnerUnreachable as problem:
                if problem.code not in RECONNECT:
                    raise
            sleep(self.pause * 2**attempt * self.jitter())
        return action()
