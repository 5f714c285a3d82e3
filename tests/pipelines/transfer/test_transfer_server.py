from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import paramiko
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.transfer import sftp
from pipelines.transfer.connection import Endpoint, connect
from pipelines.transfer.hostkeys import public_key
from pipelines.transfer.jail import Jail
from pipelines.transfer.keys import known_hosts_name
from pipelines.transfer.protocol import Attributes, Fields, Kind, Open, Refused, Status, text, u32, u64
from pipelines.transfer.server import EmbeddedServer
from pipelines.transfer.session import Session
from schemas.problems import PartnerUnreachable


@pytest.fixture
def jail(tmp_path: Path) -> Jail:
    """A jail with `inbox/file` and, beside it, a folder with a secret and links to it from within."""
    home, outside = tmp_path / "home", tmp_path / "outside"
    (home / "inbox").mkdir(parents=True)
    (home / "inbox" / "file").write_bytes(b"mine")
    outside.mkdir()
    (outside / "secret").write_bytes(b"theirs")
    (home / "link-to-folder").symlink_to(outside)
    (home / "link-to-file").symlink_to(outside / "secret")
    (home / "link-within").symlink_to(home / "inbox" / "file")
    (home / "circle").symlink_to(home / "circle")
    return Jail(home)


def status(jail: Jail, kind: Kind, *fields: bytes) -> Status:
    answered, answer = jail.answer(kind, Fields(b"".join(fields)))
    return Status(Fields(answer).u32()) if answered is Kind.STATUS else Status.OK


def opens(jail: Jail, path: bytes, flags: Open = Open.READ) -> Status:
    return status(jail, Kind.OPEN, text(path), u32(flags), u32(0))


