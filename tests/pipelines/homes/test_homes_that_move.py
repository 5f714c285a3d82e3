"""A home goes from machine to machine: whole, proven, and with all that was ever committed on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.config import ExchangeConfig, read_config
from pipelines.homes.begin import begin_from_depot, begin_with
from pipelines.homes.brought import brought
from pipelines.homes.depot import Depot, DepotFault
from pipelines.homes.held import keeper_at
from pipelines.homes.kept import checkpoints_in
from pipelines.homes.lease import LeaseLost
from pipelines.homes.leases import HighWater
from pipelines.transfer import receipts
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.audit import note
from schemas.problems import ExchangeError
from tests.faults.homes.machine import LeaseOnDisk

EXAMPLES = Path(__file__).parents[3] / "sample_data" / "examples"
ON = date(2026, 11, 3)


class LostLease(LeaseOnDisk):
    """A lease that another machine has taken meanwhile."""

    def raise_high_water(self, mark: HighWater) -> None:  # noqa: ARG002 - as a lease is asked
        """Refuse it, as the database does."""
        raise LeaseLost("S11", "the home of the plan is held by this process no more")


@dataclass
class World:
    """A plan with a depot, and machines that take turns."""

    folder: Path
    config: ExchangeConfig

    @property
    def lease(self) -> LeaseOnDisk:
        return LeaseOnDisk(self.folder / "lease.json")

    def home(self, machine: str) -> Path:
        return self.folder / machine / "home"

    @contextmanager
    def at(self, machine: str, lease: LeaseOnDisk | None = None) -> Iterator[Warehouse]:
        """Work on the home, on a machine."""
        home = self.home(machine)
        with brought(self.config, lease or self.lease, home, {}), open_warehouse(home) as warehouse:
            yield warehouse

    def subjects(self, machine: str) -> list[str]:
        """Tell what was noted, from what a machine finds."""
        with self.at(machine) as warehouse:
            found = warehouse.rows("SELECT subject FROM ledger.audit WHERE event = 'EXPORTED' ORDER BY entry")
        return [subject for (subject,) in found]

    def depot(self) -> Depot:
        return Depot(f"file://{self.folder}/depot", {})


def say(warehouse: Warehouse, subject: str, on: date = ON) -> None:
    note(warehouse, on, "EXPORTED", subject)


def begin_night(warehouse: Warehouse, on: date) -> None:
    warehouse.run(
        """INSERT INTO ledger.runs BY NAME
           SELECT CAST($on AS VARCHAR) AS run_id, $on AS business_date, 1 AS attempt, 'FINISHED' AS status""",
        {"on": on},
    )


def world_in(folder: Path) -> World:
    for name in ("exchange.toml", "providers.csv"):
        shutil.copy(EXAMPLES / name, folder / name)
    path = folder / "exchange.toml"
    written = path.read_text(encoding="utf-8")
    path.write_text(written.replace("[paths]\n", f'[paths]\ndepot = "file://{folder}/depot"\n'), encoding="utf-8")
    return World(folder, read_config(path))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A depot into which a new home was brought, and the lease that knows of it."""
    made = world_in(tmp_path_factory.mktemp("begun"))
    begin_with(made.config, made.lease, None, {"ECM_EXCHANGE_WORK": str(made.folder / "first")}, {})
    return made.folder


@pytest.fixture
def world(begun: Path, tmp_path: Path) -> World:
    shutil.copytree(begun / "depot", tmp_path / "depot")
    shutil.copy(begun / "lease.json", tmp_path)
    return world_in(tmp_path)


@contextmanager
def killed() -> Iterator[None]:
    """End the block as a kill does, as far as the depot can tell: nothing is brought back."""
    with pytest.raises(LeaseLost):
        yield


def test_a_home_that_was_brought_back_goes_on_elsewhere(world: World) -> None:
    with world.at("a") as warehouse:
        say(warehouse, "one")
    with world.at("b") as warehouse:
        say(warehouse, "two")
    assert world.subjects("a") == ["one", "two"]


def test_a_copy_that_is_the_last_is_not_fetched_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.at("a") as warehouse:
        say(warehouse, "one")
    fetched: list[str] = []
    get = Depot.get
    monkeypatch.setattr(Depot, "get", lambda depot, sha256: fetched.append(sha256) or get(depot, sha256))
    with brought(world.config, world.lease, world.home("a"), {}):
        assert fetched == []


def test_what_a_machine_committed_before_it_died_is_not_forgotten(world: World) -> None:
    with killed(), world.at("a") as warehouse:
        say(warehouse, "one")
        say(warehouse, "two")
        raise LeaseLost("S11", "it died here")
    assert world.subjects("b") == ["one", "two"]
    with world.at("a") as warehouse:
        assert warehouse.value("SELECT count(*) FROM ledger.audit WHERE event = 'RESTORED'") == 1


def test_who_lost_the_home_keeps_nothing_and_does_nothing_more(world: World) -> None:
    with killed(), world.at("a", LostLease(world.folder / "lease.json")) as warehouse:
        say(warehouse, "by one that lost the home")
    with world.at("b") as warehouse:
        say(warehouse, "by the holder")
    assert world.subjects("b") == world.subjects("a") == ["by the holder"]


def test_a_machine_that_comes_back_goes_on_from_what_it_had_committed_last(world: World) -> None:
    shutil.copy(world.folder / "lease.json", world.folder / "before")
    with killed(), world.at("a") as warehouse:
        say(warehouse, "one")
        raise LeaseLost("S11", "it died here")
    shutil.copy(world.folder / "before", world.folder / "lease.json")  # it died before the mark was moved
    assert world.subjects("a") == ["one"]
    assert world.subjects("b") == ["one"]


