"""Errands at many servers side by side, so that a server that is slow or gone keeps nobody waiting but itself.

Each server has a lane: its errands go one after another, or a few at once where that is allowed, because servers drop
or punish those who come with many connections. What the errands brought is handed over in their order, whichever ended
first, so that nothing that is recorded depends on timing; all of it is handed over in the thread that asks.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 8
"""Servers spoken to at once; more would share one line to no one's gain."""

_IN_VAIN = 2
"""Errands that must find a server gone, one after another, before the others of its lane are not tried any more."""


def lane_of(host: str, port: int) -> str:
    """Name the lane of a server, whoever logs in there."""
    return f"{host.lower()}:{port}"


@dataclass(frozen=True)
class Errand(Generic[T]):
    """What is to be done at one account of one server.

    Attributes
    ----------
    lane
        Of the server, by `lane_of`.
    run
        Does it; what it raises ends everything.
    is_gone
        Tells from a result whether the server as a whole was found gone.
    instead
        Gives the result of an errand that is not tried because the server is gone.
    at_once
        How many errands of the lane may go side by side.
    """

    lane: str
    run: Callable[[], T]
    is_gone: Callable[[T], bool]
    instead: Callable[[], T]
    at_once: int = 1


@dataclass
class _Lane(Generic[T]):
    waiting: deque[tuple[Errand[T], Future[T]]] = field(default_factory=deque)
    in_vain: int = 0

    def go(self, stopping: threading.Event) -> None:
        """Run the lane's errands until there are none; what one raises stands for those after it too."""
        while self.waiting and not stopping.is_set():
            try:
                errand, future = self.waiting.popleft()
            except IndexError:
                return  # another thread took the last
            if self.in_vain >= _IN_VAIN:
                future.set_result(errand.instead())
                continue
            try:
                result = errand.run()
            except BaseException as problem:  # noqa: BLE001  # raised again by whoever asks for the result
                future.set_exception(problem)
                while self.waiting:
                    self.waiting.popleft()[1].set_exception(problem)
                return
            self.in_vain = self.in_vain + 1 if errand.is_gone(result) else 0
            future.set_result(result)


def side_by_side(errands: Sequence[Errand[T]], hand_over: Callable[[T], R], *, at_once: int = AT_ONCE) -> list[R]:
    """Run `errands`, those at different servers side by side; return what `hand_over` made of each result, in order.

    Two errands in a row that find their server gone speak for the rest of its lane. What an errand or `hand_over`
    raises comes through when the results before it are handed over; errands under way are waited for, no other begins.
    """
    lanes: dict[str, _Lane[T]] = {}
    slots: deque[_Lane[T]] = deque()
    futures: list[Future[T]] = []
    for errand in errands:
        lane = lanes.setdefault(errand.lane, _Lane())
        if len(lane.waiting) < errand.at_once:
            slots.append(lane)
        futures.append(Future())
        lane.waiting.append((errand, futures[-1]))
    stopping = threading.Event()

    def work() -> None:
        while slots and not stopping.is_set():
            with suppress(IndexError):  # another thread took the last
                slots.popleft().go(stopping)

    # Daemons: whoever interrupts the process does not wait for a silent server.
    threads = [threading.Thread(target=work, name="lane", daemon=True) for _ in range(min(at_once, len(slots)))]
    for thread in threads:
        thread.start()
    try:
        return [hand_over(future.result()) for future in futures]
    except Exception:
        stopping.set()
        for thread in threads:
            thread.join()
        raise
    finally:
        stopping.set()