OUTSIDE = [b"link-to-file", b"link-to-folder/secret", b"inbox/../link-to-folder/secret"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_link_out_of_the_jail_is_not_followed(path: bytes, jail: Jail) -> None:
    assert opens(jail, path) is Status.PERMISSION_DENIED
    assert opens(jail, path, Open.WRITE | Open.TRUNCATE) is Status.PERMISSION_DENIED
    assert status(jail, Kind.STAT, text(path)) is Status.PERMISSION_DENIED
    assert status(jail, Kind.RENAME, text(b"inbox/file"), text(b"link-to-folder/x")) is Status.PERMISSION_DENIED
    assert status(jail, Kind.MKDIR, text(b"link-to-folder/x"), u32(0)) is Status.PERMISSION_DENIED
    assert status(jail, Kind.REMOVE, text(b"link-to-folder/secret")) is Status.PERMISSION_DENIED
    assert status(jail, Kind.OPENDIR, text(b"link-to-folder")) is Status.PERMISSION_DENIED


@pytest.mark.parametrize("path", [b"inbox/file", b"/inbox/file", b"../../inbox/file", b"./inbox//file", b"link-within"])
def test_paths_within_the_jail_are_read_as_if_it_were_the_root(path: bytes, jail: Jail) -> None:
    assert opens(jail, path) is Status.OK
    jail.leave()


@given(
    parts=st.lists(
        st.sampled_from([b"..", b".", b"", b"inbox", b"link-to-folder", b"secret", b"\0", b"\xff", b"circle"])
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_path_reaches_the_secret(parts: list[bytes], jail: Jail) -> None:
    path = b"/".join(parts)
    assert opens(jail, path) is not Status.OK or path.endswith(b"file")
    answered, answer = jail.answer(Kind.LSTAT, Fields(text(path)))
    assert answered in {Kind.STATUS, Kind.ATTRS}
    if answered is Kind.ATTRS:
        assert Fields(answer).attributes().size != len(b"theirs") or path.endswith(b"link-to-folder")
    assert answer


def test_pipes_and_folders_are_not_opened_and_nothing_waits_for_them(jail: Jail, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "home" / "pipe")
    assert opens(jail, b"pipe") is Status.PERMISSION_DENIED
    assert opens(jail, b"pipe", Open.WRITE) is Status.FAILURE
    assert opens(jail, b"inbox") is Status.PERMISSION_DENIED
    assert opens(jail, b"circle") is Status.FAILURE


def test_what_the_server_does_not_know_is_told_as_such(jail: Jail) -> None:
    assert status(jail, Kind.EXTENDED, text(b"copy-file")) is Status.UNSUPPORTED
    assert status(jail, Kind.HANDLE) is Status.UNSUPPORTED
    assert status(jail, Kind.READ, text(b"no handle"), u64(0), u32(1)) is Status.BAD_MESSAGE
    assert status(jail, Kind.CLOSE, text(b"no handle")) is Status.BAD_MESSAGE
    assert opens(jail, b"nothing") is Status.NO_SUCH_FILE


def test_a_plain_rename_keeps_its_hands_off_an_existing_target_and_the_other_takes_its_place(
    jail: Jail, tmp_path: Path
) -> None:
    new = tmp_path / "home" / "new"
    new.write_bytes(b"old content")
    assert status(jail, Kind.RENAME, text(b"inbox/file"), text(b"new")) is Status.FAILURE
    assert new.read_bytes() == b"old content"
    assert (
        status(jail, Kind.EXTENDED, text(b"posix-rename@openssh.com"), text(b"inbox/file"), text(b"new")) is Status.OK
    )
    assert new.read_bytes() == b"mine"
    assert status(jail, Kind.MKDIR, text(b"made"), u32(0)) is Status.OK
    assert status(jail, Kind.RENAME, text(b"new"), text(b"made/new")) is Status.OK
    assert status(jail, Kind.REMOVE, text(b"made/new")) is Status.OK


def test_attributes_survive_the_wire() -> None:
    for seen in (
        Attributes(),
        Attributes(5, 1000, 0o100644, 1_700_000_000),
        Attributes(size=2**40),
        Attributes(mode=0),
    ):
        assert Fields(seen.pack()).attributes() == seen


def test_accounts_see_their_own_folder_only(keys: Path, tmp_path: Path) -> None:
    accounts = {"alder": "alder", "birch": "birch"}
    with EmbeddedServer(tmp_path / "root", accounts, keys / "host", keys / "client.pub") as server:
        for account in accounts:
            (tmp_path / "root" / account / f"{account}.csv").write_bytes(b"x")
        seen: dict[str, list[bytes]] = {}
        for account in accounts:
            with connect(endpoint_of(server, account, keys)) as session:
                seen[account] = [name for name, _ in session.run(sftp.listing(b"/"))]
                with pytest.raises(Refused):
                    session.run(sftp.lstat(b"../birch/birch.csv" if account == "alder" else b"/alder/alder.csv"))
    assert seen == {"alder": [b"alder.csv"], "birch": [b"birch.csv"]}


def test_an_account_with_a_password_is_opened_by_that_and_by_no_key(keys: Path, tmp_path: Path) -> None:
    accounts, passwords = {"alder": "alder"}, {"alder": "guess"}
    with EmbeddedServer(tmp_path / "root", accounts, keys / "host", keys / "client.pub", passwords=passwords) as server:
        by_key = endpoint_of(server, "alder", keys)
        by_password = replace(by_key, key_file=None, password="guess")
        with connect(by_password) as session:
            assert list(session.run(sftp.listing(b"/"))) == []
        for refused in (by_key, replace(by_password, password="other")):
            with pytest.raises(PartnerUnreachable), connect(refused):
                pass


def endpoint_of(server: EmbeddedServer, account: str, keys: Path) -> Endpoint:
    return Endpoint(account, "127.0.0.1", server.port, account, keys / "client", host_key=server.host_key_line)


def test_several_connections_are_served_at_once(partner: Any) -> None:
    (partner.home / "inbox" / "a.csv").write_bytes(b"x")
    with connect(partner.endpoint) as one, connect(partner.endpoint) as two:
        for session in (one, two, one):
            assert [name for name, _ in session.run(sftp.listing(b"inbox"))] == [b"a.csv"]


def test_a_long_listing_is_complete_and_its_names_raw(partner: Any) -> None:
    inbox = partner.home / "inbox"
    for n in range(1_234):
        (inbox / f"{n:05}.csv").touch()
    Path(os.fsdecode(os.fsencode(inbox) + b"/\xff\xfe")).touch()
    with connect(partner.endpoint) as session:
        names = [name for name, _ in session.run(sftp.listing(b"inbox"))]
    assert names == [*(b"%05d.csv" % n for n in range(1_234)), b"\xff\xfe"]


def test_the_server_ends_with_its_block_though_clients_are_still_there(keys: Path, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with EmbeddedServer(tmp_path / "root", {"a": "a"}, keys / "host", keys / "client.pub") as server:
        context = connect(endpoint_of(server, "a", keys))
        session = context.__enter__()
        assert isinstance(session, Session)
    context.__exit__(None, None, None)
    assert set(threading.enumerate()) == before


def test_the_sftp_client_of_paramiko_is_served_as_well(partner: Any) -> None:
    (partner.home / "inbox" / "a.csv").write_bytes(b"content")
    with paramiko.SSHClient() as client:
        known = known_hosts_name("127.0.0.1", partner.endpoint.port)
        client.get_host_keys().add(known, "ssh-ed25519", public_key(partner.server.host_key_line))
        client.connect(
            "127.0.0.1",
            partner.endpoint.port,
            "partner",
            key_filename=str(partner.endpoint.key_file),
            allow_agent=False,
            look_for_keys=False,
        )
        files = client.open_sftp()
        assert files.listdir("inbox") == ["a.csv"]
        files.mkdir("inbox/more")
        files.put(str(partner.home / "inbox" / "a.csv"), "inbox/more/b.csv")
        assert files.normalize("inbox/../inbox/more") == "/inbox/more"
        files.remove("inbox/a.csv")
        with files.open("inbox/more/b.csv") as file:
            assert file.read() == b"content"
        with pytest.raises(paramiko.SSHException):
            client.exec_command("true")


def test_an_account_outside_the_root_is_a_mistake(keys: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="below"):
        EmbeddedServer(tmp_path / "root", {"a": "../elsewhere"}, keys / "host", keys / "client.pub")


def test_a_password_does_not_open_the_server(partner: Any) -> None:
    with pytest.raises(PartnerUnreachable), connect(replace(partner.endpoint, key_file=None, password="x")):
        pass
