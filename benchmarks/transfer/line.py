"""A long line to a server on this machine: a process that carries connections, each byte so many seconds later.

Nothing is lost, and there is no bandwidth but what the process can carry, which `ceiling` tells.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

_HOST = "127.0.0.1"
_AT_ONCE = 1024 * 1024
_CEILING_BYTES = 64 * 1024 * 1024


class _End(asyncio.Protocol):
    """One end of a carried connection: what comes in goes out at `other`, later."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._underway: deque[bytes] = deque()
        self._loop = asyncio.get_running_loop()
        self.transport: asyncio.Transport | None = None
        self.other: _End | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.transport = transport

    def data_received(self, data: bytes) -> None:
        # Each timer hands on the oldest, so that two of one instant keep their order.
        self._underway.append(data)
        self._loop.call_later(self._delay, self._arrive)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        self.data_received(b"")

    def _arrive(self) -> None:
        far = self.other.transport if self.other else None
        if far is None:  # not connected yet: a line of that much more delay, for once
            self._loop.call_later(self._delay, self._arrive)
            return
        data = self._underway.popleft()
        if not data:
            far.close()
        elif not far.is_closing():
            far.write(data)


async def _carry(port: int, delay: float, near: socket.socket) -> None:
    loop = asyncio.get_running_loop()

    async def join(end: _End) -> None:
        far = _End(delay)
        end.other, far.other = far, end
        await loop.create_connection(lambda: far, _HOST, port)

    def arrived() -> _End:
        end = _End(delay)
        joining.append(loop.create_task(join(end)))
        return end

    joining: list[asyncio.Task[None]] = []
    server = await loop.create_server(arrived, sock=near)
    await server.serve_forever()


@contextmanager
def line(port: int, round_trip: float) -> Iterator[int]:
    """Lay a line to a port of this machine, in a process of its own; yields the port of its near end.

    Without a round trip there is no line: the port itself is given back.
    """
    if not round_trip:
        yield port
        return
    with socket.create_server((_HOST, 0)) as near:
        command = [sys.executable, "-m", "benchmarks.transfer.line", str(port), str(round_trip / 2)]
        command.append(str(near.fileno()))
        with subprocess.Popen(command, pass_fds=[near.fileno()]) as process:
            try:
                yield int(near.getsockname()[1])
            finally:
                process.terminate()


def ceiling(round_trip: float) -> float:
    """Measure how many bytes a second a line carries when both its ends are as fast as they can be."""
    with (
        socket.create_server((_HOST, 0)) as listener,
        line(listener.getsockname()[1], round_trip) as port,
        socket.create_connection((_HOST, port)) as near,
        listener.accept()[0] as far,
    ):
        sender = threading.Thread(target=near.sendall, args=(bytes(_CEILING_BYTES),))
        started = time.perf_counter()
        sender.start()
        left = _CEILING_BYTES
        while left:
            left -= len(far.recv(_AT_ONCE))
        took = time.perf_counter() - started
        sender.join()
    return _CEILING_BYTES / (took - round_trip / 2)


if __name__ == "__main__":
    asyncio.run(_carry(int(sys.argv[1]), float(sys.argv[2]), socket.socket(fileno=int(sys.argv[3]))))
