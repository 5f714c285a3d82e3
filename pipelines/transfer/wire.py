"""Whole packets over a byte stream that may be slow, silent or cut. The stream is a paramiko channel, or a socket."""

from __future__ import annotations

import time
from typing import Protocol

import paramiko

from pipelines.transfer.codes import unreachable
from pipelines.transfer.protocol import LARGEST_PACKET, Fields, ProtocolFault

_BATCH = 64 * 1024
_MOST_AT_ONCE = 8 * 1024 * 1024


class Stream(Protocol):
    """What a channel and a socket have in common."""

    def send(self, data: bytes, /) -> int:
        """Send some of `data` and return how much."""

    def recv(self, count: int, /) -> bytes:
        """Return at most `count` bytes; none at the end."""

    def settimeout(self, seconds: float, /) -> None:
        """Bound every wait."""


class Wire:
    """Sends and takes packets, each whole within `patience` seconds: one byte a minute is a lost connection.

    Raises `PartnerUnreachable` T04 when the stream ends or stalls; `broken` is then true, and it is of no more use. A
    stream that takes nothing any more has not ended before all that had arrived by then was taken.
    """

    def __init__(self, stream: Stream, where: str, patience: float) -> None:
        self.where = where
        self.broken = False
        self._stream = stream
        self._patience = patience
        self._in = bytearray()
        self._out: list[bytes] = []
        self._out_size = 0
        self._out_ended = False

    def put(self, *parts: bytes) -> None:
        """Queue bytes; small packets leave together."""
        self._out += parts
        self._out_size += sum(map(len, parts))
        if self._out_size >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Send what is queued."""
        if not self._out:
            return
        rest = memoryview(b"".join(self._out))
        self._out, self._out_size = [], 0
        deadline = self._deadline()
        while rest and not self._out_ended:
            self._allow(deadline)
            try:
                sent = self._stream.send(bytes(rest[:_BATCH]))  # a channel takes no more than one of its packets
            except TimeoutError:
                raise self._lost("while sending") from None
            except (OSError, EOFError, paramiko.SSHException):
                sent = 0
            self._out_ended = sent == 0
            rest = rest[sent:]

    def take(self) -> tuple[int, memoryview]:
        """Return the next packet: its type and what follows."""
        self.flush()
        deadline = self._deadline()
        while True:
            if len(self._in) >= 4:
                length = int.from_bytes(self._in[:4])
                if not 1 <= length <= LARGEST_PACKET:
                    self.broken = True
                    raise ProtocolFault
                if len(self._in) >= 4 + length:
                    packet = Fields(bytes(memoryview(self._in)[4 : 4 + length]))
                    del self._in[: 4 + length]
                    return packet.take(1)[0], packet.take(length - 1)
            self._allow(deadline)
            try:
                received = self._stream.recv(_MOST_AT_ONCE)
            except (OSError, EOFError, paramiko.SSHException):
                received = b""
            if not received:
                raise self._lost("while waiting for an answer")
            self._in += received

    def _deadline(self) -> float:
        return time.monotonic() + self._patience

    def _allow(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if self.broken or left <= 0:
            raise self._lost("it stalled")
        self._stream.settimeout(left)

    def _lost(self, detail: str) -> Exception:
        self.broken = True
        return unreachable("T04", self.where, detail)
