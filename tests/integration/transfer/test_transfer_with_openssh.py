"""What the embedded server cannot prove: that OpenSSH, which most partners run, behaves as the transfer expects."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.transfer.connection import Endpoint, connect
from pipelines.transfer.keys import ensure_keypair
from pipelines.transfer.protocol import FSYNC, LIMITS, POSIX_RENAME
from pipelines.transfer.pull import Pulled, SkippedFile, pull
from pipelines.transfer.push import Parcel, PushResult, push, remote_sha256
from pipelines.transfer.retry import Retry
from schemas.problems import PartnerUnreachable, TransferFault
from tests.line import Break

LARGE = hashlib.shake_256(b"openssh").digest(6 * 1024 * 1024 + 11)
MIDDLE = hashlib.shake_256(b"middle").digest(300_001)


def take(endpoint: Endpoint, landing: Path, folder: str = "inbox", **settings: Any) -> Pulled:
    arguments = {"is_known": lambda _: False, "stable_for": 0, "sleep": lambda _: None, **settings}
    return pull(endpoint, folder, "*", landing, **arguments)


def send(endpoint: Endpoint, *parcels: Parcel, attempts: int = 1) -> list[tuple[str, str]]:
    results: tuple[PushResult, ...] = push(endpoint, parcels, sleep=lambda _: None, retry=Retry(attempts))
    return [(result.outcome.value, result.code) for result in results]


def parcel(folder: Path, content: bytes, name: str, remote: str = "outbox", group: str = "") -> Parcel:
    local = folder / f"{remote}-{name}"
    local.write_bytes(content)
    return Parcel(local, remote, name, hashlib.sha256(content).hexdigest(), len(content), group or name)


def put(sshd: Any, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    sshd.give(path)


@pytest.fixture
def account(request: pytest.FixtureRequest, sshd: Any) -> str:
    name = hashlib.sha256(request.node.name.encode()).hexdigest()[:12]
    for folder in ("inbox", "outbox"):
        sshd.folder(name, folder)
    return name


@pytest.fixture
def folders(sshd: Any, account: str) -> Path:
    return Path(sshd.root) / account


def test_openssh_offers_what_the_session_makes_use_of(sshd: Any, account: str) -> None:
    with connect(sshd.endpoint(account)) as session:
        assert {LIMITS, POSIX_RENAME, FSYNC} <= session.offer.extensions
        assert session.offer.read == session.offer.write == 255 * 1024


def test_files_come_and_go_byte_for_byte(sshd: Any, account: str, folders: Path, tmp_path: Path) -> None:
    contents = {"empty.csv": b"", "large.csv": LARGE, "small.csv": b"one line\r\n"}
    parcels = [parcel(tmp_path, content, name) for name, content in contents.items()]
    endpoint = sshd.endpoint(account)
    assert send(endpoint, *parcels) == [("DELIVERED", "")] * 3
    assert send(endpoint, *parcels) == [("ALREADY_THERE", "")] * 3
    assert {path.name: path.read_bytes() for path in (folders / "outbox").iterdir()} == contents
    pulled = take(endpoint, tmp_path / "landing", "outbox")
    assert {file.name: file.path.read_bytes() for file in pulled.files} == contents
    with connect(endpoint) as session:
        assert remote_sha256(session, "outbox", "large.csv") == hashlib.sha256(LARGE).hexdigest()
        assert remote_sha256(session, "outbox", "nothing.csv") is None


def test_an_existing_target_with_other_content_stays(sshd: Any, account: str, folders: Path, tmp_path: Path) -> None:
    put(sshd, folders / "outbox" / "a.csv", b"theirs")
    put(sshd, folders / "outbox" / "b.csv", b"longer than ours")
    parcels = [
        parcel(tmp_path, b"ours!!", "a.csv"),
        parcel(tmp_path, b"ours", "b.csv"),
        parcel(tmp_path, b"c", "c.csv"),
    ]
    assert send(sshd.endpoint(account), *parcels) == [("FAILED", "T15"), ("FAILED", "T15"), ("DELIVERED", "")]
    assert (folders / "outbox" / "a.csv").read_bytes() == b"theirs"
    assert sorted(path.name for path in (folders / "outbox").iterdir()) == ["a.csv", "b.csv", "c.csv"]


def test_only_regular_files_with_safe_names_land(sshd: Any, account: str, folders: Path, tmp_path: Path) -> None:
    inbox = folders / "inbox"
    for name in (b"good.csv", b"-rf", b"two\nlines", b"latin1-\xe9", b"Twin.csv", b"twin.csv"):
        put(sshd, Path(os.fsdecode(os.fsencode(inbox) + b"/" + name)), b"x")
    (inbox / "link").symlink_to("/etc/passwd")
    (inbox / "folder").mkdir()
    os.mkfifo(inbox / "pipe")
    pulled = take(sshd.endpoint(account), tmp_path / "landing")
    assert [file.name for file in pulled.files] == ["good.csv"]
    shown = [(file.name, file.code) for file in pulled.skipped if file.code != "T17"]
    assert shown == [("Twin.csv", "T18"), ("link", "T19"), ("pipe", "T19"), ("twin.csv", "T18")]
    assert len(pulled.skipped) == len(shown) + 3


def test_a_file_still_growing_waits(sshd: Any, account: str, folders: Path, tmp_path: Path) -> None:
    growing = folders / "inbox" / "growing.csv"
    put(sshd, growing, b"x")
    pulled = take(
        sshd.endpoint(account), tmp_path / "landing", stable_for=1, sleep=lambda _: put(sshd, growing, b"more")
    )
    assert (pulled.files, pulled.skipped) == ((), (SkippedFile("growing.csv", "T20"),))


def test_one_denied_folder_of_several_does_not_keep_the_others_from_theirs(
    sshd: Any, account: str, folders: Path, tmp_path: Path
) -> None:
    sshd.folder(account, "denied").chmod(0o500)
    parcels = [parcel(tmp_path, b"x", "a.csv", remote) for remote in ("inbox", "denied", "missing", "outbox")]
    parcels = [replace(one, group=one.folder) for one in parcels]
    results = send(sshd.endpoint(account), *parcels)
    (folders / "denied").chmod(0o700)
    assert results == [("DELIVERED", ""), ("FAILED", "T11"), ("FAILED", "T10"), ("DELIVERED", "")]
    assert list((folders / "denied").iterdir()) == []


def test_a_missing_or_denied_folder_to_pull_from_is_told_as_such(
    sshd: Any, account: str, folders: Path, tmp_path: Path
) -> None:
    (folders / "inbox").chmod(0)
    for folder, code in (("inbox", "T11"), ("nowhere", "T10")):
        with pytest.raises(TransferFault) as caught:
            take(sshd.endpoint(account), tmp_path / "landing", folder)
        assert caught.value.code == code
    (folders / "inbox").chmod(0o700)


def test_another_host_key_a_refused_key_and_a_server_that_is_gone_are_told_apart(
    sshd: Any, account: str, tmp_path: Path
) -> None:
    endpoint = sshd.endpoint(account)
    stranger = ensure_keypair(tmp_path / "stranger")
    wrong = {
        "T02": replace(endpoint, host_key=stranger),
        "T03": replace(endpoint, key_file=tmp_path / "stranger"),
        "T01": endpoint,
    }
    for code, tried in wrong.items():
        if code == "T01":
            sshd.kill(account)
        with pytest.raises(PartnerUnreachable) as caught:
            take(tried, tmp_path / "landing")
        assert caught.value.code == code


cuts = st.lists(st.integers(1, 900_000), min_size=1, max_size=3)
several = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = count()


@given(cuts=cuts, how=st.sampled_from(["reset", "end"]))
@several
def test_an_upload_cut_anywhere_any_number_of_times_ends_in_one_good_copy(
    cuts: list[int], how: str, sshd: Any, account: str, breaking_line: Callable[..., int], tmp_path: Path
) -> None:
    remote = f"up-{next(numbers)}"
    target = sshd.folder(account, remote)
    endpoint = sshd.endpoint(account)
    endpoint = replace(endpoint, port=breaking_line(endpoint.port, *(Break(cut, how) for cut in cuts)))
    contents = {"roster.csv": MIDDLE, "roster.manifest.json": b"{}"}
    parcels = [parcel(tmp_path, content, name, remote, "one") for name, content in contents.items()]
    results = send(endpoint, *parcels, attempts=len(cuts) + 1)
    assert {outcome for outcome, _ in results} <= {"DELIVERED", "ALREADY_THERE"}
    assert {path.name: path.read_bytes() for path in target.iterdir()} == contents


@given(cuts=cuts, how=st.sampled_from(["reset", "end"]))
@several
def test_a_download_cut_anywhere_any_number_of_times_ends_in_one_good_copy(
    cuts: list[int], how: str, sshd: Any, account: str, breaking_line: Callable[..., int], tmp_path: Path
) -> None:
    number = next(numbers)
    source = sshd.folder(account, f"down-{number}")
    contents = {"a.csv": MIDDLE, "b.csv": b"small"}
    for name, content in contents.items():
        put(sshd, source / name, content)
    endpoint = sshd.endpoint(account)
    endpoint = replace(endpoint, port=breaking_line(endpoint.port, *(Break(cut, how) for cut in cuts)))
    landing = tmp_path / f"landing-{number}"
    pulled = take(endpoint, landing, source.name, retry=Retry(len(cuts) + 1))
    assert {file.name: file.path.read_bytes() for file in pulled.files} == contents
    assert sum(path.is_file() for path in landing.rglob("*")) == len(contents)


@given(cut=st.integers(20_000, 600_000), how=st.sampled_from(["reset", "end"]))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_files_over_several_channels_arrive_once_each_wherever_the_line_breaks(
    cut: int, how: str, sshd: Any, account: str, breaking_line: Callable[..., int], tmp_path: Path
) -> None:
    remote = f"many-{next(numbers)}"
    target = sshd.folder(account, remote)
    endpoint = sshd.endpoint(account)
    endpoint = replace(endpoint, port=breaking_line(endpoint.port, Break(cut, how)))
    contents = {f"{n:03}.csv": b"%d," % n * 300 for n in range(200)}
    parcels = [parcel(tmp_path, content, name, remote) for name, content in contents.items()]
    results = send(endpoint, *parcels, attempts=2)
    assert {outcome for outcome, _ in results} <= {"DELIVERED", "ALREADY_THERE"}
    assert {path.name: path.read_bytes() for path in target.iterdir()} == contents
