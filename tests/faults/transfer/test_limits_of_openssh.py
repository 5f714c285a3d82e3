"""Limits that a real server runs into: largest file, open files, keys that change every megabyte."""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.faults.transfer.conftest import Partner, digests, hashes

_A_MOMENT = 0.02
LARGE = hashlib.shake_256(b"large").digest(5_000_000)


def test_a_file_the_server_may_not_write_leaves_nothing_and_the_others_arrive(
    openssh: Callable[..., Partner], survived: Any
) -> None:
    partner = openssh(limits="trap '' XFSZ; ulimit -f 4000")
    contents = {"a.csv": b"small", "large.csv": LARGE, "z.csv": b"small too"}
    assert partner.push(contents) == [("DELIVERED", ""), ("FAILED", "T14"), ("DELIVERED", "")]
    arrived = {name: contents[name] for name in ("a.csv", "z.csv")}
    survived("server cannot write more", expected=digests(arrived), found=partner.delivered())


def test_a_server_with_few_handles_gets_and_gives_all_files(openssh: Callable[..., Partner], survived: Any) -> None:
    partner = openssh(limits="ulimit -n 24")
    contents = {f"{n:02}.csv": b"%d" % n * 50_000 for n in range(60)}
    for name, content in contents.items():
        partner.put(name, content)
    assert partner.pull().skipped == ()
    assert set(partner.push(contents)) == {("DELIVERED", "")}
    survived("few handles", expected=hashes(contents), found=partner.landed())
    survived("few handles", expected=digests(contents), found=partner.delivered())


def test_keys_that_change_every_megabyte_change_nothing_else(openssh: Callable[..., Partner], survived: Any) -> None:
    partner = openssh("RekeyLimit=1M")
    partner.put("large.csv", LARGE)
    partner.pull()
    assert partner.push({"large.csv": LARGE}) == [("DELIVERED", "")]
    survived("rekeying every megabyte", expected=hashes({"": LARGE}), found=partner.landed())
    survived("rekeying every megabyte", expected=digests({"large.csv": LARGE}), found=partner.delivered())


def test_a_server_that_takes_nobody_more_before_log_in_is_tried_again(
    openssh: Callable[..., Partner], survived: Any
) -> None:
    partner = openssh("MaxStartups=1:100:1")
    partner.put("large.csv", LARGE)
    with let_in(partner) as stranger:
        partner.pull(attempts=200, sleep=lambda _: leave(stranger))
    survived("server full of strangers", expected=hashes({"": LARGE}), found=partner.landed())


def let_in(partner: Partner) -> socket.socket:
    """Return a connection that the server greeted and that does not log in; it may have to let go of another first."""
    while True:
        stranger = socket.create_connection((partner.endpoint.host, partner.endpoint.port))
        if stranger.recv(4) == b"SSH-":
            return stranger
        stranger.close()
        time.sleep(_A_MOMENT)


def leave(stranger: socket.socket) -> None:
    """Hang up, and give the server a moment to notice."""
    with suppress(OSError):
        stranger.shutdown(socket.SHUT_RDWR)
    time.sleep(_A_MOMENT)
