from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.transfer import sftp
from pipelines.transfer.jail import Jail
from pipelines.transfer.protocol import (
    LARGEST_PACKET,
    LIMITS,
    Fields,
    Kind,
    Open,
    Refused,
    Status,
    text,
    u32,
)
from pipelines.transfer.session import Exchange, Session, Steps
from pipelines.transfer.wire import Wire
from schemas.problems import PartnerUnreachable
from tests.pipelines.transfer.scripts import GREETING, Script, send, serving, session_with


def read_all(path: bytes, size: int, chunk: int) -> Steps[str]:
    digest = hashlib.sha256()
    handle = yield from sftp.open_file(path, Open.READ)
    yield from sftp.read(handle, size, chunk, digest.update)
    yield from sftp.close(handle)
    return digest.hexdigest()


@given(size=st.integers(0, 20_000), chunk=st.integers(1_000, 9_000), longest=st.integers(500, 9_000))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_short_answers_still_make_the_whole_file(size: int, chunk: int, longest: int, tmp_path: Path) -> None:
    content = hashlib.shake_256(b"short").digest(size)
    (tmp_path / "file").write_bytes(content)

    class Short(Jail):
        def read(self, fields: Fields) -> tuple[Kind, bytes]:
            kind, answer = super().read(fields)
            return kind, text(Fields(answer).text()[:longest]) if kind is Kind.DATA else answer

    with session_with(serving(Short(tmp_path))) as session:
        assert session.run(read_all(b"file", size, chunk)) == hashlib.sha256(content).hexdigest()


@given(order=st.permutations(range(6)))
@settings(max_examples=30, deadline=None)
def test_answers_in_any_order_make_the_same_file(order: list[int]) -> None:
    content = hashlib.shake_256(b"order").digest(600)

    def script(wire: Wire) -> None:
        asked: list[tuple[bytes, bytes]] = []
        for _ in range(6):
            _, packet = wire.take()
            fields = Fields(packet)
            identifier, _, offset, count = bytes(fields.take(4)), fields.text(), fields.u64(), fields.u32()
            asked.append((identifier, content[offset : offset + count]))
        for place in order:
            identifier, data = asked[place]
            send(wire, bytes([Kind.DATA]) + identifier + text(data))

    received = bytearray()
    with session_with(script) as session:
        session.run(sftp.read(sftp.Handle(b"handle"), 600, 100, received.extend))
    assert received == content


def test_conversations_go_side_by_side_and_one_problem_stays_its_own(tmp_path: Path) -> None:
    for name in "ac":
        (tmp_path / name).write_bytes(name.encode() * 100_000)

    def attempt(name: bytes) -> Steps[str]:
        try:
            return (yield from read_all(name, 100_000, 4_096))
        except Refused as refusal:
            return Status(refusal.status).name

    with session_with(serving(Jail(tmp_path))) as session:
        results = dict(session.run_all(attempt(name) for name in (b"a", b"b", b"c")))
        hashes = {name: hashlib.sha256(name.encode() * 100_000).hexdigest() for name in "ac"}
        assert results == {0: hashes["a"], 1: "NO_SUCH_FILE", 2: hashes["c"]}

        class Local(Exception):
            pass

        def fails_at_home() -> Steps[None]:
            handle = yield from sftp.open_file(b"a", Open.READ)
            yield from sftp.read(handle, 100_000, 1_000, raising(Local()))

        with pytest.raises(Local):
            session.run(fails_at_home())
        assert session.run(read_all(b"c", 100_000, 4_096)) == hashes["c"]


def raising(problem: Exception) -> Callable[[object], None]:
    def deliver(_: object) -> None:
        raise problem

    return deliver


def test_conversations_that_ask_nothing_end_at_once_however_many() -> None:
    def asks_nothing(number: int) -> Steps[int]:
        if number % 2:
            yield Exchange([], lambda _request, _reply: None)
        return number

    with session_with(leaves) as session:
        results = dict(session.run_all(asks_nothing(number) for number in range(100)))
    assert results == {number: number for number in range(100)}
    with session_with(leaves) as session:
        assert session.run(asks_nothing(0)) == 0


