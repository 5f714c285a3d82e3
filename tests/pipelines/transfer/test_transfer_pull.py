from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.transfer.jail import Answer, Jail
from pipelines.transfer.protocol import Attributes, Fields, Kind, ProtocolFault, Status, text, u32
from pipelines.transfer.pull import Pulled, RemoteFile, SkippedFile, pull
from pipelines.transfer.retry import Retry
from schemas.problems import PartnerUnreachable, TransferFault

SEVERAL_MIB = hashlib.shake_256(b"834").digest(5 * 1024 * 1024 + 17)


def landed_bytes(pulled: Pulled) -> dict[str, bytes]:
    return {file.name: file.path.read_bytes() for file in pulled.files}


def entries(landing: Path) -> set[str]:
    return {path.relative_to(landing).as_posix() for path in landing.rglob("*") if path.is_file()}


def test_files_land_byte_for_byte_under_their_hash_for_nobody_else_to_read(
    partner: Any, take: Any, tmp_path: Path
) -> None:
    contents = {"a.csv": b"", "b.csv": b"one line\r\n", "c.csv": SEVERAL_MIB}
    for name, content in contents.items():
        (partner.home / "inbox" / name).write_bytes(content)
        os.utime(partner.home / "inbox" / name, (1_700_000_000, 1_700_000_000))
    pulled = take(partner)
    assert landed_bytes(pulled) == contents
    assert [file.name for file in pulled.files] == sorted(contents)
    for file in pulled.files:
        content = contents[file.name]
        assert (file.size, file.modified) == (len(content), 1_700_000_000)
        assert file.sha256 == hashlib.sha256(content).hexdigest()
        assert file.path == tmp_path / "landing" / file.sha256[:2] / file.sha256
        assert file.path.stat().st_mode & 0o777 == 0o600
        assert file.path.parent.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "landing").stat().st_mode & 0o777 == 0o700
    assert entries(tmp_path / "landing") == {f"{file.sha256[:2]}/{file.sha256}" for file in pulled.files}
    assert {path.name for path in (partner.home / "inbox").iterdir()} == set(contents)


def test_a_second_visit_finds_the_same_and_a_known_file_is_not_read_again(partner: Any, take: Any) -> None:
    (partner.home / "inbox" / "a.csv").write_bytes(b"a")
    (partner.home / "inbox" / "b.csv").write_bytes(b"b")
    first = take(partner)
    assert take(partner) == first
    known = {RemoteFile(file.name, file.size, file.modified) for file in first.files[:1]}
    second = take(partner, is_known=known.__contains__)
    assert (second.files, second.known) == (first.files[1:], 1)


def test_only_names_of_the_pattern_are_taken_and_the_others_counted(partner: Any, take: Any) -> None:
    for name in ("834_1.txt", "834_2.TXT", "notes.txt"):
        (partner.home / "inbox" / name).write_bytes(b"x")
    (partner.home / "inbox" / "834_3.txt").mkdir()
    pulled = take(partner, "834_*.txt")
    assert [file.name for file in pulled.files] == ["834_1.txt"]
    assert (pulled.skipped, pulled.unmatched) == ((), 2)


def test_unsafe_and_twin_names_are_held_without_showing_the_unsafe(partner: Any, take: Any) -> None:
    inbox = os.fsencode(partner.home / "inbox")
    unsafe = [b"two\nlines.csv", b"-rf.csv", b".hidden.csv", b"latin1-\xe9.csv", "roster\u202evsc.csv".encode()]
    nfd = unicodedata.normalize("NFD", "Peña.csv").encode()
    twins = ["Peña.csv", "roster.csv", "ROSTER.csv"]
    for name in (*unsafe, nfd, *(twin.encode() for twin in twins), b"good.csv"):
        Path(os.fsdecode(inbox + b"/" + name)).write_bytes(b"x")
    pulled = take(partner, "*.csv")
    assert [file.name for file in pulled.files] == ["good.csv"]
    held = {code: [file.name for file in pulled.skipped if file.code == code] for code in ("T17", "T18")}
    assert sorted(held["T18"]) == sorted(twins)
    assert len(held["T17"]) == len(unsafe) + 1
    assert all(name.startswith("unsafe:") for name in held["T17"])


