"""The command `demo`: an embedded sFTP server, an invented exchange, several nights, and what became of it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

import sample_data
from pipelines.cli.common import business_date, out, print_table, styled, talk
from pipelines.cli.files import refuse_foreign_folder
from pipelines.cli.help import examples
from pipelines.cli.liaison_acts import follow_liaison
from pipelines.cli.partners import leave_files, serving_partners
from pipelines.cli.progress import working
from pipelines.config import read_config, read_roster
from pipelines.nightly import STATIONS, Night, run_night
from pipelines.reporting.night import NightSummary, summarize_night
from pipelines.runs import problems_of
from pipelines.warehouse import open_warehouse
from sample_data.returns import NAMED_COURSES, leave_returns
from schemas.problems import ExchangeError, ExitCode

PORT = 2222
SHOWN = 5
"""Nights that Dagster runs, for its UI to show how they went: each takes some seconds longer that way."""
_RETURNS_FROM, _RETURNS_EVERY = 6, 5
"""The day of the exchange before which providers first return what they did, and how many days later again."""
_TOLD = ("hold_then_release", "provider_full_later", "cin_changed", "notice_against_834", "provider_closes")
"""Whose page is worth a look."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(epilog=examples("ecm-exchange demo", "ecm-exchange demo --days 23 --members 5000"))(demo)


def demo(
    folder: Annotated[
        Path, typer.Option("--dir", metavar="FOLDER", file_okay=False, help="Folder of the demo; made anew.")
    ] = Path("demo"),
    members: Annotated[int, typer.Option(min=1, help="Members on the 834.")] = 2000,
    days: Annotated[int, typer.Option(min=6, max=60, help="Business days, a night each.")] = 8,
    seed: Annotated[int, typer.Option(help="The same seed invents the same people.")] = 1,
) -> None:
    """Live through some nights of an invented plan, on this machine.

    An embedded sFTP server plays the partners; no root and no container is needed, and nothing leaves the machine. It
    ends with what became of everyone, and where to look.
    """
    exchange = _fresh_exchange(folder, members, days, seed)
    config = read_config(folder / "exchange.toml")
    roster = read_roster(config.delivery.providers)
    summaries: list[NightSummary] = []
    problems: list[tuple[date, str]] = []
    seconds: dict[str, float] = {}
    shown = _newest_for_dagster(exchange.dates, business_date(config, None))
    done, stations = 0, len(exchange.dates) * len(STATIONS)
    with (
        serving_partners(folder, config, roster) as accounts,
        by_dagster(folder / "exchange.toml") as run_by_dagster,
        working("nights") as advance,
    ):
        port = config.sources[0].port
        talk.print(f"An sFTP server for {len(accounts)} partner accounts listens on 127.0.0.1:{port}.")
        for number, on in enumerate(exchange.dates, start=1):
            leave_files(exchange, on)
            if number >= _RETURNS_FROM and (number - _RETURNS_FROM) % _RETURNS_EVERY == 0:
                leave_returns(folder / "sftp", on)
            with open_warehouse(config.home) as warehouse:
                follow_liaison(warehouse, roster, exchange.liaison_acts(on), on)
                if on not in shown:
                    night = Night(warehouse, config, roster, on)
                    for result in run_night(night):
                        seconds[result.station] = seconds.get(result.station, 0.0) + result.seconds
                        done += 1
                        advance(done, stations, f"night of {on}: {result.station}")
            if on in shown:
                advance(done, stations, f"night of {on}: by Dagster, for its UI to show")
                run_by_dagster(on)
                done += len(STATIONS)
            with open_warehouse(config.home) as warehouse:
                summaries.append(summarize_night(warehouse, on))
                problems += [(on, problem) for problem in problems_of(warehouse, on)]
    _tell(folder, summaries, problems, seconds)


def _fresh_exchange(folder: Path, members: int, days: int, seed: int) -> sample_data.SampleExchange:
    refuse_foreign_folder(folder)
    if folder.exists():
        shutil.rmtree(folder)
    talk.print(f"Writing the sample exchange: {members} members, {days} business days, seed {seed}.")
    can_propose = find_spec("splink") is not None
    with working(f"inventing {members} members") as advance:
        return sample_data.generate(
            folder, members=members, days=days, seed=seed, port=_free_port(), proposals=can_propose, returns=True,
            progress=advance,
        )  # fmt: skip


def _newest_for_dagster(dates: Sequence[date], today: date) -> Sequence[date]:
    """Choose the nights that Dagster runs: the last ones whose day has come, because it knows of no later one."""
    return [on for on in dates if on <= today][-SHOWN:]


