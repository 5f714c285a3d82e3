"""A small rehearsal: in mid-delivery one worker loses its network, the next one is killed, the first one comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.fleet.rehearsal.machines import can_be_apart
from dagster_project.fleet.rehearsal.plans import Bureau, Cast, invent
from dagster_project.fleet.rehearsal.proof import prove
from dagster_project.fleet.rehearsal.stage import Night, Stage, open_stage
from dagster_project.fleet.rehearsal.waiting import wait_for
from pipelines.config import read_roster
from pipelines.fleet import read_fleet
from pipelines.fleet.own import as_plan
from pipelines.homes.leases import standing
from pipelines.homes.seats import seats
from pipelines.homes.variables import DATABASE_VARIABLE
from pipelines.nightly import Night as Alone
from pipelines.nightly import run_night
from pipelines.warehouse import open_warehouse
from sample_data import canaries

MOVES, WAITS = "MOVES", "WAITS"
# Dagster begins no run of a backfill anew when all of its runs have ended: the second plan's waits, and it never ends.
CASTS = (Cast(MOVES, "A plan that moves", 40, moves=True), Cast(WAITS, "Nobody's plan", 1, queue="of-nobody"))
SOME_FILES = 7
ONE, TWO = "one", "two"
PATIENCE = 300.0

pytestmark = pytest.mark.skipif(not can_be_apart(), reason="a network to cut takes root and the right to make one")


@dataclass
class Played:
    """What became of the night."""

    stage: Stage
    undisturbed: Bureau
    is_old_run_there: bool
    """Whether the run that was cut off still had its process when its machine came back."""

    @property
    def attempts(self) -> list[Night]:
        return self.stage.nights(MOVES)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("rehearsal")
    with open_stage(folder, CASTS, apart=True, lease=10, silent={MOVES: SOME_FILES}, hurry=True) as stage:
        stage.ask_for_nights([WAITS, MOVES])
        stage.begin()
        one = stage.switch_on(ONE)
        undisturbed = run_alone(folder / "undisturbed", stage.place.address)
        arrivals = stage.bureau.named(MOVES).arrivals
        wait_for("nothing is delivered", arrivals.fell_silent.is_set, PATIENCE, folder)
        one.cut_off()
        arrivals.fell_silent.clear()
        two = stage.switch_on(TWO)
        wait_for("nobody goes on", lambda: stage.nights(MOVES)[-1].worker == TWO, PATIENCE, folder)
        status = f"/proc/{process_of(stage, stage.nights(MOVES)[0])}/status"  # one that is dead may not be buried yet
        is_there = one.start(["grep", "-q", "^State:[[:space:]][^XZ]", status], stage.environment).wait() == 0
        one.join_again()
        wait_for("nothing is delivered by the second", arrivals.fell_silent.is_set, PATIENCE, folder)
        database = stage.environment[DATABASE_VARIABLE]
        wait_for("the first does not serve again", lambda: seats(database).all == 2, PATIENCE, folder)
        two.pull_plug()
        arrivals.speak()
        wait_for("the night does not end", lambda: has_ended(stage), PATIENCE, folder)
        yield Played(stage, undisturbed, is_there)


def run_alone(folder: Path, host: str) -> Bureau:
    """Run the night of the first plan undisturbed, with a home that stays."""
    bureau = invent(folder, [Cast(MOVES, CASTS[0].name, CASTS[0].members)], host)
    with bureau.serving_partners():
        for plan in read_fleet(bureau.fleet_file).plans:
            with as_plan(plan) as config, open_warehouse(config.home) as warehouse:
                roster = read_roster(config.delivery.providers)
                list(run_night(Alone(warehouse, config, roster, bureau.night)))
    return bureau


def has_ended(stage: Stage) -> bool:
    return stage.nights(MOVES)[-1].status is dg.DagsterRunStatus.SUCCESS


def process_of(stage: Stage, night: Night) -> str:
    """Return the process that a run was in, as its own machine counts."""
    told = stage.instance.all_logs(night.run, of_type=dg.DagsterEventType.ENGINE_EVENT)
    found = re.search(r"\(pid: (\d+)\)", " ".join(entry.user_message for entry in told))
    assert found is not None
    return found[1]


def test_partners_find_what_they_would_have_found_and_nothing_was_put_there_twice(played: Played) -> None:
    ours, alone = played.stage.bureau.named(MOVES), played.undisturbed.named(MOVES)
    proof = prove(MOVES, ours.partners, alone.partners, ours.arrivals.put)
    assert proof.holds, proof
    assert proof.files == ours.arrivals.put.total() > SOME_FILES


def test_a_night_whose_machine_is_lost_is_noticed_and_goes_on_elsewhere(played: Played) -> None:
    lost, ended = dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.SUCCESS
    assert [(each.worker, each.status) for each in played.attempts] == [(ONE, lost), (TWO, lost), (ONE, ended)]


def test_a_run_that_was_cut_off_is_dead_before_its_plan_is_another_s(played: Played) -> None:
    assert not played.is_old_run_there
    lease = standing(played.stage.environment[DATABASE_VARIABLE], MOVES)
    assert lease is not None
    assert (lease.holder, lease.held) == (played.attempts[-1].run, False)


def test_a_plan_whose_queue_nobody_serves_waits_and_keeps_nobody_waiting(played: Played) -> None:
    assert [night.status for night in played.stage.nights(WAITS)] == [dg.DagsterRunStatus.QUEUED]


def test_what_workers_say_names_no_member_and_no_secret(played: Played) -> None:
    told = "".join(path.read_text("utf-8", "replace") for path in played.stage.folder.glob("workers/*/*.log"))
    secrets = [*played.stage.bureau.environment(MOVES).values(), *canaries(played.stage.bureau.plans[0].exchange)]
    assert "RUN_SUCCESS" in told
    assert [secret for secret in secrets if secret in told] == []