def test_a_listing_that_names_a_path_outside_the_folder_takes_nothing_from_there(
    open_partner: Any, take: Any, tmp_path: Path
) -> None:
    class Lies(Jail):
        def readdir(self, fields: Fields) -> Answer:
            kind, answer = super().readdir(fields)
            return kind, answer.replace(text(b"roster.csv"), text(b"../out.csv")) if kind is Kind.NAME else answer

    partner = open_partner(Lies)
    (partner.home / "inbox" / "roster.csv").write_bytes(b"x")
    (partner.home / "out.csv").write_bytes(b"not for us")
    pulled = take(partner)
    assert pulled.files == ()
    assert [file.code for file in pulled.skipped] == ["T17"]


def test_links_and_pipes_are_told_and_folders_passed_over(partner: Any, take: Any) -> None:
    inbox = partner.home / "inbox"
    (inbox / "real.csv").write_bytes(b"x")
    (inbox / "link.csv").symlink_to(inbox / "real.csv")
    os.mkfifo(inbox / "pipe.csv")
    (inbox / "folder.csv").mkdir()
    pulled = take(partner)
    assert [file.name for file in pulled.files] == ["real.csv"]
    assert pulled.skipped == (SkippedFile("link.csv", "T19"), SkippedFile("pipe.csv", "T19"))


def test_a_file_still_growing_between_two_looks_waits_for_the_next_visit(partner: Any, take: Any) -> None:
    inbox = partner.home / "inbox"
    for name in ("growing.csv", "resting.csv", "vanishing.csv"):
        (inbox / name).write_bytes(b"x")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        with (inbox / "growing.csv").open("ab") as file:
            file.write(b"more")
        (inbox / "vanishing.csv").unlink()

    pulled = take(partner, stable_for=30, sleep=sleep)
    assert slept == [30]
    assert [file.name for file in pulled.files] == ["resting.csv"]
    assert pulled.skipped == (SkippedFile("growing.csv", "T20"), SkippedFile("vanishing.csv", "T12"))
    assert [file.name for file in take(partner).files] == ["growing.csv", "resting.csv"]


def test_a_folder_without_news_is_not_waited_for(partner: Any, take: Any) -> None:
    (partner.home / "inbox" / "a.csv").write_bytes(b"x")
    take(partner, is_known=lambda _: True, stable_for=30, sleep=lambda _: pytest.fail("slept"))


def test_what_earlier_looks_found_the_same_is_read_at_once_and_the_rest_is_waited_for_no_longer_than_it_takes(
    partner: Any, take: Any, tmp_path: Path
) -> None:
    inbox, landed_by_then = partner.home / "inbox", []
    looks = {"new.csv": 0.0, "seen.csv": 20.0, "rested.csv": 30.0}
    for name in looks:
        (inbox / name).write_bytes(name.encode())
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        landed_by_then.extend(path.read_bytes() for path in (tmp_path / "landing").glob("*/*"))

    pulled = take(partner, stable_for=30, sleep=sleep, rested=lambda file: looks[file.name])
    assert [file.name for file in pulled.files] == sorted(looks)
    assert (slept, landed_by_then) == ([30], [b"rested.csv"])
    take(partner, stable_for=30, sleep=slept.append, rested=lambda _: 29)
    assert slept == [30, 1]


def test_new_files_that_did_not_land_are_told_as_they_were_seen(partner: Any, take: Any) -> None:
    path = partner.home / "inbox" / "growing.csv"
    path.write_bytes(b"x")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (partner.home / "inbox" / "whole.csv").write_bytes(b"y")
    pulled = take(partner, stable_for=1, sleep=lambda _: grows(path))
    assert pulled.left == (RemoteFile("growing.csv", 1, 1_700_000_000),)


@pytest.mark.parametrize(
    ("marker", "beside"),
    [("{name}.done", "roster.csv.done"), ("{stem}.ok", "roster.ok"), ("ok-{name}", "ok-roster.csv")],
)
def test_a_file_with_a_marker_is_taken_without_a_wait_and_no_file_before_it_has_one(
    marker: str, beside: str, partner: Any, take: Any
) -> None:
    inbox = partner.home / "inbox"
    for name in ("roster.csv", "other.csv", beside, marker.replace("{name}", "gone.csv").replace("{stem}", "gone")):
        (inbox / name).write_bytes(name.encode())
    pulled = take(partner, marker=marker, stable_for=30, sleep=lambda _: pytest.fail("slept"))
    assert landed_bytes(pulled) == {"roster.csv": b"roster.csv"}
    assert pulled.skipped == (SkippedFile("other.csv", "T23"),)


