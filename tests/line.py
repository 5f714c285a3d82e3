"""A line that breaks: a relay between client and server that does to connections what lines do.

Which connection breaks, after how many bytes and how, is said beforehand; what is said by nobody is carried faithfully.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

import pytest

_POLL = 0.05
_TRICKLE = 0.02


@dataclass(frozen=True)
class Break:
    """What happens to one connection.

    Attributes
    ----------
    after
        Bytes that are carried before.
    how
        `end` (an end of file), `reset` (a TCP reset), `silence` (nothing more is carried, nothing is closed), `trickle`
        (single bytes, slowly), or a function that is called once, after which all is carried.
    way
        Which bytes count: those of the client (`up`), of the server (`down`) or `both`.
    """

    after: int
    how: Literal["end", "reset", "silence", "trickle"] | Callable[[], object]
    way: Literal["up", "down", "both"] = "both"


NEVER = Break(1 << 60, "end")


class _Carrier(threading.Thread):
    """Carries one connection's bytes."""

    def __init__(self, client: socket.socket, port: int, fault: Break, stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self._client, self._port, self._fault, self._stopping = client, port, fault, stopping

    def run(self) -> None:
        with suppress(OSError), self._client as client, socket.create_connection(("127.0.0.1", self._port)) as server:
            if not self._carry(client, server, self._fault.after):
                return
            match self._fault.how:
                case "end":
                    self._end(client, server)
                case "reset":
                    for side in (client, server):
                        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                case "silence":
                    while not self._stopping.is_set() and (not _waiting(client) or client.recv(65536)):
                        pass
                case "trickle":
                    self._carry(client, server, 1 << 60, slowly=True)
                case happening:
                    happening()
                    self._carry(client, server, 1 << 60)

    def _end(self, client: socket.socket, server: socket.socket) -> None:
        """End both ways after what was carried, which a socket that is closed over unread bytes would throw away."""
        for side in (client, server):
            side.shutdown(socket.SHUT_WR)
        open_sides = [client, server]
        while open_sides and not self._stopping.is_set():
            for side in _waiting(*open_sides):
                if not side.recv(65536):
                    open_sides.remove(side)

    def _carry(self, client: socket.socket, server: socket.socket, left: int, *, slowly: bool = False) -> bool:
        """Carry until `left` bytes are used up, which is true, or a side leaves."""
        other = {client: server, server: client}
        while left > 0:
            if self._stopping.is_set():
                return False
            for source in _waiting(client, server):
                counts = self._fault.way == "both" or (self._fault.way == "up") == (source is client)
                data = source.recv(1 if slowly else min(left, 65536) if counts else 65536)
                if not data:
                    return False
                if slowly:
                    self._stopping.wait(_TRICKLE)
                other[source].sendall(data)
                left -= len(data) if counts else 0
                if left <= 0:
                    break
        return True


def _waiting(*sides: socket.socket) -> list[socket.socket]:
    return select.select(sides, [], [], _POLL)[0]


@contextmanager
def relay(port: int, breaks: Sequence[Break]) -> Iterator[int]:
    """Relay to `port`; the n-th connection suffers the n-th break, later ones none. Gives the port to connect to."""
    stopping = threading.Event()
    left = list(breaks)
    carriers: list[_Carrier] = []

    def accept(listener: socket.socket) -> None:
        while not stopping.is_set():
            with suppress(TimeoutError):
                client, _ = listener.accept()
                carriers.append(_Carrier(client, port, left.pop(0) if left else NEVER, stopping))
                carriers[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(_POLL)
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
    """Lay a line to a port, given the breaks of its connections; returns the port at this end."""
    with ExitStack() as stack:
        yield lambda port, *breaks: stack.enter_context(relay(port, breaks))
