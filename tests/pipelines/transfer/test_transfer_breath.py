"""A small file's write, proof and close leave in one breath: three round trips are spared and not one check."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.transfer import sftp
from pipelines.transfer.deliver import deliver
from pipelines.transfer.jail import Answer, Jail
from pipelines.transfer.protocol import FSYNC, Fields, Kind, Open, Refused, Status, text, u32
from pipelines.transfer.push import Parcel
from pipelines.transfer.session import Steps
from pipelines.transfer.together import in_one_breath, nothing
from tests.pipelines.transfer.scripts import serving, serving_breaths, session_with

CHUNK = 32 * 1024

several = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Watched(Jail):
    """Keeps the kinds of all requests, and gives a handle's name anew as soon as it is free, as OpenSSH does.

    Requests of the kind `fails` are done and answered with a failure; no read brings more than `longest` bytes.
    """

    fails: Kind | None = None
    longest = CHUNK

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.asked: list[Kind] = []

    def answer(self, kind: int, fields: Fields) -> Answer:
        self.asked.append(Kind(kind))
        answer = super().answer(kind, fields)
        return (Kind.STATUS, u32(Status.FAILURE)) if kind == self.fails else answer

    def read(self, fields: Fields) -> Answer:
        kind, answer = super().read(fields)
        return kind, text(Fields(answer).text()[: self.longest]) if kind is Kind.DATA else answer

    def _new_handle(self) -> bytes:
        return next(name for name in map(b"%d".__mod__, range(1000)) if name not in {*self._files, *self._listings})


def parcel_in(folder: Path, content: bytes, name: str = "a.csv") -> Parcel:
    # Anew each time: beside the bytes of one that was delivered lies its receipt.
    local = folder / f"local-{len(list(folder.glob('local-*')))}" / name
    local.parent.mkdir()
    local.write_bytes(content)
    return Parcel(local, "", name, hashlib.sha256(content).hexdigest(), len(content), name)


def server_in(folder: Path) -> Watched:
    """A jail in a new, empty folder."""
    home = folder / f"server-{len(list(folder.glob('server-*')))}"
    home.mkdir()
    return Watched(home)


def deliver_to(jail: Watched, *parcels: Parcel) -> list[tuple[str, str]]:
    with session_with(serving(jail), extensions=(FSYNC,)) as session:
        results = dict(session.run_all(deliver(parcel, session.offer) for parcel in parcels))
    return [(results[place].outcome.value, results[place].code) for place in range(len(parcels))]


@given(order=st.permutations(range(5)))
@several
def test_a_small_file_takes_four_round_trips_whatever_the_order_of_the_answers(
    order: list[int], tmp_path: Path
) -> None:
    jail, content = server_in(tmp_path), b"NPI,CIN\r\n"
    script = serving_breaths(jail, (1, 1, 5, 2), order)
    with session_with(script, extensions=(FSYNC,)) as session:
        assert session.run(deliver(parcel_in(tmp_path, content), session.offer)).outcome == "DELIVERED"
    assert (jail._home / "a.csv").read_bytes() == content
    assert jail.asked == [
        Kind.LSTAT, Kind.OPEN, Kind.WRITE, Kind.EXTENDED, Kind.FSTAT, Kind.READ, Kind.CLOSE, Kind.RENAME, Kind.LSTAT
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, CHUNK, 3 * CHUNK + 1])
@pytest.mark.parametrize("kind", [Kind.WRITE, Kind.EXTENDED, Kind.FSTAT, Kind.READ, Kind.CLOSE])
def test_a_file_of_which_anything_failed_never_gets_its_name(kind: Kind, size: int, tmp_path: Path) -> None:
    jail = server_in(tmp_path)
    jail.fails = kind
    assert deliver_to(jail, parcel_in(tmp_path, bytes(size))) == [("FAILED", "T14")]
    assert Kind.RENAME not in jail.asked
    assert list(jail._home.iterdir()) == []


def test_a_file_that_was_stored_otherwise_never_gets_its_name(tmp_path: Path) -> None:
    class FlipsAByte(Watched):
        def write(self, fields: Fields) -> Answer:
            handle, offset, data = fields.text(), fields.u64(), bytearray(fields.view())
            data[-1] ^= 1
            return super().write(Fields(text(handle) + offset.to_bytes(8) + text(bytes(data))))

    jail = FlipsAByte(server_in(tmp_path)._home)
    assert deliver_to(jail, parcel_in(tmp_path, b"NPI,CIN\r\n")) == [("FAILED", "T13")]
    assert Kind.RENAME not in jail.asked
    assert list(jail._home.iterdir()) == []


def test_a_close_that_was_asked_for_is_not_asked_for_again_when_the_name_is_anothers(tmp_path: Path) -> None:
    class FailsForOne(Watched):
        """Fails the read of every file named `bad`, whose handle is free by then and soon another file's."""

        def read(self, fields: Fields) -> Answer:
            kind, answer = super().read(fields)
            is_bad = Fields(answer).text() == b"bad"
            return (Kind.STATUS, u32(Status.FAILURE)) if is_bad else (kind, answer)

    jail = FailsForOne(server_in(tmp_path)._home)
    parcels = [parcel_in(tmp_path, b"bad" if n % 3 else b"good", f"{n}.csv") for n in range(200)]
    assert deliver_to(jail, *parcels) == [("FAILED", "T14") if n % 3 else ("DELIVERED", "") for n in range(200)]
    assert sorted(path.name for path in jail._home.iterdir()) == sorted(f"{n}.csv" for n in range(0, 200, 3))
    assert jail.asked.count(Kind.CLOSE) == len(parcels)


