"""A folder of very many names is listed with many questions under way and little in memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from pipelines.transfer import sftp
from pipelines.transfer.jail import Jail
from pipelines.transfer.protocol import Attributes, Fields, Kind, Refused, Status, text, u32
from pipelines.transfer.session import IN_FLIGHT
from pipelines.transfer.wire import Wire
from tests.pipelines.transfer.scripts import Script, send, serving_breaths, session_with

AHEAD = IN_FLIGHT // (64 * 1024)
AN_ANSWER = 100


def listing_of(answers: int, status: Status = Status.EOF) -> Script:
    """A folder of a hundred names for each answer, then a status."""
    entry = text(b"ECM_ASSIGNMENT.csv") + text(b"-rw-r--r-- 1 partner partner") + Attributes(1, 2, 3, 4).pack()
    names = u32(AN_ANSWER) + entry * AN_ANSWER

    def script(wire: Wire) -> None:
        left = answers
        while True:
            kind, packet = wire.take()
            identifier = bytes(Fields(packet).take(4))
            if kind == Kind.OPENDIR:
                send(wire, bytes([Kind.HANDLE]) + identifier + text(b"0"))
            elif kind == Kind.READDIR and left:
                left -= 1
                send(wire, bytes([Kind.NAME]) + identifier + names)
            else:
                ended = Status.OK if kind == Kind.CLOSE else status
                send(wire, bytes([Kind.STATUS]) + identifier + u32(ended))

    return script


def test_a_folder_is_asked_for_far_ahead_and_told_in_its_order(tmp_path: Path) -> None:
    for number in range(450):
        (tmp_path / f"{number:03}.csv").touch()
    # Each of the five answers that bring names lets one more question go; the first that brings none ends it.
    script = serving_breaths(Jail(tmp_path), (1, AHEAD, 5, 1), range(AHEAD))
    with session_with(script) as session:
        listed = session.run(sftp.listing(b""))
    assert [name for name, _ in listed] == [b"%03d.csv" % number for number in range(450)]
    assert all(seen.is_regular for _, seen in listed)


def test_memory_does_not_grow_with_the_number_of_names() -> None:
    found = 0

    def count(_name: bytes, _seen: Attributes) -> None:
        nonlocal found
        found += 1

    def peak_of(answers: int) -> int:
        with session_with(listing_of(answers)) as session:
            tracemalloc.start()
            session.run(sftp.scan(b"", count))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return peak

    few, many = peak_of(100), peak_of(400)
    assert found == 500 * AN_ANSWER
    assert many < few + 2_000_000


def test_a_listing_that_fails_on_the_way_is_no_listing() -> None:
    with session_with(listing_of(3, Status.FAILURE)) as session, pytest.raises(Refused):
        session.run(sftp.listing(b""))
