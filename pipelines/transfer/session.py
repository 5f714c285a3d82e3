"""One sFTP session: many conversations share its wire, each with its requests in flight.

A conversation is a generator (`Steps`) that yields an `Exchange`, a series of requests with one place for the answers,
and goes on when all are answered. It reads like plain sequential code, and dozens of files advance together, which is
what makes thousands of small files fast over a long line. Nothing here knows what the requests mean.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar

from pipelines.transfer.codes import unreachable
from pipelines.transfer.protocol import (
    LIMITS,
    SAFE_CHUNK,
    VERSION,
    Fields,
    Kind,
    ProtocolFault,
    Refused,
    Reply,
    Request,
    expect,
    text,
    u32,
)
from pipelines.transfer.wire import Stream, Wire
from schemas.problems import PartnerUnreachable

T = TypeVar("T")

IN_FLIGHT = 8 * 1024 * 1024
"""Bytes asked for or sent and not yet answered, over all conversations; the channel's window must be larger.

Enough for 200 MB/s over a round trip of 40 ms.
"""

_LARGEST_CHUNK = 255 * 1024  # OpenSSH's own limit; used only where the server offers as much
_MOST_CONVERSATIONS = 64


@dataclass(frozen=True)
class Exchange:
    """A series of requests, made lazily, and `take`, which gets each answer in the order of the requests.

    What `take` returns is asked in place of the request just answered, before any later answer is taken. An exception
    from either ends the series; it is raised in the conversation once all outstanding answers are in.
    """

    requests: Iterable[Request]
    take: Callable[[Request, Reply], Request | None]


Steps: TypeAlias = Generator[Exchange, None, T]


@dataclass(frozen=True)
class Offer:
    """What the server can do.

    Attributes
    ----------
    read, write
        Bytes in one request.
    open_files
        How many we open at once: half of what the server allows, since other sessions of the account may need some.
    extensions
        What it knows beyond version 3, by name.
    """

    read: int = SAFE_CHUNK
    write: int = SAFE_CHUNK
    open_files: int = _MOST_CONVERSATIONS
    extensions: frozenset[bytes] = frozenset()

    @property
    def conversations(self) -> int:
        """How many conversations a session holds at once; each has one file open at most."""
        return min(_MOST_CONVERSATIONS, self.open_files)


@dataclass
class _Conversation:
    """A generator under way and the answers it waits for."""

    index: int
    steps: Steps[Any]
    requests: Iterator[Request] = field(default_factory=lambda: iter(()))
    take: Callable[[Request, Reply], Request | None] = lambda _request, _reply: None
    asked: int = 0
    taken: int = 0
    outstanding: int = 0
    all_asked: bool = False
    early: dict[int, tuple[Request, Reply]] = field(default_factory=dict)
    problem: Exception | None = None

    def go_on(self) -> None:
        """Resume the generator until its next exchange; `StopIteration` carries its result."""
        problem, self.problem = self.problem, None
        exchange = next(self.steps) if problem is None else self.steps.throw(problem)
        self.requests, self.take = iter(exchange.requests), exchange.take
        self.asked = self.taken = 0
        self.all_asked = False

    def next_request(self) -> Request | None:
        """Return what to ask next, `None` when all was asked."""
        if self.problem:
            return None
        try:
            return next(self.requests, None)
        except Exception as problem:  # noqa: BLE001  # whatever it is, it belongs to the conversation
            self.problem = problem
            return None


class Session:
    """An open sFTP session on a stream; for one thread, and for one `run` or `run_all` at a time.

    Attributes
    ----------
    where
        The partner's name for messages.
    offer
        What the server can do.
    """

    def __init__(self, stream: Stream, where: str, patience: float) -> None:
        self.where = where
        self._wire = Wire(stream, where, patience)
        self._awaited: dict[int, tuple[_Conversation, int, Request]] = {}
        self._last_id = 0
        self._in_flight = 0
        self.offer = Offer()
        try:
            self.offer = self._greet()
        except ProtocolFault:
            raise unreachable("T06", where, "greeting") from None
        if LIMITS in self.offer.extensions:
            self.offer = self.run(_limits(self.offer))

    def run(self, steps: Steps[T]) -> T:
        """Hold one conversation and return its result."""
        [(_, result)] = self.run_all([steps])
        return result

    def run_all(self, many: Iterable[Steps[T]]) -> Iterator[tuple[int, T]]:
        """Hold many conversations at once; yields each one's position and result as it ends.

        A conversation answers for its own failures; what it lets through ends them all. Raises `PartnerUnreachable`
        T04 when the connection is lost, T06 when the server breaks the protocol.
        """
        coming = enumerate(many)
        live: dict[int, _Conversation] = {}
        asking: deque[_Conversation] = deque()
        ready: deque[_Conversation] = deque()
        try:
            while True:
                while len(live) < self.offer.conversations and (fresh := next(coming, None)):
                    live[fresh[0]] = _Conversation(*fresh)
                    ready.append(live[fresh[0]])
                if not live:
                    return
                while ready:
                    conversation = ready.popleft()
                    try:
                        conversation.go_on()
                    except StopIteration as end:
                        del live[conversation.index]
                        yield conversation.index, end.value
                    else:
                        asking.append(conversation)
                self._ask(asking, ready)
                if self._awaited:
                    self._hear(ready)
        except ProtocolFault:
            self._wire.broken = True
            raise unreachable("T06", self.where) from None
        finally:
            for conversation in live.values():
                conversation.steps.close()
            self._drain()

    def _greet(self) -> Offer:
        self._wire.put(u32(5), bytes([Kind.INIT]), u32(VERSION))
        kind, packet = self._wire.take()
        fields = Fields(packet)
        if kind != Kind.VERSION or fields.u32() < VERSION:
            raise ProtocolFault
        extensions = set()
        while fields:
            extensions.add(fields.text())
            fields.view()
        return Offer(extensions=frozenset(extensions))

    def _ask(self, asking: deque[_Conversation], ready: deque[_Conversation]) -> None:
        """Send requests of all conversations in turn, as many as may be in flight."""
        while asking and self._in_flight < IN_FLIGHT:
            conversation = asking.popleft()
            request = conversation.next_request()
            if request is not None:
                self._submit(conversation, conversation.asked, request)
                conversation.asked += 1
                asking.append(conversation)
            else:
                conversation.all_asked = True
                if not conversation.outstanding:
                    ready.append(conversation)

    def _submit(self, conversation: _Conversation, place: int, request: Request) -> None:
        self._last_id = (self._last_id + 1) & 0xFFFFFFFF
        self._awaited[self._last_id] = conversation, place, request
        self._in_flight += _cost(request)
        conversation.outstanding += 1
        length = 5 + len(request.fields) + len(request.data)
        self._wire.put(u32(length), bytes([request.kind]), u32(self._last_id), request.fields, request.data)

    def _hear(self, ready: deque[_Conversation]) -> None:
        """Take one answer and hand on all that are now in order."""
        kind, packet = self._wire.take()
        fields = Fields(packet)
        identifier = fields.u32()
        if identifier not in self._awaited:
            raise ProtocolFault
        conversation, place, request = self._awaited.pop(identifier)
        conversation.outstanding -= 1
        conversation.early[place] = request, Reply(kind, packet[4:])
        while answer := conversation.early.pop(conversation.taken, None):
            self._in_flight -= _cost(answer[0])
            instead = None
            if conversation.problem is None:
                try:
                    instead = conversation.take(*answer)
                except Exception as problem:  # noqa: BLE001  # whatever it is, it belongs to the conversation
                    conversation.problem = problem
            if instead is not None:
                self._submit(conversation, conversation.taken, instead)
                return
            conversation.taken += 1
        if conversation.all_asked and not conversation.outstanding:
            ready.append(conversation)

    def _drain(self) -> None:
        """Take and forget the answers nobody waits for any more, so that the session can be used again."""
        while self._awaited and not self._wire.broken:
            try:
                _, packet = self._wire.take()
                del self._awaited[Fields(packet).u32()]
            except (PartnerUnreachable, ProtocolFault, KeyError):
                self._wire.broken = True
        self._awaited.clear()
        self._in_flight = 0


def ask(request: Request) -> Steps[Reply]:
    """Ask one thing and return the answer."""
    answers: list[Reply] = []

    def take(_: Request, reply: Reply) -> None:
        answers.append(reply)

    yield Exchange([request], take)
    return answers[0]


def _limits(offer: Offer) -> Steps[Offer]:
    try:
        fields = expect((yield from ask(Request(Kind.EXTENDED, text(LIMITS)))), Kind.EXTENDED_REPLY)
    except Refused:
        return offer
    _, read, write, handles = (fields.u64() for _ in range(4))
    return replace(
        offer,
        read=min(read or SAFE_CHUNK, _LARGEST_CHUNK),
        write=min(write or SAFE_CHUNK, _LARGEST_CHUNK),
        open_files=max(1, handles // 2) if handles else offer.open_files,
    )


def _cost(request: Request) -> int:
    return len(request.data) + request.answer
