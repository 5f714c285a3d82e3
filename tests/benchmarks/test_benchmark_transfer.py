"""The transfer beside others: all move everything, over lines that are as long as they are said to be."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from benchmarks.processes import FailedError
from benchmarks.transfer.contenders import CONTENDERS, OURS, PARAMIKO, Contender
from benchmarks.transfer.line import line
from benchmarks.transfer.measure import Told, measure
from benchmarks.transfer.report import transfer

OWN = [one for one in CONTENDERS if one.needs is None]


@pytest.fixture(scope="module")
def told() -> Told:
    return measure(1, 20, 150, 1, lambda _: None, round_trips=(0.01,), contenders=OWN)


def test_everybody_takes_a_turn_at_everything_over_every_line(told: Told) -> None:
    scenes = ["large file down", "large file up", "small files up", "names in a folder"]
    assert set(told.rates) == {(s, 0.01, one.name) for s in scenes for one in OWN if one.only in {None, s}}
    assert all(rate > 0 for rates in told.rates.values() for rate in rates)
    assert set(told.ceilings) == {0.01}


def test_who_waits_for_every_answer_is_slower_over_a_long_line(told: Told) -> None:
    ours, paramiko = (told.rates["small files up", 0.01, one.name][0] for one in (OURS, PARAMIKO))
    assert ours > 2 * paramiko


def test_a_program_that_moves_less_than_everything_stops_the_measurement() -> None:
    idle = Contender("idle", "nothing", lambda _: ["true"])
    with pytest.raises(FailedError, match="idle did not move everything"):
        measure(1, 1, 1, 1, lambda _: None, round_trips=(0.0,), contenders=[idle])


def test_a_peer_that_is_not_installed_is_told_and_left_out() -> None:
    missing = Contender("missing", "nothing", lambda _: [], "no-such-program")
    told_of_it = measure(1, 1, 1, 1, lambda _: None, round_trips=(0.0,), contenders=[missing])
    assert told_of_it.rates == {}
    assert "no-such-program is not installed: missing is left out." in transfer(told_of_it)


def test_the_tables_have_a_line_for_everybody_and_a_ratio_to_each_reference() -> None:
    told = Told(
        rates={
            ("small files up", 0.02, "ours"): [600.0, 200.0, 500.0],
            ("small files up", 0.02, "OpenSSH sftp"): [6.0, 4.0, 5.0],
        },
        units={"small files up": "files"},
        ceilings={0.02: 4e8},
    )
    text = transfer(told)
    assert "400 MB/s over 20 ms" in text
    assert "| 20 ms | ours | 600 | 500 | 100 | absent |" in text
    assert "| 20 ms | OpenSSH sftp | 6.00 | 5.00 | 1.00 | absent |" in text


def test_a_line_delivers_every_byte_in_order_and_no_sooner_than_its_length() -> None:
    sent = bytes(range(256)) * 4_000
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        line(listener.getsockname()[1], 0.1) as port,
        socket.create_connection(("127.0.0.1", port)) as near,
        listener.accept()[0] as far,
    ):
        started = time.monotonic()
        sender = threading.Thread(target=near.sendall, args=(sent,))
        sender.start()
        received = b""
        while len(received) < len(sent):
            received += far.recv(65536)
            assert time.monotonic() - started >= 0.05
        sender.join()
        near.shutdown(socket.SHUT_WR)
        assert far.recv(1) == b""
    assert received == sent
