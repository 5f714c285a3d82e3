"""A line that breaks: a relay between client and server that cuts connections after so many bytes."""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest


def carry(client: socket.socket, port: int, budget: float, how: str, stopping: threading.Event) -> None:
    """Carry one connection's bytes until either side leaves or `budget` is used up."""
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        other = {client: server, server: client}
        while budget > 0 and not stopping.is_set():
            for source in select.select([client, server], [], [], 0.05)[0]:
                try:
                    data = source.recv(int(min(max(budget, 1), 65536)))
                    other[source].sendall(data)
                except OSError:
                    return
                if not data:
                    return
                budget -= len(data)
        if how == "reset":
            for side in other:
                side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextmanager
def relay(port: int, budgets: list[int], how: str) -> Iterator[int]:
    """Relay to `port`; the n-th connection is cut after about `budgets[n]` bytes in both directions, later ones never.

    `how` is `reset`, a TCP reset, or `end`, an end of file.
    """
    stopping = threading.Event()
    left = list(budgets)
    carriers: list[threading.Thread] = []

    def accept(listener: socket.socket) -> None:
        while not stopping.is_set():
            try:
                client, _ = listener.accept()
            except TimeoutError:
                continue
            budget = left.pop(0) if left else float("inf")
            carriers.append(threading.Thread(target=carry, args=(client, port, budget, how, stopping)))
            carriers[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        acceptor = threading.Thread(target=accept, args=(listener,))
        acceptor.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stopping.set()
            acceptor.join()
            for carrier in carriers:
                carrier.join()


@pytest.fixture
def breaking_line() -> Iterator[Callable[..., int]]:
    with ExitStack() as stack:
        yield lambda port, budgets, how: stack.enter_context(relay(port, budgets, how))
