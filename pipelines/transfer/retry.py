"""When a partner is tried again: only where the network is to blame, only a few times, with growing pauses.

A wrong host key, a refused account or a denied folder is never retried: that locks accounts and hides attacks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from schemas.problems import PartnerUnreachable

T = TypeVar("T")

RECONNECT = frozenset({"T01", "T04"})


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
        Returns the share of a pause that is slept, from 0 to 1, so that several plans do not return in step.
    """

    attempts: int = 3
    pause: float = 2.0
    jitter: Callable[[], float] = lambda: 1.0

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
