from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipelines.transfer.connection import connect
from pipelines.transfer.jail import Answer, Jail
from pipelines.transfer.protocol import FSYNC, POSIX_RENAME, Fields, Kind, ProtocolFault, Status, text, u32, u64
from pipelines.transfer.push import Outcome, Parcel, PushResult, push, remote_sha256
from pipelines.transfer.retry import Retry
from schemas.problems import TransferFault

SEVERAL_MIB = hashlib.shake_256(b"1115").digest(5 * 1024 * 1024 + 3)


def send(partner: Any, *parcels: Parcel, retry: Retry = Retry(1)) -> tuple[PushResult, ...]:  # noqa: B008
    return push(partner.endpoint, parcels, sleep=lambda _: None, retry=retry)


def verdicts(results: tuple[PushResult, ...]) -> list[tuple[str, str]]:
    return [(result.outcome.value, result.code) for result in results]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Counts(Jail):
    """Lets a test decide about the n-th write of a session; without `limits`, a write has 32 KiB."""

    def __init__(self, home: Path, extensions: tuple[bytes, ...] = (POSIX_RENAME, FSYNC)) -> None:
        super().__init__(home, extensions)
        self.writes = 0

    def write(self, fields: Fields) -> Answer:
        self.writes += 1
        return super().write(fields)


class FlipsAByte(Counts):
    def write(self, fields: Fields) -> Answer:
        handle, offset, data = fields.text(), fields.u64(), bytearray(fields.view())
        data[0] ^= self.writes == 3
        return super().write(Fields(text(handle) + u64(offset) + text(bytes(data))))


class FailsOneWrite(Counts):
    """Of every file, so that trying again does not mend it."""

    def open(self, fields: Fields) -> Answer:
        self.writes = 0
        return super().open(fields)

    def write(self, fields: Fields) -> Answer:
        super().write(fields)
        return Kind.STATUS, u32(Status.FAILURE if self.writes == 3 else Status.OK)


class LosesTheLastWrites(Counts):
    def write(self, fields: Fields) -> Answer:
        return (Kind.STATUS, u32(Status.OK)) if self.writes == 20 else super().write(fields)


class HangsUp(Counts):
    def write(self, fields: Fields) -> Answer:
        if self.writes == 5:
            raise ProtocolFault
        return super().write(fields)


class Fails(Jail):
    """Fails every request of one kind."""

    kind = Kind.WRITE

    def answer(self, kind: int, fields: Fields) -> Answer:
        if kind != self.kind:
            return super().answer(kind, fields)
        if kind == Kind.CLOSE:
            super().answer(kind, fields)
        return Kind.STATUS, u32(Status.FAILURE)


class FailsAtClose(Fails):
    kind = Kind.CLOSE


class FailsAtFsync(Fails):
    kind = Kind.EXTENDED


class FailsAtRename(Fails):
    kind = Kind.RENAME


def test_files_arrive_byte_for_byte_under_their_names_alone(partner: Any, make_parcel: Any) -> None:
    contents = {"empty.csv": b"", "small.csv": b"NPI,CIN\r\n", "large.csv": SEVERAL_MIB}
    results = send(partner, *(make_parcel(name, content) for name, content in contents.items()))
    assert verdicts(results) == [("DELIVERED", "")] * 3
    assert {name: (partner.home / "outbox" / name).read_bytes() for name in names(partner.home / "outbox")} == contents


def test_sending_again_finds_the_files_there_and_leaves_them_alone(partner: Any, make_parcel: Any) -> None:
    parcels = [make_parcel("a.csv", b"a"), make_parcel("empty.csv", b"")]
    send(partner, *parcels)
    before = {name: (partner.home / "outbox" / name).stat().st_mtime_ns for name in names(partner.home / "outbox")}
    assert verdicts(send(partner, *parcels)) == [("ALREADY_THERE", "")] * 2
    after = {name: (partner.home / "outbox" / name).stat().st_mtime_ns for name in names(partner.home / "outbox")}
    assert before == after


