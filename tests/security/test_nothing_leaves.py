"""Nights in which almost everything goes wrong, by command line and by Dagster, in processes with the loosest umask:
nobody shows in what they print, log, keep for Dagster, tell people or leave behind, and nothing is for others.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipelines.runs import problems_of
from pipelines.warehouse import open_published, open_warehouse
from tests.faults.test_bad_nights import (
    CLOSED,
    FIRST,
    LOCKED,
    NO_FOLDER,
    SECOND,
    SOURCES,
    WHOLE,
    BadNights,
    sabotage_first,
    sabotage_second,
)  # fmt: skip
from tests.pipelines.alerts.receivers import Authority, Mailbox, Services
from tests.security.canaries import leaks_below, people_in

THIRD = "2026-10-30"
PASSWORD = "correct-horse-QUILLWORT-battery"  # pragma: allowlist secret: it is planted here
TOKEN = "Murgledink0Wobblethorp12"  # pragma: allowlist secret: it is planted here

ALERTS = """
[[alerts]]
to = "ALERTS_MAIL"
on = ["stopped", "missed", "undelivered", "needs_person", "finished"]

[[alerts]]
to = "ALERTS_SLACK"

[[alerts]]
to = "ALERTS_REFUSED"

[[alerts]]
to = "ALERTS_UNSET"
"""

SEVERAL = """
import json, sys
from pathlib import Path
from pipelines.cli import main
from pipelines.warehouse import open_warehouse
home, several = sys.argv[1], json.loads(sys.argv[2])
for arguments in several:
    sys.argv = ["ecm-exchange", *arguments]
    try:
        if arguments[0] == "mend":
            with open_warehouse(Path(home)) as warehouse:
                warehouse.run("DROP INDEX exchange.one_clock_a_member")
            continue
        main()
    except SystemExit as end:
        print("$", arguments[0], "ended with", end.code)
