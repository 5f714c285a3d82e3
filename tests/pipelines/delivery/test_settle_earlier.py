"""What an interrupted night left in the outbox is settled by asking the provider's folder, over a real connection."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.delivery.outbox import waiting
from pipelines.delivery.send import provider_endpoints, send_waiting, settle_earlier, source_endpoints
from pipelines.transfer import receipts
from pipelines.transfer.keys import ensure_keypair, known_hosts_line
from pipelines.transfer.server import EmbeddedServer

WEDNESDAY = date(2026, 10, 28)
THURSDAY = WEDNESDAY + timedelta(days=1)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("host", "plan"):
        ensure_keypair(folder / name)
    return folder


class Post:
    """A world whose providers' folders are real."""

    def __init__(self, world: Any, server: EmbeddedServer, served: Path, keys: Path) -> None:
        self.world, self.served = world, served
        known_hosts = keys / "known_hosts"
        line = known_hosts_line("127.0.0.1", server.port, server.host_key_line)
        known_hosts.write_text(line + "\n", encoding="ascii")
        delivery = world.config.delivery.model_copy(update={"known_hosts": known_hosts})
        self.endpoints = provider_endpoints(world.roster, world.config.model_copy(update={"delivery": delivery}))

    def folder(self, npi: str) -> Path:
        return self.served / npi / "assignments"

    def settle(self, on: date) -> list[tuple[str, int, int, str]]:
        settled = settle_earlier(self.world.warehouse, self.endpoints, on, sleep=lambda _: None)
        return [(r.recipient, r.delivered, r.failed, r.problem) for r in settled]

    def send(self, on: date) -> list[tuple[str, int, int, str]]:
        sent = send_waiting(self.world.warehouse, self.endpoints, on, sleep=lambda _: None)
        return [(r.recipient, r.delivered, r.failed, r.problem) for r in sent]

    def night(self, on: date) -> None:
        self.settle(on)
        self.world.prepare(on)
        self.send(on)

    def stands(self, npi: str) -> list[str]:
        return sorted(path.name[35:] for path in self.folder(npi).iterdir())


@pytest.fixture
def post(
    make_world: Callable[..., Any], make_provider: Any, npis: Sequence[str], keys: Path, tmp_path: Path
) -> Iterator[Post]:
    served = tmp_path / "served"
    for npi in npis:
        (served / npi / "assignments").mkdir(parents=True)
    with EmbeddedServer(served, {npi: npi for npi in npis}, keys / "host", keys / "plan.pub") as server:
        reach = {"port": server.port, "key_file": keys / "plan"}
        world = make_world(*(make_provider(npi, username=npi, full_day="WED", **reach) for npi in npis))
        yield Post(world, server, served, keys)


def leave_there(post: Post, npi: str, *which: int) -> None:
    """Put some of the waiting files into the folder, as a night that was killed after sending them."""
    parcels = [parcel for _, parcel in waiting(post.world.warehouse, npi)]
    for place in which:
        shutil.copyfile(parcels[place].local, post.folder(npi) / parcels[place].name)


def test_what_never_left_is_dropped_and_told_anew(post: Post, npis: Sequence[str]) -> None:
    assignment = post.world.assign(1, npis[0])
    post.world.prepare()
    assert post.settle(THURSDAY) == []
    assert post.world.outbox(npis[0]) == []
    post.night(THURSDAY)
    assert post.world.told(npis[0]) == [("ADD", assignment)] * 2, "the delta, and the full that was owed"


@pytest.mark.parametrize("which", [(0,), (0, 1), (0, 1, 2), (0, 1, 2, 3)])
def test_what_stands_there_in_part_is_completed_and_counts_as_told(
    post: Post, npis: Sequence[str], which: tuple[int, ...]
) -> None:
    assignment = post.world.assign(1, npis[0])
    post.world.prepare()
    leave_there(post, npis[0], *which)
    assert post.settle(THURSDAY) == [(npis[0], 4, 0, "")]
    assert post.stands(npis[0]) == [
        "01_DELTA.csv", "01_DELTA.manifest.json", "02_FULL.csv", "02_FULL.manifest.json",
    ]  # fmt: skip
    assert post.world.told(npis[0]) == [("ADD", assignment)] * 2
    post.world.prepare(THURSDAY)
    assert post.world.table(post.world.outbox(npis[0])[-1][0]) == []


