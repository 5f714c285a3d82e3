"""Conversations whose requests need not wait for each other's answers, held as one.

A server handles requests for one file in the order they came (section 6.1 of the draft), so that a write, the reading
back and the close may leave in one breath: that is one round trip in place of three.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from pipelines.transfer.protocol import Reply, Request
from pipelines.transfer.session import Exchange, Steps


def in_one_breath(*several: Steps[Any]) -> Steps[list[Any]]:
    """Hold conversations of a single exchange each, all requests in one series, and return their results in order.

    A problem of one is raised when all that was asked is answered; what was not asked by then never is.
    """
    yield _joined([next(steps) for steps in several])
    return [_ended(steps) for steps in several]


def _joined(exchanges: list[Exchange]) -> Exchange:
    """Join series into one in which each exchange takes the answers to its own requests."""
    owners: deque[Exchange] = deque()

    def requests() -> Iterator[Request]:
        for exchange in exchanges:
            for request in exchange.requests:
                owners.append(exchange)
                yield request

    def take(request: Request, reply: Reply) -> Request | None:
        instead = owners[0].take(request, reply)
        if instead is None:
            owners.popleft()
        return instead

    return Exchange(requests(), take)


def _ended(steps: Steps[Any]) -> Any:
    try:
        next(steps)
    except StopIteration as end:
        return end.value
    raise ValueError("a conversation of several exchanges cannot go in one breath with others")


def nothing() -> Steps[None]:
    """Ask nothing: what stands in for a conversation that a server or a file has no need of."""
    yield Exchange((), lambda _request, _reply: None)