"""


@dataclass
class Watched:
    """What processes printed, and the places they may have written to."""

    plan: Any
    around: Path
    services: Services
    mailbox: Mailbox
    printed: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    @property
    def config(self) -> str:
        return str(self.plan.root / "exchange.toml")

    @property
    def home(self) -> Path:
        home: Path = self.plan.config.home
        return home

    def __post_init__(self) -> None:
        for name in ("tmp", "home", "work"):
            (self.around / name).mkdir()

    def start(self, name: str, *arguments: str) -> None:
        """Run Python with arguments as a careless scheduler would, and keep what it printed."""
        environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LANG": "C.UTF-8",
            "TMPDIR": str(self.around / "tmp"), "HOME": str(self.around / "home"), "JAIL_PASSWORD": PASSWORD,
            "PYTHONFAULTHANDLER": "1", "ALERTS_MAIL": self.mailbox.address, **self.services.environment,
            "ALERTS_SLACK": f"https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/{TOKEN}",
            "ALERTS_REFUSED": f"pagerduty://{TOKEN}@events",
        }  # fmt: skip
        ended = subprocess.run(
            [sys.executable, *arguments], env=environment, cwd=self.around / "work", umask=0,
            capture_output=True, check=False, timeout=300,
        )  # fmt: skip
        self.printed[name] = (ended.stdout + ended.stderr).decode("utf-8", "surrogateescape")
        self.codes[name] = ended.returncode

    def command(self, name: str, *arguments: str) -> None:
        self.start(name, "-c", "from pipelines.cli import main; main()", *arguments, "--config", self.config)

    def commands(self, name: str, *several: tuple[str, ...]) -> None:
        told = [[*one, "--config", self.config] for one in several]
        self.start(name, "-c", SEVERAL, str(self.home), json.dumps(told))

    def dagster(self, name: str, on: str) -> None:
        self.start(name, "-m", "dagster_project.record", "--config", self.config, "--date", on)


def let_the_jail_ask_for_a_password(plan: Any) -> None:
    path: Path = plan.root / "exchange.toml"
    sections = path.read_text(encoding="utf-8").split("\n\n")
    changed = [
        "\n".join(
            'password_env = "JAIL_PASSWORD"' if line.startswith("key_file") else line for line in section.split("\n")
        )
        if 'name = "jail"' in section
        else section
        for section in sections
    ]
    assert changed != sections
    path.write_text("\n\n".join(changed), encoding="utf-8")


def let_the_store_stumble(home: Path) -> None:
    """Break the store so that its own message names somebody: no member may have two clocks."""
    with open_warehouse(home) as warehouse:
        warehouse.run("DELETE FROM exchange.clocks")
        warehouse.run("CREATE UNIQUE INDEX one_clock_a_member ON exchange.clocks (cin)")


@pytest.fixture(scope="module")
def receivers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, Mailbox]]:
    with ExitStack() as stack:
        services = stack.enter_context(Services(Authority(tmp_path_factory.mktemp("authority"))))
        services.answers["events.pagerduty.com"] = f"403 {TOKEN} is not known".encode()
        yield services, stack.enter_context(Mailbox())


@pytest.fixture(scope="module")
def watched(
    make_plan: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory, receivers: tuple[Services, Mailbox]
) -> Watched:
    plan = make_plan(sources=SOURCES, providers=(WHOLE, CLOSED, LOCKED, NO_FOLDER), members=5)
    let_the_jail_ask_for_a_password(plan)
    with (plan.root / "exchange.toml").open("a", encoding="utf-8") as file:
        file.write(ALERTS)
    bad, ran = BadNights(plan), Watched(plan, tmp_path_factory.mktemp("around"), *receivers)
    plan.partners_leave_files(FIRST)
    sabotage_first(bad)
    plan.folder(NO_FOLDER).rmdir()
    with plan.serving(without=[f"ecm_{LOCKED}"]):
        ran.command("a bad night", "run", "--date", FIRST.isoformat())
    plan.partners_leave_files(SECOND)
    sabotage_second(bad)
    with plan.serving():
        let_the_store_stumble(ran.home)
        ran.dagster("a broken store by Dagster", SECOND.isoformat())
        second = ("run", "--date", SECOND.isoformat())
        told = (("status",), ("doctor", "--json"), ("plan", "--date", THIRD), ("verify-audit",), ("quarantine", "list"))
        ran.commands("the rest", second, ("mend",), (*second, "--json"), *told)
    return ran


def test_everything_went_wrong_that_should(watched: Watched) -> None:
    assert watched.codes == {"a bad night": 1, "a broken store by Dagster": 1, "the rest": 0}, watched.printed
    assert "T03" in watched.printed["a bad night"], "the jail's password is refused"
    ends = re.findall(r"^\$ ([\w-]+) ended with (\d+)$", watched.printed["the rest"], re.MULTILINE)
    assert ends[:2] == [("run", "74"), ("run", "1")], watched.printed["the rest"]
    assert "D01" in watched.printed["the rest"]
    assert "D01" in watched.printed["a broken store by Dagster"]


def test_nobody_shows_in_what_is_printed(watched: Watched) -> None:
    assert {name: people_in(text) for name, text in watched.printed.items() if people_in(text)} == {}
    assert [name for name, text in watched.printed.items() if "Traceback" in text] == []


def test_nobody_shows_in_what_dagster_keeps(watched: Watched) -> None:
    kept = watched.home / "dagster"
    assert any(b"D01" in path.read_bytes() for path in kept.rglob("*") if path.is_file()), "the failure is kept"
    assert list(leaks_below(kept)) == []


def test_nobody_shows_in_what_people_are_told(watched: Watched) -> None:
    told = [*watched.mailbox.raw, *watched.services.raw]
    assert len(told) > 8
    assert [people_in(each) for each in told if people_in(each)] == []
    names = [each.encode() for each in (*SOURCES, WHOLE, CLOSED, LOCKED, NO_FOLDER)]
    assert [name for name in names if any(name in each for each in told)] == []


def test_people_are_told_of_each_matter_once_whether_by_command_line_or_by_dagster(watched: Watched) -> None:
    told = watched.mailbox.subjects
    assert [each for each in told if "stopped" in each] == [f"SHP: the night of {SECOND} stopped (D01)"]
    assert [each for each in told if "all clear" in each] == ["SHP: all clear, the night has come to its end"]
    assert [each for each in told if "finished" in each] == [
        f"SHP: the night of {on} is finished and not right" for on in (FIRST, SECOND)
    ]
    assert len(told) <= 8


def test_who_could_not_be_told_is_one_line_and_breaks_no_night(watched: Watched) -> None:
    printed = " ".join(watched.printed["a bad night"].split())
    assert len(re.findall("Y01", printed)) == len(re.findall("Y03, HTTP status 403", printed)) == 1
    with open_published(watched.home) as warehouse:
        lines = problems_of(warehouse, SECOND)
    assert [line.partition(": ")[0] for line in lines if "(Y0" in line] == [
        "alerts to ALERTS_REFUSED",
        "alerts to ALERTS_UNSET",
    ]
    page = (watched.home / "reports" / "nightly" / "index.html").read_text(encoding="utf-8")
    assert "Alerts to ALERTS_UNSET" in page


def test_nobody_shows_in_what_is_left_around(watched: Watched) -> None:
    assert list(leaks_below(watched.around)) == []
    assert list((watched.home / "spill").glob("*")) == []


def test_the_search_finds_people_where_they_belong(watched: Watched) -> None:
    assert people_in((watched.home / "warehouse.duckdb").read_bytes())


def test_no_password_and_no_key_is_printed_or_kept(watched: Watched) -> None:
    key = (watched.plan.root / "keys" / "plan_ed25519").read_text(encoding="ascii").splitlines()[2].encode()
    secrets = (PASSWORD.encode(), TOKEN.encode(), key)
    printed = "".join(watched.printed.values()).encode("utf-8", "surrogateescape")
    places = (path for folder in (watched.home, watched.around) for path in folder.rglob("*"))
    written = [path.read_bytes() for path in places if path.is_file()]
    assert [n for n, secret in enumerate(secrets) if any(secret in one for one in (printed, *written))] == []


def test_nothing_below_the_home_is_for_others(watched: Watched) -> None:
    modes = {path: path.stat().st_mode & 0o777 for path in (watched.home, *watched.home.rglob("*"))}
    assert len(modes) > 50
    assert {path: oct(mode) for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}
