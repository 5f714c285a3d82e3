"""Many files share several channels of one connection; what befalls one channel costs no file."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path
from typing import Any

import paramiko
import pytest

from pipelines.transfer.jail import Answer, Jail
from pipelines.transfer.protocol import LIMITS, Fields, Kind, ProtocolFault, u64
from pipelines.transfer.push import Outcome, Parcel, push
from pipelines.transfer.retry import Retry

MANY = 300


class Roomy(Jail):
    """Allows so many open files that one channel's share is a part of them."""

    handles = 1024

    def __init__(self, home: Path, channels: list[Roomy]) -> None:
        super().__init__(home)
        channels.append(self)
        self.renamed: Counter[bytes] = Counter()
        self.most_open = 0

    def extended(self, fields: Fields) -> Answer:
        if Fields(fields._rest).text() == LIMITS:
            return Kind.EXTENDED_REPLY, u64(256 * 1024) + u64(0) + u64(0) + u64(self.handles)
        return super().extended(fields)

    def open(self, fields: Fields) -> Answer:
        answer = super().open(fields)
        self.most_open = max(self.most_open, len(self._files))
        return answer

    def rename(self, fields: Fields) -> Answer:
        names = Fields(fields._rest)
        answer = super().rename(fields)
        names.text()
        self.renamed[names.text()] += 1
        return answer


@pytest.fixture
def channels() -> list[Roomy]:
    """The channels that were opened so far."""
    return []


@pytest.fixture
def parcels(make_parcel: Any) -> list[Parcel]:
    return [make_parcel(f"{n:03}.csv", b"%d" % n, group=str(n)) for n in range(MANY)]


def arrived(partner: Any) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (partner.home / "outbox").iterdir()}


EVERYTHING = {f"{n:03}.csv": b"%d" % n for n in range(MANY)}


def renames(channels: list[Roomy]) -> Counter[bytes]:
    return sum((channel.renamed for channel in channels), Counter())


def test_many_files_go_over_four_channels_of_one_connection_each_of_them_once(
    open_partner: Any, parcels: list[Parcel], channels: list[Roomy], monkeypatch: pytest.MonkeyPatch
) -> None:
    logins = []
    monkeypatch.setattr(
        "pipelines.transfer.connection._log_in",
        lambda endpoint, transport, private: logins.append(transport.auth_publickey(endpoint.username, private)),
    )
    partner = open_partner(lambda home: Roomy(home, channels))
    results = push(partner.endpoint, parcels, sleep=lambda _: None)
    assert [result.parcel for result in results] == parcels
    assert {result.outcome for result in results} == {Outcome.DELIVERED}
    assert arrived(partner) == EVERYTHING
    assert set(renames(channels).values()) == {1}
    assert (len(channels), len(logins)) == (4, 1)


def test_no_more_files_are_open_than_half_of_what_the_server_allows(
    open_partner: Any, parcels: list[Parcel], channels: list[Roomy]
) -> None:
    class Narrow(Roomy):
        handles = 20

    partner = open_partner(lambda home: Narrow(home, channels))
    push(partner.endpoint, parcels, sleep=lambda _: None)
    assert arrived(partner) == EVERYTHING
    assert [channel.most_open for channel in channels] == [10]


def test_a_server_that_holds_to_one_channel_gets_everything_over_it(
    open_partner: Any, parcels: list[Parcel], channels: list[Roomy], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def only_one(_: object, kind: str, chanid: int) -> int:
        asked.append(chanid)
        return paramiko.common.OPEN_SUCCEEDED if len(asked) == 1 else paramiko.common.OPEN_FAILED_RESOURCE_SHORTAGE

    monkeypatch.setattr("pipelines.transfer.server._Login.check_channel_request", only_one)
    partner = open_partner(lambda home: Roomy(home, channels))
    results = push(partner.endpoint, parcels, sleep=lambda _: None, retry=Retry(1))
    assert {result.outcome for result in results} == {Outcome.DELIVERED}
    assert arrived(partner) == EVERYTHING
    assert len(asked) == 4


class Dies(Roomy):
    """One channel of a connection dies in the middle of its files, before or after a rename is done."""

    def __init__(self, home: Path, channels: list[Roomy], *, done: bool) -> None:
        super().__init__(home, channels)
        self.is_to_die = len(channels) == 2
        self.done = done

    def rename(self, fields: Fields) -> Answer:
        if not self.is_to_die or self.renamed.total() < 5:
            return super().rename(fields)
        if self.done:
            super().rename(fields)
        raise ProtocolFault


@pytest.mark.parametrize("dies", ["before it renames a file", "before it says so"])
def test_a_channel_that_dies_loses_no_file_and_none_is_delivered_twice(
    dies: str, open_partner: Any, parcels: list[Parcel], channels: list[Roomy], survived: Any
) -> None:
    partner = open_partner(lambda home: Dies(home, channels, done=dies == "before it says so"))
    results = push(partner.endpoint, parcels, sleep=lambda _: None, retry=Retry(2))
    assert {result.outcome for result in results} <= {Outcome.DELIVERED, Outcome.ALREADY_THERE}
    assert arrived(partner) == EVERYTHING
    assert set(renames(channels).values()) == {1}
    survived(
        f"one of several channels dies {dies}",
        expected=[("partner", name) for name in EVERYTHING],
        found=[("partner", name) for name in arrived(partner)],
    )


def test_the_other_channels_go_on_when_one_dies_and_only_its_own_files_wait(
    open_partner: Any, parcels: list[Parcel], channels: list[Roomy]
) -> None:
    partner = open_partner(lambda home: Dies(home, channels, done=False))
    results = push(partner.endpoint, parcels, sleep=lambda _: None, retry=Retry(1))
    waiting = [result for result in results if result.outcome is Outcome.FAILED]
    assert 0 < len(waiting) <= 64
    assert {result.code for result in waiting} == {"T04"}
    there = {name: content for name, content in arrived(partner).items() if not name.startswith(".")}
    assert there.items() <= EVERYTHING.items()
    assert there.keys() >= {result.parcel.name for result in results if result.outcome is Outcome.DELIVERED}


def test_no_thread_is_left_when_the_channels_are_done(
    open_partner: Any, parcels: list[Parcel], channels: list[Roomy]
) -> None:
    def ours() -> set[str]:
        return {thread.name for thread in threading.enumerate() if thread.name.startswith("ThreadPoolExecutor")}

    partner = open_partner(lambda home: Dies(home, channels, done=False))
    push(partner.endpoint, parcels, sleep=lambda _: None, retry=Retry(1))
    assert ours() == set()