@pytest.mark.parametrize("other", [b"of another size", b"b", b""])
def test_a_target_with_other_content_is_never_overwritten(other: bytes, partner: Any, make_parcel: Any) -> None:
    (partner.home / "outbox" / "a.csv").write_bytes(other)
    assert verdicts(send(partner, make_parcel("a.csv", b"a"))) == [("FAILED", "T15")]
    assert (partner.home / "outbox" / "a.csv").read_bytes() == other
    assert names(partner.home / "outbox") == ["a.csv"]


def test_a_folder_or_link_in_the_targets_place_is_not_followed(partner: Any, make_parcel: Any) -> None:
    (partner.home / "outbox" / "folder.csv").mkdir()
    (partner.home / "inbox" / "elsewhere").write_bytes(b"a")
    (partner.home / "outbox" / "link.csv").symlink_to(partner.home / "inbox" / "elsewhere")
    parcels = [make_parcel(f"{name}.csv", b"a", group=name) for name in ("folder", "link")]
    assert verdicts(send(partner, *parcels)) == [("FAILED", "T15")] * 2


def test_a_link_planted_under_the_temporary_name_is_not_written_through(partner: Any, make_parcel: Any) -> None:
    victim = partner.home / "inbox" / "victim"
    victim.write_bytes(b"untouched")
    (partner.home / "outbox" / ".a.csv.part").symlink_to(victim)
    assert verdicts(send(partner, make_parcel("a.csv", b"a"))) == [("DELIVERED", "")]
    assert victim.read_bytes() == b"untouched"
    assert names(partner.home / "outbox") == ["a.csv"]


@pytest.mark.parametrize(
    ("jail", "code"),
    [
        (FlipsAByte, "T13"),
        (LosesTheLastWrites, "T13"),
        (FailsOneWrite, "T14"),
        (Fails, "T14"),
        (FailsAtClose, "T14"),
        (FailsAtFsync, "T14"),
        (FailsAtRename, "T14"),
    ],
)
def test_a_fault_of_the_server_is_noticed_and_leaves_nothing_behind(
    jail: Callable[[Path], Jail], code: str, open_partner: Any, make_parcel: Any
) -> None:
    partner = open_partner(partial(jail, extensions=(FSYNC,)))
    assert verdicts(send(partner, make_parcel("a.csv", SEVERAL_MIB))) == [("FAILED", code)]
    assert names(partner.home / "outbox") == []


@pytest.mark.parametrize("extensions", [(), (FSYNC,), (POSIX_RENAME,)])
def test_a_server_without_extensions_serves_as_well(
    extensions: tuple[bytes, ...], open_partner: Any, make_parcel: Any
) -> None:
    partner = open_partner(partial(Jail, extensions=extensions))
    with connect(partner.endpoint) as session:
        assert session.offer.extensions == frozenset(extensions)
        assert session.offer.write == 32 * 1024
    assert verdicts(send(partner, make_parcel("a.csv", SEVERAL_MIB))) == [("DELIVERED", "")]
    assert (partner.home / "outbox" / "a.csv").read_bytes() == SEVERAL_MIB


def test_a_file_system_without_the_careful_rename_gets_the_other_one(open_partner: Any, make_parcel: Any) -> None:
    partner = open_partner(FailsAtRename)
    assert verdicts(send(partner, make_parcel("a.csv", b"a"))) == [("DELIVERED", "")]
    assert names(partner.home / "outbox") == ["a.csv"]


def test_a_target_that_appears_during_the_upload_is_not_overwritten(open_partner: Any, make_parcel: Any) -> None:
    class Meanwhile(Jail):
        def rename(self, fields: Fields) -> Answer:
            (self._home / "outbox" / "a.csv").write_bytes(b"theirs")
            return super().rename(fields)

    partner = open_partner(Meanwhile)
    assert verdicts(send(partner, make_parcel("a.csv", b"ours"))) == [("FAILED", "T15")]
    assert names(partner.home / "outbox") == ["a.csv"]
    assert (partner.home / "outbox" / "a.csv").read_bytes() == b"theirs"


