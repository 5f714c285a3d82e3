"""The story that `make fleet-demo` tells: six plans and three workers, one of which is killed in mid-night."""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from importlib.util import find_spec
from pathlib import Path

import dagster as dg
from rich.text import Text

from dagster_project.fleet.rehearsal.machines import can_be_apart
from dagster_project.fleet.rehearsal.plans import SIX, Bureau, can_confine
from dagster_project.fleet.rehearsal.proof import prove
from dagster_project.fleet.rehearsal.stage import PROGRAM, Stage, open_stage
from dagster_project.fleet.rehearsal.undisturbed import run_undisturbed
from dagster_project.fleet.rehearsal.waiting import did_not, wait_for
from pipelines.cli.common import out, print_table, styled
from pipelines.cli.files import refuse_foreign_folder
from pipelines.cli.progress import working
from pipelines.containment import contain
from schemas.problems import ExchangeError, ExitCode
from schemas.visible import visible

WORKERS = ("worker-1", "worker-2", "worker-3")
KILLED_IN = "DELTA"
"""The plan in whose night a worker is killed; its home is one of those that move."""

_FILES_OUT = 9
"""Of that plan, when it is."""

_SECONDS = 600.0
"""For all nights to end, on a machine that has much else to do."""

_LEASE = 10.0
"""Seconds; a real fleet gives a worker more."""

