from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import paramiko
import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_ssh_private_key,
)

from pipelines.transfer import sftp
from pipelines.transfer.connection import Endpoint, connect
from pipelines.transfer.keys import ensure_keypair, known_hosts_line
from schemas.problems import ExitCode, PartnerUnreachable


def names_in(endpoint: Endpoint) -> list[bytes]:
    with connect(endpoint) as session:
        return sorted(name for name, _ in session.run(sftp.listing(b"")))


def problem_of(endpoint: Endpoint) -> PartnerUnreachable:
    with pytest.raises(PartnerUnreachable) as caught:
        names_in(endpoint)
    assert caught.value.exit_code is ExitCode.PARTNER_UNREACHABLE
    assert caught.value.remedy
    return caught.value


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_pinned_key_and_an_authorized_key_open_a_session(partner: Any) -> None:
    assert names_in(partner.endpoint) == [b"inbox", b"outbox"]


def agreed(endpoint: Endpoint) -> paramiko.Transport:
    """The client's side of a connection, while it was open."""
    with connect(endpoint):
        [transport] = (t for t in threading.enumerate() if isinstance(t, paramiko.Transport) and not t.server_mode)
        for option in (socket.TCP_NODELAY, getattr(socket, "TCP_KEEPIDLE", socket.TCP_NODELAY)):
            assert transport.sock.getsockopt(socket.IPPROTO_TCP, option) > 0
        assert transport.sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    return transport


def test_the_cipher_is_aes_gcm_and_nothing_is_compressed(partner: Any) -> None:
    transport = agreed(partner.endpoint)
    assert {transport.remote_cipher, transport.local_cipher} == {"aes128-gcm@openssh.com"}
    assert {transport.remote_compression, transport.local_compression} == {"none"}


def test_a_server_without_gcm_gets_a_digest_over_what_is_encrypted(
    partner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paramiko.Transport, "_preferred_ciphers", ("aes256-ctr", "aes128-ctr"))
    transport = agreed(partner.endpoint)
    assert transport.remote_cipher == "aes128-ctr"
    assert {transport.remote_mac, transport.local_mac} == {"hmac-sha2-256-etm@openssh.com"}


def test_a_known_hosts_file_pins_plain_and_hashed_names(partner: Any, tmp_path: Path) -> None:
    port, line = partner.endpoint.port, partner.server.host_key_line
    hashed = paramiko.HostKeys.hash_host(f"[127.0.0.1]:{port}")
    for pin in (known_hosts_line("127.0.0.1", port, line), f"{hashed} {line}"):
        known_hosts = tmp_path / "known_hosts"
        known_hosts.write_text(f"# partners\nother ssh-ed25519 broken\n\n{pin} comment\n", encoding="utf-8")
        assert names_in(replace(partner.endpoint, host_key=None, known_hosts=known_hosts))


def test_another_host_key_ends_it_before_anything_is_sent_and_shows_the_fingerprint(partner: Any, keys: Path) -> None:
    other = (keys / "stranger.pub").read_text(encoding="ascii")
    problem = problem_of(replace(partner.endpoint, host_key=other))
    offered = paramiko.Ed25519Key.from_private_key_file(str(keys / "host")).fingerprint
    assert problem.code == "T02"
    assert offered in problem.what
    assert f"ssh-keyscan -p {partner.endpoint.port} 127.0.0.1" in problem.remedy


def test_a_server_whose_key_nobody_pinned_is_not_trusted(partner: Any, tmp_path: Path) -> None:
    known_hosts = tmp_path / "known_hosts"
    known_hosts.write_text(known_hosts_line("elsewhere.example", 22, partner.server.host_key_line), encoding="utf-8")
    for pins in ({"known_hosts": known_hosts}, {"known_hosts": tmp_path / "missing"}, {"host_key": "rubbish"}, {}):
        problem = problem_of(replace(partner.endpoint, **{"host_key": None, **pins}))
        assert problem.code == "T02"