def _free_port() -> int:
    """Give the usual port or, where that is taken, any other."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def by_dagster(config: Path) -> Iterator[Callable[[date], None]]:
    """Have nights run as the orchestrator does; the command line knows it as a program, not as a library."""
    command = [sys.executable, "-m", "dagster_project.record", "--config", str(config)]
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(  # noqa: S603 - our own module, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, bufsize=0
        ) as process,
    ):

        def run(on: date) -> None:
            if _answer(process, on) != b"0":
                told.seek(0)
                talk.print(told.read().decode("utf-8", "replace").strip())
                raise ExchangeError(
                    "M03",
                    "the night that Dagster ran has failed",
                    where=str(on),
                    remedy="The lines above say why: mend that, then start the demo again.",
                )

        yield run


def _answer(process: subprocess.Popen[bytes], on: date) -> bytes:
    """Ask for a night and wait for the line that tells how it went; nothing when the process is gone."""
    if process.stdin is None or process.stdout is None:
        return b""
    with suppress(BrokenPipeError):
        process.stdin.write(f"{on}\n".encode("ascii"))
    return process.stdout.readline().strip()


def _tell(
    folder: Path, summaries: list[NightSummary], problems: list[tuple[date, str]], seconds: dict[str, float]
) -> None:
    print_table(
        "What each night received",
        ("night", "files", "duplicate", "held", "rows in", "loaded", "rejected", "duplicate", "JI members flagged"),
        [
            (s.business_date, s.files_in, s.files_duplicate, s.files_held, s.rows_in, s.rows_loaded, s.rows_rejected,
             s.rows_duplicate, s.ji_members)
            for s in summaries
        ],
    )  # fmt: skip
    print_table(
        "What followed, and what went out",
        ("night", "authorizations", "assignments made", "unassigned", "files delivered", "rows", "responses"),
        [
            (s.business_date, _lines(s.authorizations), _lines(s.assignments_made), s.unassigned, s.files_delivered,
             s.rows_delivered, s.responses_delivered)
            for s in summaries
        ],
    )  # fmt: skip
    unbalanced = [s for s in summaries if s.rows_in != s.rows_loaded + s.rows_rejected + s.rows_duplicate]
    out.print(
        styled("Rows are missing.", "red")
        if unbalanced
        else styled("Every row is accounted for: rows in = loaded + rejected + duplicate, every night.", "green")
    )
    for on, problem in problems:
        out.print(styled(str(on), "yellow", f" {problem}"))
    print_table("Where the time went", ("station", "seconds"), [(n, round(t, 2)) for n, t in seconds.items()])
    people = {person["key"]: person for person in json.loads((folder / "story.json").read_text(encoding="utf-8"))}
    config = folder / "exchange.toml"
    out.print(styled("\nWhere to look", "bold"))
    out.print(f"  what providers found    {folder / 'sftp'}/ecm_<NPI>/assignments/")
    out.print(f"  what providers return   {folder / 'sftp'}/ecm_<NPI>/returns/, answered in responses/")
    out.print(f"  answers to senders      {folder / 'sftp'}/<account>/responses/")
    last = summaries[-1].business_date
    out.print(f"  the liaison's lists     {folder / 'home/work_lists' / f'JI_WORK_LISTS_{last:%Y%m%d}.xlsx'}")
    out.print(f"  the night on a page     {folder / 'home/reports/nightly/index.html'}")
    out.print(f"  what the liaison did    {folder / 'days'}/<date>/liaison_acts.csv")
    out.print(f"  the plan's home         {folder / 'home'}/")
    out.print(styled("\nWhat to try", "bold"))
    for key in _TOLD:
        _suggest(f"explain {people[key]['cin']}", config, people[key]["story"])
    for key, course in NAMED_COURSES.items():
        _suggest(f"explain {people[key]['cin']}", config, f"The provider reports: {course.value}.")
    month = f"{summaries[-1].business_date:%Y-%m}"
    _suggest(f"report reconciliation --month {month}", config, "what providers reported against what was assigned")
    _suggest("status", config, "what the last night received, decided and delivered")
    _suggest("identity list", config, "whom rows may mean, for the liaison to decide")
    _suggest("directory", config, "the providers, and how each county is served")
    _suggest("rebuild", config, "derive everything anew from the facts: nothing differs")
    _suggest("ui", config, "the Dagster UI on this data (or: make ui)")
    if unbalanced:
        raise typer.Exit(ExitCode.BAD_DATA)


def _suggest(command: str, config: Path, what: str) -> None:
    out.print(f"  .venv/bin/ecm-exchange {command} --config {config}", soft_wrap=True)
    out.print(styled(f"      {what}", "dim"), soft_wrap=True)


def _lines(counts: dict[str, int]) -> str:
    return "\n".join(f"{name} {number}" for name, number in counts.items()) or "none"