def leaves(wire: Wire) -> None:
    """Take one request and be gone."""
    wire.take()


def problem_with(script: Script, patience: float = 5) -> PartnerUnreachable:
    with session_with(script, patience) as session, pytest.raises(PartnerUnreachable) as caught:
        session.run(sftp.lstat(b"x"))
    return caught.value


def test_a_server_that_breaks_the_protocol_is_not_listened_to() -> None:
    def says(*packet: bytes) -> Script:
        def script(wire: Wire) -> None:
            _, request = wire.take()
            send(wire, b"".join(packet).replace(b"<id>", bytes(request[:4])))
            wire.take()

        return script

    for packet in (
        bytes([Kind.ATTRS]) + b"\xff\xff\xff\xff" + u32(0),  # an answer to nobody
        bytes([Kind.DATA]) + b"<id>" + text(b"x"),  # an answer to another question
        bytes([Kind.ATTRS]) + b"<id>" + u32(1) + b"\0\0",  # cut in the middle of a field
        bytes([Kind.ATTRS]),
    ):
        assert problem_with(says(packet)).code == "T06"


def test_a_packet_without_end_is_not_waited_for() -> None:
    def script(wire: Wire) -> None:
        wire.take()
        wire.put(u32(LARGEST_PACKET + 1), b"x")
        wire.flush()
        wire.take()

    assert problem_with(script).code == "T06"


def test_a_read_answered_with_nothing_or_too_much_is_not_a_file() -> None:
    for data in (b"", b"x" * 11):

        def script(wire: Wire, data: bytes = data) -> None:
            _, request = wire.take()
            send(wire, bytes([Kind.DATA]) + bytes(request[:4]) + text(data))
            wire.take()

        with session_with(script) as session, pytest.raises(PartnerUnreachable) as caught:
            session.run(sftp.read(sftp.Handle(b"handle"), 10, 10, lambda _: None))
        assert caught.value.code == "T06"


def test_a_server_that_leaves_or_falls_silent_is_lost() -> None:
    def is_silent(wire: Wire) -> None:
        wire.take()
        wire.take()

    assert problem_with(leaves).code == "T04"
    assert problem_with(is_silent, patience=0.1).code == "T04"


def test_what_came_before_the_server_left_is_taken_although_nothing_can_be_sent_any_more() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            send(Wire(theirs, "client", 5), bytes([Kind.DATA]) + b"came before")
        wire = Wire(ours, "partner", 5)
        wire.put(b"goes nowhere")
        kind, packet = wire.take()
        assert (kind, bytes(packet)) == (Kind.DATA, b"came before")
        with pytest.raises(PartnerUnreachable, match="T04"):
            wire.take()


def test_a_server_that_drips_is_lost_though_never_silent() -> None:
    def script(wire: Wire) -> None:
        wire.take()
        for byte in u32(1000) + bytes(100):
            wire.put(bytes([byte]))
            wire.flush()
            time.sleep(0.01)

    started = time.monotonic()
    assert problem_with(script, patience=0.2).code == "T04"
    assert time.monotonic() - started < 5


def test_limits_that_are_announced_but_refused_leave_the_safe_ones() -> None:
    ours, theirs = socket.socketpair()

    def serve() -> None:
        wire = Wire(theirs, "client", 5)
        wire.take()
        send(wire, GREETING + text(LIMITS) + text(b"1"))
        _, request = wire.take()
        send(wire, bytes([Kind.STATUS]) + bytes(request[:4]) + u32(Status.UNSUPPORTED))

    thread = threading.Thread(target=serve)
    thread.start()
    with ours, theirs:
        session = Session(ours, "partner", 5)
        thread.join()
    assert (session.offer.read, session.offer.write) == (32 * 1024, 32 * 1024)


def test_a_server_of_another_kind_is_told_as_such() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(u32(5) + bytes([Kind.VERSION]) + u32(2))
        with pytest.raises(PartnerUnreachable) as caught:
            Session(ours, "partner", 5)
    assert caught.value.code == "T06"
