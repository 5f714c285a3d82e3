"""A run whose process died is recognised, told, and resumed; two runs of one home never work at the same time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.doctor import examine
from pipelines.runs import unfinished
from pipelines.warehouse import run_lock
from schemas.problems import AnotherRunActive, ExitCode
from tests.faults.attempts import End
from tests.faults.undisturbed import Undisturbed, told

BROKEN_OFF = "run 1 of the night of 2026-10-29 was broken off"

HOLDER = """
import sys
from pathlib import Path
from pipelines.warehouse import run_lock
with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def broken_off(undisturbed: Undisturbed) -> Undisturbed:
    undisturbed.set_back()
    assert undisturbed.attempt(End("ROWS_LOADED")).was_killed
    return undisturbed


def runs(night: Undisturbed) -> list[tuple[int, str]]:
    return night.plan.ask("SELECT attempt, status FROM ledger.runs WHERE business_date = $on ORDER BY 1", on=night.on)


def commands_say(night: Undisturbed, command: str) -> str:
    made = night.attempts.make(command, "--config", night.plan.root / "exchange.toml")
    return " ".join((made.out + made.err).split())


def test_status_and_doctor_tell_of_a_run_that_was_broken_off(broken_off: Undisturbed) -> None:
    assert BROKEN_OFF in commands_say(broken_off, "status")
    assert BROKEN_OFF in commands_say(broken_off, "doctor")


def test_the_next_run_says_what_it_goes_on_from_and_the_one_after_it_has_nothing_to_say(
    broken_off: Undisturbed, survived: Callable[..., None]
) -> None:
    again = broken_off.attempt()
    assert f"look at {BROKEN_OFF}; this run goes on from what it left" in " ".join(again.err.split())
    assert runs(broken_off) == [(1, "ABANDONED"), (2, "FINISHED")]
    assert unfinished(broken_off.plan.config.home) is None
    assert BROKEN_OFF not in broken_off.attempt().err + commands_say(broken_off, "doctor")
    broken_off.assert_same()
    survived("a run that was broken off", expected=broken_off.told(), found=told(broken_off.plan.found()))


def test_a_run_that_is_at_work_is_not_taken_for_broken_off(broken_off: Undisturbed) -> None:
    plan = broken_off.plan
    with run_lock(plan.config.home):
        looked = list(examine(plan.config, plan.roster, broken_off.on))
    [told] = [ailment for ailment in looked if ailment.subject == "last run"]
    assert (told.name, told.state) == ("run-at-work", "look")
    assert told.what.startswith("run 1 of the night of 2026-10-29 is at work")
    assert not any(each.group == "servers" for each in looked), "it is not to be disturbed"


def test_a_second_run_is_refused_with_a_sentence_and_touches_nothing(undisturbed: Undisturbed) -> None:
    undisturbed.set_back()
    home = undisturbed.plan.config.home
    with run_lock(home):
        before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
        second = undisturbed.attempt()
        assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before
    assert second.code == ExitCode.ANOTHER_RUN_ACTIVE
    assert f"another run is active (process {os.getpid()})" in " ".join(second.err.split())
    assert second.reached == ()


def test_a_kill_lets_go_of_the_lock(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd()
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AnotherRunActive, match=f"process {holder.pid}"), run_lock(tmp_path):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with run_lock(tmp_path):
            pass
