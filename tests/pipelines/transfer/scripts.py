"""A server that follows a script, on a pair of sockets."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from pipelines.transfer.jail import Jail
from pipelines.transfer.protocol import VERSION, Fields, Kind, ProtocolFault, text, u32
from pipelines.transfer.session import Session
from pipelines.transfer.wire import Wire
from schemas.problems import PartnerUnreachable

GREETING = bytes([Kind.VERSION]) + u32(VERSION)

Script = Callable[[Wire], None]


@contextmanager
def session_with(script: Script, patience: float = 5, *, extensions: tuple[bytes, ...] = ()) -> Iterator[Session]:
    """Open a session with a server that greets and then follows `script` until one of the two leaves."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        wire = Wire(theirs, "client", 5)
        with contextlib.suppress(PartnerUnreachable, ProtocolFault), theirs:
            wire.take()
            send(wire, GREETING + b"".join(text(name) + text(b"1") for name in extensions))
            script(wire)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with ours:
            try:
                yield Session(Channel(ours), "partner", patience)
            finally:
                with contextlib.suppress(OSError):
                    ours.shutdown(socket.SHUT_RDWR)
    finally:
        thread.join()


class Channel:
    """A socket that takes what comes while it is being written to, as a channel does."""

    def __init__(self, socket: socket.socket) -> None:
        self._socket = socket
        self._patience = 0.0
        self._come: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._receive, daemon=True).start()

    def send(self, data: bytes) -> int:
        return self._socket.send(data)

    def recv(self, _: int) -> bytes:
        try:
            return self._come.get(timeout=self._patience)
        except queue.Empty:
            raise TimeoutError from None

    def settimeout(self, seconds: float) -> None:
        self._patience = seconds

    def _receive(self) -> None:
        data = b"more"
        while data:
            try:
                data = self._socket.recv(256 * 1024)
            except OSError:
                data = b""
            self._come.put(data)


def send(wire: Wire, packet: bytes) -> None:
    wire.put(u32(len(packet)), packet)
    wire.flush()


def serving(jail: Jail) -> Script:
    """Answer each request as it comes."""

    def script(wire: Wire) -> None:
        try:
            while True:
                send(wire, _answer(jail, wire))
        finally:
            jail.leave()

    return script


def serving_breaths(jail: Jail, sizes: Iterable[int], order: Sequence[int]) -> Script:
    """Wait for so many requests before any is answered, then for the next so many; answers leave in `order`."""

    def script(wire: Wire) -> None:
        try:
            for size in sizes:
                answers = [_answer(jail, wire) for _ in range(size)]
                for place in order:
                    if place < size:
                        send(wire, answers[place])
        finally:
            jail.leave()

    return script


def _answer(jail: Jail, wire: Wire) -> bytes:
    kind, packet = wire.take()
    fields = Fields(packet)
    identifier = bytes(fields.take(4))
    answered, answer = jail.answer(kind, fields)
    return bytes([answered]) + identifier + answer