@given(sizes=st.lists(st.integers(0, 3 * CHUNK), min_size=1, max_size=5), longest=st.integers(7_000, CHUNK))
@several
def test_short_answers_prove_the_same(sizes: list[int], longest: int, tmp_path: Path) -> None:
    jail = server_in(tmp_path)
    jail.longest = longest
    contents = {f"{n}.csv": hashlib.shake_256(b"%d" % n).digest(size) for n, size in enumerate(sizes)}
    parcels = [parcel_in(tmp_path, content, name) for name, content in contents.items()]
    assert deliver_to(jail, *parcels) == [("DELIVERED", "")] * len(sizes)
    assert {path.name: path.read_bytes() for path in jail._home.iterdir()} == contents


def test_what_an_upload_left_that_was_cut_off_is_removed_only_when_it_is_in_the_way(tmp_path: Path) -> None:
    jail = server_in(tmp_path)
    (jail._home / ".a.csv.part").write_bytes(b"cut o")
    assert deliver_to(jail, parcel_in(tmp_path, b"a"), parcel_in(tmp_path, b"b", "b.csv")) == [("DELIVERED", "")] * 2
    assert jail.asked.count(Kind.REMOVE) == 1
    assert sorted(path.name for path in jail._home.iterdir()) == ["a.csv", "b.csv"]


@pytest.mark.parametrize(("content", "verdict"), [(b"ours", ("ALREADY_THERE", "")), (b"them", ("FAILED", "T15"))])
def test_what_was_put_there_meanwhile_is_compared_and_stays(
    content: bytes, verdict: tuple[str, str], tmp_path: Path
) -> None:
    class Meanwhile(Watched):
        def rename(self, fields: Fields) -> Answer:
            (self._home / "a.csv").write_bytes(content)
            return super().rename(fields)

    jail = Meanwhile(server_in(tmp_path)._home)
    assert deliver_to(jail, parcel_in(tmp_path, b"ours")) == [verdict]
    assert {path.name: path.read_bytes() for path in jail._home.iterdir()} == {"a.csv": content}


def test_conversations_held_at_once_give_their_results_in_their_order_and_the_first_problem(tmp_path: Path) -> None:
    jail = server_in(tmp_path)
    (jail._home / "a.csv").write_bytes(b"abc")

    def looks(*paths: bytes) -> Steps[list[Any]]:
        return in_one_breath(*(sftp.lstat(path) if path else nothing() for path in paths))

    with session_with(serving(jail)) as session:
        first, none, second = session.run(looks(b"a.csv", b"", b"."))
        assert (first.size, none, second.is_folder) == (3, None, True)
        with pytest.raises(Refused):
            session.run(looks(b"a.csv", b"missing", b"a.csv"))
        with pytest.raises(ValueError, match="several exchanges"):
            session.run(in_one_breath(sftp.listing(b"."), sftp.open_file(b"a.csv", Open.READ)))