def test_a_depot_that_refuses_stops_what_rests_on_it_and_has_it_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError

    def work() -> None:
        with world.at("a") as warehouse, monkeypatch.context() as patched:
            patched.setattr(Depot, "_write", full)
            say(warehouse, "one")

    with pytest.raises(DepotFault, match="S22"):
        work()
    assert world.subjects("b") == []
    assert world.subjects("a") == []  # nothing was done on it, and another machine had the home meanwhile


@pytest.mark.parametrize("lost", ["objects", "checkpoints", "tails"])
def test_a_depot_that_was_set_back_or_lost_something_is_refused(world: World, lost: str) -> None:
    with killed(), world.at("a") as warehouse:
        say(warehouse, "one")
        raise LeaseLost("S11", "it died here")
    shutil.copytree(world.folder / "depot", world.folder / "whole")
    shutil.rmtree(world.folder / "depot" / lost)
    with pytest.raises(DepotFault, match="S23"), world.at("b"):
        pass
    assert not world.home("b").exists()
    shutil.rmtree(world.folder / "depot")
    shutil.copytree(world.folder / "whole", world.folder / "depot")
    assert world.subjects("b") == ["one"]


def test_a_fetch_that_was_broken_off_is_done_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.at("a") as warehouse:
        say(warehouse, "one")
    get, left = Depot.get, [3]

    def some(depot: Depot, sha256: str) -> bytes:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return get(depot, sha256)

    with monkeypatch.context() as patched:
        patched.setattr(Depot, "get", some)
        with pytest.raises(KeyboardInterrupt), world.at("b"):
            pass
    assert not world.home("b").exists()
    assert world.subjects("b") == ["one"]
    assert [path.name for path in (world.folder / "b").iterdir()] == ["home"]


def test_a_receipt_comes_along_until_its_delivery_is_entered(world: World) -> None:
    path = "outbox/2026-11-03/2916482120/FILE.csv"
    for machine in ("a", "b"):
        with brought(world.config, world.lease, world.home(machine), {}):
            local = world.home(machine) / path
            if machine == "a":
                local.parent.mkdir(parents=True)
                local.write_bytes(b"rows")
                receipts.leave(local, "5f")
                keeper_at(world.home(machine)).note_named(local, "5f")
            assert receipts.has(local, "5f")
            if machine == "b":
                receipts.drop(local)
    with world.depot() as depot:
        assert depot.names("named") == []


def test_of_each_of_the_last_nights_one_checkpoint_is_kept_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.homes.thin.NIGHTS", 2)
    landed = b"what was received in the first night"
    for number in range(4):
        with world.at("a") as warehouse:
            begin_night(warehouse, ON + timedelta(days=number))
            say(warehouse, f"night {number}")
            place = world.home("a") / "landing" / "ab"
            place.mkdir(parents=True, exist_ok=True)
            if number == 0:
                (place / "ab12").write_bytes(landed)
            elif number == 1:
                (place / "ab12").unlink()
    with world.depot() as depot:
        nights = [name[:8] for name in checkpoints_in(depot)]
        assert nights == [f"{ON + timedelta(days=number):%Y%m%d}" for number in range(2, 4)]
        assert landed not in [depot.get(sha256) for sha256 in depot.objects()]
        assert [name for name in depot.names("tails") if depot.names(f"tails/{name}")] == []
    assert len(world.subjects("b")) == 4


def test_what_a_killed_process_left_is_gone_when_a_month_begins(world: World) -> None:
    with world.depot() as depot:
        left = depot.put(b"of a process that was killed before anything named it")
        part = world.folder / "depot" / "objects" / left[:2] / f".{left}.0a1b2c3d"
        part.write_bytes(b"of one that was killed while it wrote")
        for on in (date(2026, 11, 30), date(2026, 12, 1)):
            with world.at("a") as warehouse:
                begin_night(warehouse, on)
                say(warehouse, "a night")
        assert left not in list(depot.objects())
        assert not part.exists()
    assert world.subjects("b") == ["a night", "a night"]


def test_the_leases_are_told_anew_of_the_newest_state_of_the_depot(world: World) -> None:
    with killed(), world.at("a") as warehouse:
        say(warehouse, "one")
        raise LeaseLost("S11", "it died here")
    (world.folder / "lease.json").unlink()
    with pytest.raises(ExchangeError, match="S25"), world.at("b"):
        pass
    begin_from_depot(world.config, world.lease, {})
    assert world.subjects("b") == ["one"]


def test_a_checkpoint_that_was_damaged_is_dropped_and_the_next_one_is_whole(world: World) -> None:
    with world.at("a") as warehouse:
        begin_night(warehouse, ON)
    with world.depot() as depot:
        [name] = [name for name in checkpoints_in(depot) if not name.startswith("0000")]
        depot.write(f"checkpoints/{name}.json", b"{}")
    begin_with(world.config, world.lease, world.home("a"), {}, {})
    with world.at("a") as warehouse:
        begin_night(warehouse, ON + timedelta(days=1))
        say(warehouse, "one")
    assert world.subjects("b") == ["one"]


def test_a_depot_that_is_lost_is_filled_from_the_copy_of_a_machine_that_has_everything(world: World) -> None:
    with world.at("a") as warehouse:
        say(warehouse, "one")
    with world.at("b") as warehouse:
        say(warehouse, "two")
    shutil.rmtree(world.folder / "depot")
    with pytest.raises(ExchangeError, match="S27"):
        begin_with(world.config, world.lease, world.home("a"), {}, {})
    begin_with(world.config, world.lease, world.home("b"), {}, {})
    assert world.subjects("c") == ["one", "two"]