def test_a_folder_is_no_marker(partner: Any, take: Any) -> None:
    (partner.home / "inbox" / "roster.csv").write_bytes(b"x")
    (partner.home / "inbox" / "roster.csv.done").mkdir()
    assert take(partner, marker="{name}.done").skipped == (SkippedFile("roster.csv", "T23"),)


def test_a_file_the_disk_has_no_room_for_is_not_begun_and_smaller_ones_are_taken(
    partner: Any, take: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, size in {"a.csv": 60, "b.csv": 50, "c.csv": 40}.items():
        (partner.home / "inbox" / name).write_bytes(name[:1].encode() * size)
    monkeypatch.setattr("pipelines.transfer.pull.free_bytes", lambda _: 100)
    pulled = take(partner)
    assert [file.name for file in pulled.files] == ["a.csv", "c.csv"]
    assert pulled.skipped == (SkippedFile("b.csv", "T24"),)


def test_a_server_that_is_short_of_handles_is_asked_again_for_one_file_at_a_time(open_partner: Any, take: Any) -> None:
    class OneAtATime(Jail):
        def open(self, fields: Fields) -> Answer:
            if self._files:
                raise OSError
            return super().open(fields)

    partner = open_partner(OneAtATime)
    names = [f"{n}.csv" for n in range(8)]
    for name in names:
        (partner.home / "inbox" / name).write_bytes(name.encode() * 20_000)
    pulled = take(partner)
    assert landed_bytes(pulled) == {name: name.encode() * 20_000 for name in names}
    assert pulled.skipped == ()


def grows(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"!")


def shrinks(path: Path) -> None:
    os.truncate(path, 3)


def is_replaced(path: Path) -> None:
    path.rename(path.with_name("old"))
    path.write_bytes(b"n" * 500_000)


def is_rewritten(path: Path) -> None:
    path.write_bytes(b"r" * 500_000)
    os.utime(path, (1, 1))


@pytest.mark.parametrize("happening", [grows, shrinks, is_replaced, is_rewritten, Path.unlink])
def test_a_file_that_changes_while_it_is_read_does_not_land(
    happening: Callable[[Path], object], open_partner: Any, take: Any, tmp_path: Path
) -> None:
    class Changes(Jail):
        def read(self, fields: Fields) -> Answer:
            path = self._home / "inbox" / "roster.csv"
            if path.exists():
                happening(path)
            return super().read(fields)

    partner = open_partner(Changes)
    path = partner.home / "inbox" / "roster.csv"
    path.write_bytes(b"o" * 500_000)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (partner.home / "inbox" / "other.csv").write_bytes(b"fine")
    pulled = take(partner, "*.csv")
    assert pulled.skipped == (SkippedFile("roster.csv", "T12"),)
    assert landed_bytes(pulled) == {"other.csv": b"fine"}
    assert len(entries(tmp_path / "landing")) == 1


def test_a_file_swapped_between_the_look_and_the_open_does_not_land(open_partner: Any, take: Any) -> None:
    class Swaps(Jail):
        def open(self, fields: Fields) -> Answer:
            (self._home / "inbox" / "roster.csv").write_bytes(b"another")
            return super().open(fields)

    partner = open_partner(Swaps)
    (partner.home / "inbox" / "roster.csv").write_bytes(b"one")
    assert take(partner).skipped == (SkippedFile("roster.csv", "T12"),)


def test_one_file_the_server_refuses_does_not_stop_the_others(open_partner: Any, take: Any) -> None:
    class Refuses(Jail):
        def open(self, fields: Fields) -> Answer:
            name = bytes(fields.view()).rsplit(b"/", 1)[-1]
            if name == b"b.csv":
                raise PermissionError
            if name == b"c.csv":
                raise OSError
            return super().open(Fields(text(b"inbox/" + name) + u32(1) + Attributes().pack()))

    partner = open_partner(Refuses)
    for name in "abcd":
        (partner.home / "inbox" / f"{name}.csv").write_bytes(name.encode())
    pulled = take(partner)
    assert landed_bytes(pulled) == {"a.csv": b"a", "d.csv": b"d"}
    assert pulled.skipped == (SkippedFile("b.csv", "T11"), SkippedFile("c.csv", "T14"))


def test_a_landing_folder_that_cannot_be_written_fails_each_file_by_name(
    partner: Any, take: Any, tmp_path: Path
) -> None:
    (partner.home / "inbox" / "a.csv").write_bytes(b"x")
    (tmp_path / "landing").write_bytes(b"a file where the folder should be")
    assert take(partner).skipped == (SkippedFile("a.csv", "T21"),)


def test_what_a_killed_run_left_half_landed_is_overwritten(partner: Any, take: Any, tmp_path: Path) -> None:
    (partner.home / "inbox" / "a.csv").write_bytes(b"x")
    path = take(partner).files[0].path
    path.write_bytes(b"torn")
    key = hashlib.sha256(b"partner/inbox/a.csv").hexdigest()
    (tmp_path / "landing" / f".{key}.part").write_bytes(b"leftover")
    assert landed_bytes(take(partner)) == {"a.csv": b"x"}
    assert len(entries(tmp_path / "landing")) == 1


def test_a_missing_or_denied_folder_is_told_as_such(open_partner: Any, take: Any, tmp_path: Path) -> None:
    class Denies(Jail):
        def answer(self, kind: int, fields: Fields) -> Answer:
            denied = Kind.STATUS, u32(Status.PERMISSION_DENIED)
            return denied if kind == Kind.OPENDIR else super().answer(kind, fields)

    partner = open_partner()
    (partner.home / "inbox").rmdir()
    with pytest.raises(TransferFault) as missing:
        take(partner)
    assert (missing.value.code, missing.value.where) == ("T10", "partner: inbox")
    with pytest.raises(TransferFault) as denied:
        take(open_partner(Denies))
    assert denied.value.code == "T11"


def test_a_connection_lost_midway_is_made_again_and_what_landed_is_not_read_twice(
    open_partner: Any, tmp_path: Path
) -> None:
    opened: list[bytes] = []

    class HangsUpOnce(Jail):
        def open(self, fields: Fields) -> Answer:
            name = bytes(fields.view())
            opened.append(name)
            if name.endswith(b"z.csv") and opened.count(name) == 1:
                raise ProtocolFault
            return super().open(Fields(text(name) + u32(1) + Attributes().pack()))

    partner = open_partner(HangsUpOnce)
    for name in ("a.csv", "z.csv"):
        (partner.home / "inbox" / name).write_bytes(name.encode() * 50_000)
    slept: list[float] = []
    arguments: Any = {"is_known": lambda _: False, "stable_for": 0, "sleep": slept.append}
    with pytest.raises(PartnerUnreachable) as lost:
        pull(partner.endpoint, "inbox", "*", tmp_path / "landing", retry=Retry(1), **arguments)
    assert lost.value.code == "T04"
    opened.clear()
    retry = Retry(jitter=lambda: 1.0)
    pulled = pull(partner.endpoint, "inbox", "*", tmp_path / "landing", retry=retry, **arguments)
    assert landed_bytes(pulled) == {name: name.encode() * 50_000 for name in ("a.csv", "z.csv")}
    assert slept == [2.0]
    assert len(entries(tmp_path / "landing")) == 2


def test_a_server_that_says_little_of_its_files_is_read_all_the_same(open_partner: Any, take: Any) -> None:
    class Terse(Jail):
        def readdir(self, fields: Fields) -> Answer:
            if (answer := super().readdir(fields))[0] is not Kind.NAME:
                return answer
            name = text(b"roster.csv")
            return Kind.NAME, u32(1) + name + name + Attributes(size=3).pack()

    partner = open_partner(Terse)
    (partner.home / "inbox" / "roster.csv").write_bytes(b"abc")
    assert landed_bytes(take(partner)) == {"roster.csv": b"abc"}


def test_an_endpoint_that_refuses_ends_the_pull(partner: Any, take: Any, keys: Path) -> None:
    with pytest.raises(PartnerUnreachable) as refused:
        take(replace(partner, endpoint=replace(partner.endpoint, key_file=keys / "stranger")))
    assert refused.value.code == "T03"
