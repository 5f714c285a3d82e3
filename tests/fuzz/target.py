"""What a fuzz target is, and how one input is tried: whatever its bytes, it ends soon and in no unforeseen error."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.fuzz.mutate import Mutator
from tests.fuzz.parts import split

MOST_SECONDS = 10
"""Of processor time for one input; the slowest that is fine takes a tenth of it."""


class Hang(BaseException):
    """An input takes too long. Nothing that is tried may catch it as an error of its own."""


@dataclass(frozen=True)
class Target:
    """One way in for bytes of others.

    Attributes
    ----------
    name
        As `make fuzz TARGET=` calls it.
    check
        Tries the files of one input in an empty folder, and raises when anything but what may happen does.
    mutator
        Makes further inputs; its seeds are where it begins.
    """

    name: str
    check: Callable[[Mapping[str, bytes], Path], None]
    mutator: Mutator

    def try_one(self, data: bytes) -> None:
        """Try one input.

        Raises
        ------
        Exception
            Whatever is wrong with what it met.
        """
        with TemporaryDirectory(prefix="fuzz") as folder, bounded(MOST_SECONDS):
            self.check(split(data), Path(folder))

    def inputs(self, random: Random) -> Iterator[bytes]:
        """Yield the seeds, then without end what chance makes of them and of its own inputs."""
        known = list(self.mutator.seeds)
        yield from known
        while True:
            new = self.mutator(random.choice(known), random)
            yield new
            if len(known) < 200:
                known.append(new)
            else:
                known[random.randrange(len(self.mutator.seeds), len(known))] = new


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Hang(f"more than {seconds} s of processor time for one input")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def silent_about(canaries: frozenset[str], *said: object) -> None:
    """See that nothing that was said repeats a value."""
    text = " ".join(map(str, said))
    assert [canary for canary in canaries if canary in text] == []