def test_a_file_picked_up_the_moment_it_has_its_name_is_delivered(open_partner: Any, make_parcel: Any) -> None:
    class PicksUp(Jail):
        def rename(self, fields: Fields) -> Answer:
            answer = super().rename(fields)
            (self._home / "outbox" / "a.csv").rename(self._home / "inbox" / "picked-up")
            return answer

    partner = open_partner(PicksUp)
    assert verdicts(send(partner, make_parcel("a.csv", b"a"))) == [("DELIVERED", "")]
    assert (partner.home / "inbox" / "picked-up").read_bytes() == b"a"


def test_a_manifest_does_not_go_after_a_roster_that_failed_and_other_groups_do(partner: Any, make_parcel: Any) -> None:
    (partner.home / "outbox" / "b.csv").write_bytes(b"of yesterday")
    parcels = [
        make_parcel(name, name.encode(), group=name[0])
        for name in ("a.csv", "b.csv", "a.manifest.json", "b.manifest.json", "c.csv")
    ]
    results = send(partner, *parcels)
    assert [result.parcel for result in results] == parcels
    assert verdicts(results) == [
        ("DELIVERED", ""),
        ("FAILED", "T15"),
        ("DELIVERED", ""),
        ("FAILED", "T16"),
        ("DELIVERED", ""),
    ]
    assert names(partner.home / "outbox") == ["a.csv", "a.manifest.json", "b.csv", "c.csv"]