_PORT = 3000
_MARK = "fleet.toml"
_LOST = dg.DagsterRunStatus.FAILURE


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell the story; returns how it went."""
    parser = argparse.ArgumentParser(prog="python -m dagster_project.fleet.rehearsal.demo", description=__doc__)
    parser.add_argument("--dir", type=Path, default=Path("fleet-demo"), help="folder of the demo; made anew")
    parser.add_argument("--keep", action="store_true", help="leave it up at the end, with Dagster's UI, until Ctrl-C")
    options = parser.parse_args(arguments)
    contain()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ExitCode.PROBLEMS_FOUND))  # all that was started ends with it
    try:
        return _Story(options.dir).tell(keep=options.keep)
    except ExchangeError as problem:
        sys.stderr.write(visible(f"{problem}\n"))
        return problem.exit_code
    except KeyboardInterrupt:
        return ExitCode.PROBLEMS_FOUND


@dataclass
class _Story:
    """What is told, and since when."""

    folder: Path
    _began: float = field(default_factory=time.monotonic)
    _told: dict[str, dg.DagsterRunStatus] = field(default_factory=dict)

    def tell(self, *, keep: bool) -> ExitCode:
        """Play it to its end."""
        refuse_foreign_folder(self.folder, _MARK)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        (self.folder / _MARK).touch()  # whatever comes: the folder is the demo's, to be made anew
        apart = can_be_apart() and not keep
        with open_stage(self.folder, SIX, apart=apart, lease=_LEASE, silent={KILLED_IN: _FILES_OUT}) as stage:
            self._introduce(apart=apart)
            undisturbed = self._play_undisturbed(stage)
            self._begin(stage)
            self._kill_one(stage)
            self._let_end(stage)
            is_kept = self._prove(stage.bureau, undisturbed)
            self._show_status(stage.bureau)
            self._say_where_to_look()
            if keep:
                self._stay(stage)
        return ExitCode.OK if is_kept else ExitCode.BAD_DATA

    def _introduce(self, *, apart: bool) -> None:
        self._say(f"PostgreSQL and Redis are up, and {len(SIX)} invented plans with sFTP servers of their partners.")
        self._say(
            "Each worker will have a machine of its own: its processes and its network are apart (Linux namespaces)."
            if apart
            else "The workers' machines are groups of processes on this one: networks of their own take root."
        )
        if not can_confine():
            self._say("This kernel has no Landlock: nights are not confined to their plan's files.", "yellow")
        print_table(
            "",
            ("plan", "name", "members", "its clock", "its home"),
            [
                (c.id, c.name, c.members, c.timezone, "moves to its worker" if c.moves else "is on a disk they share")
                for c in SIX
            ],
        )

    def _play_undisturbed(self, stage: Stage) -> Bureau:
        self._say("First each night undisturbed, to compare with: every plan alone, by `ecm-exchange run`, in a copy.")
        with working("undisturbed nights") as advance:
            done: list[str] = []

            def tell(plan: str) -> None:
                done.append(plan)
                advance(len(done), len(SIX), f"undisturbed night of {plan}")

            return run_undisturbed(self.folder / "undisturbed", SIX, stage.place.address, tell)

    def _begin(self, stage: Stage) -> None:
        stage.ask_for_nights([cast.id for cast in SIX])
        stage.begin()
        for name in WORKERS:
            stage.switch_on(name)
        self._say(
            f"{len(WORKERS)} workers are on. {len(SIX)} nights of {stage.bureau.night} are asked for in one Dagster."
        )

    def _kill_one(self, stage: Stage) -> None:
        """Kill the worker that has the named plan's night when its partners have some of its files."""
        arrivals = stage.bureau.named(KILLED_IN).arrivals

        def is_time() -> bool:
            self._follow(stage)
            return arrivals.fell_silent.is_set()

        wait_for(f"the night of {KILLED_IN} does not come to its delivery", is_time, _SECONDS, self.folder / "workers")
        night = stage.nights(KILLED_IN)[-1]
        self._say(
            f"{night.worker} is killed (kill -9, all its processes). It had the night of {KILLED_IN}: {_FILES_OUT} "
            "files stand with partners, and of the last it has not been told.",
            "bold red",
        )
        stage.workers.pop(night.worker).pull_plug()
        arrivals.speak()
        killed_at = time.monotonic()

        def is_noticed() -> bool:
            self._follow(stage)
            return any(each.run == night.run and each.status is _LOST for each in stage.nights(KILLED_IN))

        wait_for(f"nobody notices that {night.worker} is gone", is_noticed, _SECONDS, stage.middle.log)
        self._say(f"Noticed, {time.monotonic() - killed_at:.0f} s after: its lease of {_LEASE:g} s ran out.", "bold")

    def _let_end(self, stage: Stage) -> None:
        def have_ended() -> bool:
            self._follow(stage)
            nights = {night.plan: night.status for night in stage.nights()}
            return all(status is dg.DagsterRunStatus.SUCCESS for status in nights.values())

        wait_for("not every night has ended well", have_ended, _SECONDS, stage.middle.log)

    def _follow(self, stage: Stage) -> None:
        """Tell of every night that has begun or ended since this was last asked."""
        for night in stage.nights():
            if night.is_given_up:
                raise did_not(f"the night of {night.plan} failed on {night.worker}", self.folder / "workers")
            if self._told.get(night.run) == night.status or not night.worker:
                continue
            if night.status is dg.DagsterRunStatus.STARTED:
                self._say(f"{night.plan:8}  begins on {night.worker}")
            elif night.status is dg.DagsterRunStatus.SUCCESS:
                self._say(f"{night.plan:8}  has ended on {night.worker}", "green")
            self._told[night.run] = night.status

    def _prove(self, bureau: Bureau, undisturbed: Bureau) -> bool:
        proofs = [
            prove(plan.cast.id, plan.partners, same.partners, plan.arrivals.put)
            for plan, same in zip(bureau.plans, undisturbed.plans, strict=True)
        ]
        out.print()
        print_table(
            "What partners found, against the undisturbed nights",
            ("plan", "folders", "files", "rows", "lost", "twice", "misrouted", "other bytes"),
            [astuple(proof) for proof in proofs],
        )
        kept = all(proof.holds and proof.files for proof in proofs)
        out.print(
            styled(
                "Every promise was kept: nothing lost, nothing twice, nothing in a wrong folder, byte for byte.",
                "green",
            )
            if kept
            else styled("A promise was broken.", "red")
        )
        out.print()
        return kept

    def _show_status(self, bureau: Bureau) -> None:
        command = [str(PROGRAM), "fleet", "status", "--fleet", str(bureau.fleet_file), "--date", str(bureau.night),
                   "--page", str(self.folder / "fleet.html")]  # fmt: skip
        subprocess.run(command, check=False)  # noqa: S603 - our own program, no shell

    def _say_where_to_look(self) -> None:
        out.print(styled("\nWhere to look", "bold"))
        for what, place in (
            ("the fleet file", "fleet.toml"),
            ("all plans on a page", "fleet.html"),
            ("a plan: configuration, secrets", "plans/<PLAN>/"),
            ("what its partners found", "plans/<PLAN>/sftp/<account>/"),
            ("the same, undisturbed", "undisturbed/plans/<PLAN>/sftp/<account>/"),
            ("homes that move", "depot/<PLAN>/"),
            ("what a worker said", "workers/<worker>/<worker>.log"),
            ("PostgreSQL, Redis, Dagster", "servers/"),
        ):
            out.print(f"  {what:32}{self.folder / place}", soft_wrap=True)
        self._say("The end. docs/fleet.md says how a fleet is run.")

    def _stay(self, stage: Stage) -> None:
        """Leave it up, with Dagster's UI where that is installed, until somebody has seen enough."""
        if find_spec("dagster_webserver") is not None:
            stage.show(_PORT)
            out.print(f"Dagster's UI: http://127.0.0.1:{_PORT}")
        out.print("All of it stays up until Ctrl-C.")
        signal.pause()

    def _say(self, what: str, style: str = "") -> None:
        since = f"{time.monotonic() - self._began:6.1f} s  "
        out.print(Text.assemble((since, "dim"), (what, style)), soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