def test_a_table_known_to_have_arrived_gets_its_manifest_though_none_stands_there(
    post: Post, npis: Sequence[str]
) -> None:
    post.world.assign(1, npis[0])
    post.world.prepare()
    post.world.post(fails=lambda parcel: parcel.name.endswith("FULL.manifest.json"))
    assert post.settle(THURSDAY) == [(npi, 1, 0, "") for npi in sorted(npis)]
    assert post.stands(npis[0]) == ["02_FULL.manifest.json"], "its provider has taken the rest away"


def test_a_server_that_is_down_for_a_night_takes_no_receipt_away(post: Post, npis: Sequence[str]) -> None:
    """A night died after its files got their names; the provider took them; the next night could not reach it."""
    assignment = post.world.assign(1, npis[0])
    post.world.prepare()
    for _, parcel in waiting(post.world.warehouse, npis[0]):
        receipts.leave(parcel.local, parcel.sha256)
    down = {npis[0]: replace(post.endpoints[npis[0]], port=1)}
    (sent,) = send_waiting(post.world.warehouse, down, WEDNESDAY, sleep=lambda _: None)
    assert (sent.delivered, sent.failed) == (0, 4)
    assert post.settle(THURSDAY) == [(npis[0], 4, 0, "")]
    assert post.stands(npis[0]) == [], "nothing is sent a second time"
    assert post.world.told(npis[0]) == [("ADD", assignment)] * 2


def test_a_file_of_the_same_name_and_other_content_is_not_taken_for_ours(post: Post, npis: Sequence[str]) -> None:
    post.world.assign(1, npis[0])
    post.world.prepare()
    name = waiting(post.world.warehouse, npis[0])[0][1].name
    (post.folder(npis[0]) / name).write_bytes(b"somebody else's")
    post.settle(WEDNESDAY)
    post.world.prepare()
    post.send(WEDNESDAY)
    assert [status for _, status, _ in post.world.outbox(npis[0])] == ["FAILED", "FAILED"]
    assert (post.folder(npis[0]) / name).read_bytes() == b"somebody else's"
    assert post.world.told(npis[0]) == []
    post.night(THURSDAY)
    assert [action for action, _ in post.world.told(npis[0])] == ["ADD", "ADD"]


def test_a_missing_folder_fails_its_own_provider_alone_and_heals(post: Post, npis: Sequence[str]) -> None:
    mine, other = post.world.assign(1, npis[0]), post.world.assign(2, npis[1])
    shutil.rmtree(post.folder(npis[0]))
    post.night(WEDNESDAY)
    assert post.world.told(npis[0]) == []
    assert ("ADD", other) in post.world.told(npis[1])
    post.folder(npis[0]).mkdir()
    post.night(THURSDAY)
    post.night(THURSDAY)
    assert post.world.told(npis[0]) == [("ADD", mine)] * 2
    assert post.stands(npis[0]) == [
        "01_DELTA.csv", "01_DELTA.manifest.json", "02_FULL.csv", "02_FULL.manifest.json",
    ]  # fmt: skip


def test_a_provider_that_cannot_be_asked_keeps_its_files_waiting(post: Post, npis: Sequence[str]) -> None:
    post.world.assign(1, npis[0])
    post.world.prepare()
    before = post.world.outbox(npis[0])
    key = post.endpoints[npis[0]].key_file
    post.endpoints = {npis[0]: type(post.endpoints[npis[0]])(npis[0], "127.0.0.1", 1, npis[0], key, host_key="x")}
    ((recipient, delivered, failed, problem),) = post.settle(THURSDAY)
    assert (recipient, delivered, failed) == (npis[0], 0, 4)
    assert problem.startswith("T0")
    assert post.world.outbox(npis[0]) == before


def test_a_source_without_its_password_keeps_nobody_from_anything(make_plan: Any, tmp_path: Path) -> None:
    config = make_plan(tmp_path)
    usable = config.sources[0].model_copy(update={"responses": "responses"})
    unusable = usable.model_copy(update={"name": "jail", "key_file": None, "password_env": "NOT_SET_ANYWHERE"})
    assert set(source_endpoints(config.model_copy(update={"sources": (unusable, usable)}))) == {"dhcs"}