def test_within_a_group_the_order_given_is_the_order_of_arrival(open_partner: Any, make_parcel: Any) -> None:
    arrived: list[bytes] = []

    class Notes(Jail):
        def rename(self, fields: Fields) -> Answer:
            old, new = fields.text(), fields.text()
            arrived.append(new)
            return super().rename(Fields(text(old) + text(new)))

    partner = open_partner(Notes)
    order = ["z.csv", "m.csv", "a.manifest.json"]
    send(partner, *(make_parcel(name, bytes(100_000 // (place + 1))) for place, name in enumerate(order)))
    assert arrived == [f"outbox/{name}".encode() for name in order]


def test_a_missing_or_denied_folder_fails_alone(open_partner: Any, make_parcel: Any) -> None:
    class DeniesOne(Jail):
        def _path(self, fields: Fields, *, follow: bool = True) -> Path:
            path = super()._path(fields, follow=follow)
            if path.parent.name == "denied":
                raise PermissionError
            return path

    partner = open_partner(DeniesOne)
    for folder in ("one", "two"):
        (partner.home / folder).mkdir()
    parcels = [make_parcel("a.csv", b"a", folder=name, group=name) for name in ("one", "missing", "denied", "two")]
    assert verdicts(send(partner, *parcels)) == [
        ("DELIVERED", ""),
        ("FAILED", "T10"),
        ("FAILED", "T11"),
        ("DELIVERED", ""),
    ]


def test_hundreds_of_small_files_go_over_one_connection(open_partner: Any, make_parcel: Any) -> None:
    sessions: list[Path] = []

    def jail(home: Path) -> Jail:
        sessions.append(home)
        return Jail(home)

    partner = open_partner(jail)
    parcels = [make_parcel(f"{n:03}.csv", b"%d" % n, group=str(n // 2)) for n in range(300)]
    assert {result.outcome for result in send(partner, *parcels)} == {Outcome.DELIVERED}
    assert names(partner.home / "outbox") == [f"{n:03}.csv" for n in range(300)]
    assert len(sessions) == 1


def test_a_local_file_that_is_not_the_one_announced_is_not_delivered(partner: Any, make_parcel: Any) -> None:
    changed, missing = make_parcel("changed.csv", b"one", group="c"), make_parcel("missing.csv", b"one", group="m")
    changed.local.write_bytes(b"two")
    missing.local.unlink()
    assert verdicts(send(partner, changed, missing)) == [("FAILED", "T22")] * 2
    assert names(partner.home / "outbox") == []


def test_an_unsafe_name_is_not_sent(partner: Any, make_parcel: Any) -> None:
    parcel = replace(make_parcel("a.csv", b"a"), name="../inbox/a.csv")
    assert verdicts(send(partner, parcel)) == [("FAILED", "T17")]
    assert names(partner.home / "inbox") == []


def test_two_parcels_for_one_target_are_a_mistake_of_the_caller(partner: Any, make_parcel: Any) -> None:
    with pytest.raises(ValueError, match="one target"):
        send(partner, make_parcel("a.csv", b"a", group="x"), make_parcel("a.csv", b"a", group="y"))


def test_nothing_to_send_needs_no_server(partner: Any) -> None:
    partner.server.__exit__(None, None, None)
    assert send(partner) == ()


def test_a_partner_that_cannot_be_reached_fails_every_parcel_with_the_reason(
    partner: Any, make_parcel: Any, keys: Path
) -> None:
    stranger = replace(partner, endpoint=replace(partner.endpoint, key_file=keys / "stranger"))
    [result] = push(stranger.endpoint, [make_parcel("a.csv", b"a")], sleep=lambda _: pytest.fail("slept"))
    assert (result.outcome, result.code) == (Outcome.FAILED, "T03")
    assert "public key" in result.detail


def test_an_upload_cut_off_leaves_no_file_under_its_name_and_the_next_run_mends_it(
    open_partner: Any, make_parcel: Any
) -> None:
    parcel = make_parcel("a.csv", SEVERAL_MIB)
    partner = open_partner(HangsUp)
    assert verdicts(send(partner, parcel)) == [("FAILED", "T04")]
    assert names(partner.home / "outbox") == [".a.csv.part"]
    assert verdicts(send(open_partner(), parcel)) == [("DELIVERED", "")]
    assert names(partner.home / "outbox") == ["a.csv"]


def test_a_lost_connection_is_made_again_and_goes_on_with_what_is_missing(open_partner: Any, make_parcel: Any) -> None:
    sessions: list[Jail] = []

    def jail(home: Path) -> Jail:
        sessions.append((Counts if sessions else HangsUp)(home))
        return sessions[-1]

    partner = open_partner(jail)
    parcels = [make_parcel("a.csv", b"a"), make_parcel("b.csv", SEVERAL_MIB), make_parcel("c.csv", b"c")]
    results = send(partner, *parcels, retry=Retry(2))
    assert verdicts(results) == [("DELIVERED", "")] * 3
    assert len(sessions) == 2
    assert names(partner.home / "outbox") == ["a.csv", "b.csv", "c.csv"]


def test_a_rename_whose_answer_was_lost_counts_once(open_partner: Any, make_parcel: Any) -> None:
    renames: list[bytes] = []

    class HangsUpAfterRename(Jail):
        def rename(self, fields: Fields) -> Answer:
            renames.append(b"")
            super().rename(fields)
            raise ProtocolFault

    partner = open_partner(HangsUpAfterRename)
    assert verdicts(send(partner, make_parcel("a.csv", b"a"), retry=Retry(2))) == [("ALREADY_THERE", "")]
    assert len(renames) == 1
    assert names(partner.home / "outbox") == ["a.csv"]


def test_the_hash_of_what_is_on_the_server_is_read_back_from_there(partner: Any) -> None:
    (partner.home / "outbox" / "a.csv").write_bytes(SEVERAL_MIB)
    with connect(partner.endpoint) as session:
        assert remote_sha256(session, "outbox", "a.csv") == hashlib.sha256(SEVERAL_MIB).hexdigest()
        assert remote_sha256(session, "outbox", "b.csv") is None
        with pytest.raises(TransferFault) as caught:
            remote_sha256(session, "", "outbox")
        assert caught.value.code == "T19"