def test_a_revoked_host_key_is_not_trusted_though_listed(partner: Any, tmp_path: Path) -> None:
    pin = known_hosts_line("127.0.0.1", partner.endpoint.port, partner.server.host_key_line)
    known_hosts = tmp_path / "known_hosts"
    known_hosts.write_text(f"{pin}\n@revoked {pin}\n", encoding="utf-8")
    assert problem_of(replace(partner.endpoint, host_key=None, known_hosts=known_hosts)).code == "T02"


def test_a_refused_key_or_account_or_password_is_told_apart_from_the_network(partner: Any, keys: Path) -> None:
    endpoint = partner.endpoint
    assert problem_of(replace(endpoint, key_file=keys / "stranger")).code == "T03"
    assert problem_of(replace(endpoint, username="nobody-known")).code == "T03"
    assert problem_of(replace(endpoint, key_file=None, password="guess")).code == "T03"
    assert problem_of(replace(endpoint, key_file=None)).code == "T03"


def test_a_key_that_is_missing_open_to_others_or_no_key_is_not_used(partner: Any, keys: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    endpoint = replace(partner.endpoint, key_file=key)
    assert problem_of(endpoint).code == "T05"
    shutil.copy(keys / "client", key)
    key.chmod(0o640)
    assert problem_of(endpoint).code == "T05"
    key.chmod(0o600)
    assert names_in(endpoint)
    key.write_text("not a key", encoding="ascii")
    assert problem_of(endpoint).code == "T05"


def test_a_key_with_a_passphrase_opens_with_it_only(partner: Any, keys: Path, tmp_path: Path) -> None:
    plain = load_ssh_private_key((keys / "client").read_bytes(), None)
    locked = plain.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, BestAvailableEncryption(b"phrase"))
    key = tmp_path / "locked"
    key.write_bytes(locked)
    key.chmod(0o600)
    endpoint = replace(partner.endpoint, key_file=key)
    assert names_in(replace(endpoint, password="phrase"))
    assert problem_of(replace(endpoint, password="other")).code == "T05"
    assert problem_of(endpoint).code == "T05"


def test_secrets_do_not_show_in_the_endpoint(partner: Any) -> None:
    assert "hunter2" not in repr(replace(partner.endpoint, password="hunter2"))


def test_a_server_that_is_gone_or_silent_or_no_ssh_server_is_unreachable(partner: Any, silent: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    assert problem_of(replace(partner.endpoint, port=free)).code == "T01"
    assert problem_of(replace(partner.endpoint, port=silent, timeout=0.2)).code == "T01"
    assert problem_of(replace(partner.endpoint, host="not..a..host")).code == "T01"


def test_a_server_without_sftp_is_told_as_such(partner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paramiko.Transport, "set_subsystem_handler", lambda *_: None)
    assert problem_of(partner.endpoint).code == "T06"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (paramiko.OPEN_FAILED_RESOURCE_SHORTAGE, "T04"),
        (paramiko.OPEN_FAILED_CONNECT_FAILED, "T04"),
        (paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED, "T06"),
    ],
)
def test_a_server_short_of_sessions_is_tried_again_and_one_that_forbids_them_is_not(
    reason: int, code: str, partner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.transfer.server._Login.check_channel_request", lambda *_: reason)
    assert problem_of(partner.endpoint).code == code


def test_a_server_that_never_starts_sftp_is_not_waited_for(partner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = threading.Event()
    monkeypatch.setattr("pipelines.transfer.server._Subsystem", lambda *_: gone.wait(10))
    problem = problem_of(replace(partner.endpoint, timeout=1))
    gone.set()
    assert problem.code == "T04"


def test_nothing_is_left_running_after_a_session_or_a_failed_one(partner: Any, keys: Path) -> None:
    def transports() -> int:
        return sum(
            isinstance(thread, paramiko.Transport) and not thread.server_mode for thread in threading.enumerate()
        )

    names_in(partner.endpoint)
    problem_of(replace(partner.endpoint, key_file=keys / "stranger"))
    assert transports() == 0


def test_a_key_pair_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    line = ensure_keypair(tmp_path / "new" / "key")
    assert line == ensure_keypair(tmp_path / "new" / "key")
    assert (tmp_path / "new" / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new" / "key.pub").read_text(encoding="ascii") == f"{line}\n"
    assert line.startswith("ssh-ed25519 ")
