"""Codes of transfers: a partner on a real OpenSSH server, and a line between that can be cut."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from pipelines.intake.pull_sources import pull_sources
from pipelines.transfer.jail import Answer, Jail
from pipelines.transfer.keys import ensure_keypair
from pipelines.transfer.protocol import Fields, Kind, Status, u32
from pipelines.transfer.server import EmbeddedServer
from tests.codes.after_a_night import SECOND, no_wait
from tests.codes.partner import Partner
from tests.codes.sample import Meeting, Sample, Stage, raised
from tests.line import Break, relay

Scene = Callable[[Partner], Meeting]
LARGE = bytes(400_000)
NAME = "REFERRALS_CRUNDELACK.csv"
"""A name that says whom a file is about, as it should not; it is told nobody."""


def of_server(code: str, says: str, told: str, scene: Scene) -> Sample:
    """Make a sample of what a visit to a partner ends in."""
    return Sample(code, says, lambda stage: scene(stage.make_partner()), told=told)


def of_file(code: str, says: str, scene: Scene, *beside: str) -> Sample:
    """Make a sample of what keeps one file from coming or going."""
    return Sample(code, says, lambda stage: scene(stage.make_partner()), ("CRUNDELACK",), beside)


def fetching(partner: Partner, **settings: object) -> Meeting:
    """Fetch, and tell by which codes files were left."""
    return Meeting(partner.fetched(**settings), "")


def nobody_listens(partner: Partner) -> Meeting:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return raised(lambda: partner.fetched(endpoint=replace(partner.endpoint, port=port)))


def another_host_key(partner: Partner) -> Meeting:
    pinned = ensure_keypair(partner.ours / "another")
    return raised(lambda: partner.fetched(endpoint=replace(partner.endpoint, host_key=pinned)))


def a_key_that_is_not_installed(partner: Partner) -> Meeting:
    ensure_keypair(partner.ours / "own")
    return raised(lambda: partner.fetched(endpoint=replace(partner.endpoint, key_file=partner.ours / "own")))


def the_line_is_cut(partner: Partner) -> Meeting:
    partner.leave("large.csv", LARGE)
    with relay(partner.endpoint.port, [Break(100_000, "end", "down")]) as port:
        return raised(lambda: partner.fetched(endpoint=replace(partner.endpoint, port=port)))


def a_key_that_others_can_read(partner: Partner) -> Meeting:
    key = partner.ours / "key"
    shutil.copy(partner.sshd.keys / "client", key)
    key.chmod(0o644)
    return raised(lambda: partner.fetched(endpoint=replace(partner.endpoint, key_file=key)))


def a_cipher_nobody_should_use(partner: Partner) -> Meeting:
    old = partner.on_another("Ciphers=3des-cbc")
    try:
        return raised(old.fetched)
    finally:
        old.sshd.stop()


def the_server_falls_silent(partner: Partner) -> Meeting:
    partner.leave("large.csv", LARGE)
    with relay(partner.endpoint.port, [Break(100_000, "silence", "down")]) as port:
        return raised(lambda: partner.fetched(endpoint=replace(partner.endpoint, port=port, time_limit=0.5)))


def three_sources_on_a_server_that_is_down(stage: Stage) -> Meeting:
    plan = stage.make_plan()
    (source, *others) = plan.config.sources
    third = source.model_copy(update={"name": "third", "at_once": 1})
    config = plan.config.model_copy(update={"sources": (source, *others, third)})
    with plan.night(SECOND) as night:
        told = pull_sources(night.warehouse, config, SECOND, sleep=no_wait, clock=lambda: 0.0)
    return Meeting(tuple(result.problem[1:4] for result in told), " ".join(result.problem for result in told))


def no_such_folder(partner: Partner) -> Meeting:
    return raised(lambda: partner.fetched(folder="nowhere"))


def a_folder_that_is_closed(partner: Partner) -> Meeting:
    closed = partner.path(partner.inbox, "")
    closed.chmod(0)
    try:
        return raised(partner.fetched)
    finally:
        closed.chmod(0o700)


def it_is_written_over_meanwhile(partner: Partner) -> Meeting:
    path = partner.leave(NAME, LARGE)

    def write_over() -> None:
        partner.leave(NAME, LARGE[1:])
        os.utime(path, (1_800_000_000, 1_800_000_000))

    with relay(partner.endpoint.port, [Break(100_000, write_over, "down")]) as port:
        return fetching(partner, endpoint=replace(partner.endpoint, port=port))


def a_folder_is_in_the_way(partner: Partner) -> Meeting:
    partner.sshd.folder(partner.account, f"{partner.outbox}/.{NAME}.part")
    return Meeting(*partner.delivered(partner.parcel(NAME)))


def it_was_edited_in_the_folder(partner: Partner) -> Meeting:
    partner.leave(NAME, b"theirs\r\n", folder=partner.outbox)
    return Meeting(*partner.delivered(partner.parcel(NAME, b"ours\r\n")))


def the_table_failed_before_its_manifest(partner: Partner) -> Meeting:
    partner.leave(NAME, b"theirs\r\n", folder=partner.outbox)
    parcels = (partner.parcel(name, group="one night") for name in (NAME, "manifest.json"))
    return Meeting(*partner.delivered(*parcels))


def a_name_with_a_line_break(partner: Partner) -> Meeting:
    partner.leave("CRUNDELACK\nline.csv")
    return fetching(partner)


def names_that_differ_in_case(partner: Partner) -> Meeting:
    partner.leave(NAME)
    partner.leave(NAME.lower())
    return fetching(partner)


def a_link(partner: Partner) -> Meeting:
    partner.path(partner.inbox, NAME).symlink_to("/etc/passwd")
    return fetching(partner)


def it_grows_while_it_rests(partner: Partner) -> Meeting:
    partner.leave(NAME, b"half")
    return fetching(partner, stable_for=1, sleep=lambda _: partner.leave(NAME, b"half and more"))


def the_landing_is_no_folder(partner: Partner) -> Meeting:
    partner.leave(NAME)
    (partner.ours / "landing").write_text("", encoding="utf-8")
    return fetching(partner)


def it_was_opened_and_saved(partner: Partner) -> Meeting:
    parcel = partner.parcel(NAME, b"as prepared\r\n")
    parcel.local.write_bytes(b"as saved....\r\n")
    return Meeting(*partner.delivered(parcel))


def its_marker_is_missing(partner: Partner) -> Meeting:
    partner.leave(NAME)
    return fetching(partner, marker="{name}.done")


def it_is_larger_than_our_disk(partner: Partner) -> Meeting:
    path = partner.leave(NAME)
    os.truncate(path, shutil.disk_usage(partner.ours).free + (1 << 30))
    try:
        return fetching(partner)
    finally:
        path.unlink()


class _Spoils(Jail):
    """A server whose disk gives back other bytes than it was given."""

    def read(self, fields: Fields) -> Answer:
        kind, stored = super().read(fields)
        return kind, stored.replace(b"ours", b"OURS")


class _Full(Jail):
    """A server whose disk is full, and that says so when it is asked."""

    def write(self, fields: Fields) -> Answer:  # noqa: ARG002 - the jail's signature
        return Kind.STATUS, u32(Status.FAILURE)

    def room(self, path: Path) -> bytes:  # noqa: ARG002 - the jail's signature
        return b"".join(number.to_bytes(8) for number in (4096, 4096, 1000, 0, 0, 0, 0, 0, 0, 0, 255))


def delivering_to(jail: Callable[[Path], Jail], partner: Partner) -> Meeting:
    """Deliver to a server that does what OpenSSH on a sound disk does not."""
    keys, accounts = partner.sshd.keys, {"clinic": "clinic"}
    with EmbeddedServer(partner.ours / "sftp", accounts, keys / "host", keys / "client.pub", jail=jail) as server:
        (partner.ours / "sftp" / "clinic" / partner.outbox).mkdir()
        theirs = replace(partner.endpoint, port=server.port, username="clinic")
        return Meeting(*partner.delivered(partner.parcel(NAME), endpoint=theirs))


SAMPLES = (
    of_server("T01", "nobody listens at the port", "cannot be reached", nobody_listens),
    of_server("T02", "another key is pinned than the server has", "offers ssh-ed25519 SHA256:", another_host_key),
    of_server("T03", "a key that nobody has installed there", "refuses the account", a_key_that_is_not_installed),
    of_server("T04", "the line is cut in the midst of a file", "the connection was lost", the_line_is_cut),
    of_server("T05", "a private key that others can read", "is open to others", a_key_that_others_can_read),
    of_server("T06", "a server that knows an old cipher alone", "no cipher", a_cipher_nobody_should_use),
    of_server("T07", "a server that falls silent", "after 0.5 s", the_server_falls_silent),
    Sample(
        "T08", "three sources on one server that is down", three_sources_on_a_server_that_is_down,
        beside=("T01",), told="not tried",
    ),
    of_server("T10", "a folder that is not there", "nowhere: the folder does not exist", no_such_folder),
    of_server("T11", "a folder that the account may not read", "the server denies access", a_folder_that_is_closed),
    of_file("T12", "its sender writes over it while it is fetched", it_is_written_over_meanwhile),
    of_file("T13", "a server that gives back other bytes than it was given", partial(delivering_to, _Spoils)),
    of_file("T14", "a folder is in the way of the upload", a_folder_is_in_the_way),
    of_file("T15", "the provider edited the file and left it there", it_was_edited_in_the_folder),
    of_file("T16", "the table failed, so its manifest is not tried", the_table_failed_before_its_manifest, "T15"),
    of_file("T17", "a name with a line break in it", a_name_with_a_line_break),
    of_file("T18", "two names that differ only in case", names_that_differ_in_case),
    of_file("T19", "a link in place of a file", a_link),
    of_file("T20", "a file that grows between two looks", it_grows_while_it_rests),
    of_file("T21", "a file lies where the landing should be", the_landing_is_no_folder),
    of_file("T22", "a file of the outbox was opened and saved", it_was_opened_and_saved),
    of_file("T23", "a file without its marker", its_marker_is_missing),
    of_file("T24", "a file larger than what is free on our disk", it_is_larger_than_our_disk),
    of_file("T25", "a server whose disk is full", partial(delivering_to, _Full)),
)  # fmt: skip
