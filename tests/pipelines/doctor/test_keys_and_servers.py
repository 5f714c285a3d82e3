"""What the doctor says of keys, host keys, passwords and servers; and that what it says to type mends it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)

from pipelines.doctor import accounts
from pipelines.doctor.ailment import Ailment
from pipelines.doctor.examine import examine_partners
from pipelines.doctor.patterns import nearest_idea
from pipelines.transfer.jail import Answer, Jail
from pipelines.transfer.keys import ensure_keypair, known_hosts_line
from pipelines.transfer.protocol import Fields
from tests.pipelines.doctor.conftest import Ward, ills
from tests.pipelines.doctor.test_folders_of_partners import embedded, way_to


@pytest.fixture
def key(ward: Ward, tmp_path: Path) -> Path:
    """A copy of the key that opens every account, for the test to spoil."""
    return Path(shutil.copy(ward.sshd.keys / "client", tmp_path / "client"))


def only(found: list[Ailment]) -> Ailment:
    [told] = [each for each in found if each.state != "fine"]
    assert told.remedy
    return told


def type_in(command: str) -> None:
    subprocess.run(["/bin/sh", "-c", command], check=True, capture_output=True)


def test_a_key_that_others_can_read_is_mended_by_what_is_told(ward: Ward, key: Path) -> None:
    ward.folder("open-key", "in")
    ward.source("open-key", key_file=key)
    key.chmod(0o644)
    told = only(ward.examine())
    assert (told.name, told.subject) == ("key-open", str(key))
    type_in(told.command)
    assert ills(ward.examine()) == set()


def test_each_key_that_cannot_be_used_is_told_by_what_is_wrong_with_it(ward: Ward, key: Path, tmp_path: Path) -> None:
    plain = load_ssh_private_key(key.read_bytes(), None)
    files = {
        "key-locked": plain.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, BestAvailableEncryption(b"phrase")),
        "key-is-public": (ward.sshd.keys / "client.pub").read_bytes(),
        "key-of-another-kind": plain.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    }
    ward.source("spoilt", "missing", key_file=tmp_path / "none")
    ward.source("spoilt", "unreadable", key_file=tmp_path)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o600)
        ward.source("spoilt", name.replace("-", "_"), key_file=tmp_path / name)
    (tmp_path / "putty").write_text("PuTTY-User-Key-File-3: ssh-ed25519\n", encoding="ascii")
    (tmp_path / "putty").chmod(0o600)
    ward.source("spoilt", "putty", key_file=tmp_path / "putty")
    assert ills(ward.examine(servers=False)) == {
        ("key-missing", str(tmp_path / "none")), ("key-unreadable", str(tmp_path)),
        ("key-of-another-kind", str(tmp_path / "putty")), *((name, str(tmp_path / name)) for name in files),
    }  # fmt: skip


def test_a_key_that_is_not_installed_is_told_with_its_fingerprint(ward: Ward, tmp_path: Path) -> None:
    ward.folder("stranger", "in")
    ensure_keypair(tmp_path / "stranger")
    ward.source("stranger", key_file=tmp_path / "stranger")
    told = only(ward.examine())
    fingerprint = paramiko.Ed25519Key.from_private_key_file(str(tmp_path / "stranger")).fingerprint
    assert (told.name, fingerprint in told.what) == ("key-refused", True)
    assert told.command == f"ssh-keygen -y -f '{tmp_path / 'stranger'}'"


def test_passwords_that_are_not_set_or_not_right_are_told_apart(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with embedded(tmp_path, {"word": "word"}) as server:
        way = way_to(server, tmp_path, "word") | {"key_file": None, "password_env": "PASSWORD_OF_THE_JAIL"}
        ward.source("well-provider", "word", **way)
        told = only(ward.examine())
        assert (told.name, told.subject) == ("password-unset", "source word")
        assert "PASSWORD_OF_THE_JAIL" in told.command
        monkeypatch.setenv("PASSWORD_OF_THE_JAIL", "hunter2")
        told = only(ward.examine())
        assert told.name == "password-refused"
        assert "hunter2" not in repr(told)


def test_an_unknown_host_key_is_shown_and_pinned_by_what_is_told(ward: Ward, tmp_path: Path) -> None:
    pins = tmp_path / "known_hosts"
    pins.touch()
    ward.folder("unknown", "in")
    ward.source("unknown", host_key=None, known_hosts=pins)
    told = only(ward.examine())
    seen = paramiko.Ed25519Key.from_private_key_file(str(ward.sshd.keys / "host")).fingerprint
    assert (told.name, seen in told.what, seen in told.remedy) == ("host-key-unknown", True, True)
    assert pins.read_text(encoding="ascii") == ""
    type_in(told.command)
    assert ills(ward.examine()) == set()


def test_a_changed_host_key_is_shown_beside_the_pinned_one_and_pinned_by_what_is_told(
    ward: Ward, tmp_path: Path
) -> None:
    pins = tmp_path / "known_hosts"
    other = ensure_keypair(tmp_path / "other")
    ward.folder("changed", "in")
    source = ward.source("changed", host_key=None, known_hosts=pins)
    pins.write_text(known_hosts_line(source.host, source.port, other) + "\n", encoding="ascii")
    told = only(ward.examine())
    fingerprints = [
        paramiko.Ed25519Key.from_private_key_file(str(path)).fingerprint
        for path in (tmp_path / "other", ward.sshd.keys / "host")
    ]
    assert told.name == "host-key-changed"
    assert [told.what.count(fingerprint) for fingerprint in fingerprints] == [1, 1]
    type_in(told.command)
    assert ills(ward.examine()) == set()


def test_a_pinned_key_of_the_configuration_is_told_as_a_line_of_it(ward: Ward, tmp_path: Path) -> None:
    ward.folder("in-toml", "in")
    ward.source("in-toml", host_key=ensure_keypair(tmp_path / "other"))
    told = only(ward.examine())
    key = " ".join((ward.sshd.keys / "host.pub").read_text(encoding="ascii").split()[:2])
    assert (told.name, told.command) == ("host-key-changed", f'host_key = "{key}"')


def test_pins_that_cannot_be_read_are_told(ward: Ward, tmp_path: Path) -> None:
    ward.source("unpinned", "one", host_key=None, known_hosts=tmp_path / "none")
    ward.source("unpinned", "other", host_key="rubbish")
    assert ills(ward.examine(servers=False)) == {
        ("known-hosts-unreadable", str(tmp_path / "none")), ("host-key-is-none", "source other"),
    }  # fmt: skip


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_servers_that_are_gone_or_silent_keep_nobody_waiting_but_themselves(
    ward: Ward, silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "PATIENCE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    ward.source("well", "gone", port=free)
    for number in range(4):
        ward.source("well", f"silent_{number}", port=silent, username=f"user{number}")
    ward.folder("swift", "in")
    ward.source("swift")
    order: list[str] = []
    begun = time.monotonic()
    config = ward.config.model_copy(update={"sources": tuple(ward.sources), "returns": ()})
    found = list(examine_partners(config, type(ward.roster)(()), clock=time.time, told=order.append))
    assert time.monotonic() - begun < 4, "two visits of a second each, and then nobody is tried on that server"
    assert {name for name, _ in ills(found)} == {"server-unreachable"}
    assert len({each.what for each in found if "silent" in each.subject}) == 1, "so that it is told once of them all"
    assert order.index("source swift") < order.index("source silent_0")


class Slow(Jail):
    """An account that takes its time."""

    def opendir(self, fields: Fields) -> Answer:
        time.sleep(1)
        return super().opendir(fields)


def test_a_server_that_takes_longer_than_a_look_is_worth_another_one(
    ward: Ward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "TIME_LIMIT", 0.5)
    with embedded(tmp_path, {"slow": "slow"}, Slow) as server:
        ward.source("well", "slow", **way_to(server, tmp_path, "slow"))
        told = only(ward.examine())
    assert (told.name, told.state) == ("server-slow", "look")


def test_a_server_without_sftp_or_without_sessions_is_told_as_such(
    ward: Ward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with embedded(tmp_path, {"bare": "bare"}) as server:
        ward.source("well", "bare", **way_to(server, tmp_path, "bare"))
        with monkeypatch.context() as patched:
            patched.setattr(paramiko.Transport, "set_subsystem_handler", lambda *_: None)
            assert only(ward.examine()).name == "server-not-sftp"
        monkeypatch.setattr(
            "pipelines.transfer.server._Login.check_channel_request",
            lambda *_: paramiko.common.OPEN_FAILED_RESOURCE_SHORTAGE,
        )
        assert only(ward.examine()).name == "server-drops"


def test_clocks_are_held_against_those_of_servers(ward: Ward) -> None:
    for account in ("clock-a", "clock-b"):
        ward.folder(account, "in")
        ward.folder(account, "answers")
        ward.source(account, responses="answers")

    def an_hour_ahead() -> float:
        return time.time() + 3600

    told = only(ward.examine(clock=an_hour_ahead))
    assert (told.name, told.state) == ("clock-off", "wrong")
    assert "this machine's is 60 min ahead" in told.what
    del ward.sources[1]
    told = only(ward.examine(clock=an_hour_ahead))
    assert (told.name, told.state) == ("clocks-apart", "look")
    assert "60 min behind this machine's" in told.what
    assert ills(ward.examine()) == set()


@pytest.mark.parametrize(
    ("pattern", "names", "idea"),
    [
        ("LIST_*.csv", ["LIST_1.CSV", "LIST_2.CSV", "notes"], ("LIST_*.CSV", 2)),
        ("DHCS834-*.dat", ["DHCS834_1.dat"], ("DHCS834_*.dat", 1)),
        ("*REFERRAL*.csv", ["PROBATION_REFERRALS.xlsx"], ("*REFERRAL*.xlsx", 1)),
        ("LIST_*.csv", ["2026 LIST_1.csv"], ("*LIST_*.csv", 1)),
        ("RELEASE_NOTICE_*.csv", ["notice of RELEASE.csv"], ("*RELEASE*", 1)),
        ("LIST_*.csv", ["Someone, Ottil.pdf"], None),
        ("*", [], None),
    ],
)
def test_the_idea_of_a_pattern_is_made_of_the_pattern_alone(
    pattern: str, names: list[str], idea: tuple[str, int] | None
) -> None:
    assert nearest_idea(pattern, names) == idea
