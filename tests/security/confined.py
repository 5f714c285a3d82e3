"""A process that works for a plan of a fleet, confined to it or not, and what it is told to do then.

`python -m tests.security.confined FLEET PLAN yes run --config …` runs a command; `errand` in the place of `yes` looks
for new files first. Told to `break-out`, it reads from standard input what lies with another plan, tries to get at it
in every way, and prints what it came by.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import paramiko
import pyarrow as pa

from dagster_project.fleet.errand import answer
from dagster_project.fleet.homes import FleetHomes
from pipelines.cli import main
from pipelines.containment import contain
from pipelines.homes.variables import CONFINE_VARIABLE

Attempt = tuple[str, Callable[[], object]]


def enter(fleet_file: Path, named: str) -> FleetHomes:
    """Become the process of one plan, as the run of a night does, for as long as the result is kept."""
    os.environ[CONFINE_VARIABLE] = "1"
    homes = FleetHomes(fleet_file=str(fleet_file))
    homes.of([f"2026-10-28|{named}"])
    return homes


def go_on_errand(fleet_file: Path, named: str) -> None:
    """Look for new files of one plan, as the processes do that look after plans between their nights."""
    os.environ[CONFINE_VARIABLE] = "1"
    mine, theirs = multiprocessing.Pipe(duplex=False)
    answer(theirs, str(fleet_file), named, "look", {})
    if "answer" not in (told := json.loads(mine.recv_bytes())):
        raise ValueError(told)


def looks(file: Path) -> Iterator[Attempt]:
    """Ways to come by what is in a file."""
    yield "read", file.read_bytes
    yield "run cat", lambda: subprocess.run(["/bin/cat", file], check=True, capture_output=True)
    yield "open as a store", lambda: duckdb.connect(str(file), read_only=True).close()
    yield "attach as a store", lambda: duckdb.execute(f"ATTACH '{file}' AS other (READ_ONLY); DETACH other")
    yield "read by SQL", lambda: duckdb.execute(f"FROM read_blob('{file}')").fetchall()[0]
    yield "map into memory", lambda: pa.memory_map(str(file)).close()
    yield "load as a key", lambda: paramiko.PKey.from_path(file)
    yield (
        "open as Dagster's record",
        lambda: sqlite3.connect(file.as_uri() + "?mode=ro", uri=True).execute("SELECT * FROM t"),
    )


def changes(file: Path, own: Path) -> Iterator[Attempt]:
    """Ways to change or take a file."""
    yield "write", lambda: file.open("r+b").close()
    yield "cut off", lambda: os.truncate(file, 0)
    yield "remove", file.unlink
    yield "move here", lambda: file.rename(own / "moved")
    yield "link here", lambda: (own / "linked").hardlink_to(file)
    yield "lead here", lambda: (own / "leads").symlink_to(file)
    yield "replace", lambda: (own / "run.lock").rename(file)
    yield "write beside", lambda: file.with_name("beside").touch()
    yield "list around", lambda: list(file.parent.iterdir())


def looks_at_process(pid: int) -> Iterator[Attempt]:
    """Ways to come by what a process holds."""
    held = Path("/proc") / str(pid)
    yield "read its environment", (held / "environ").read_bytes
    yield "read its memory", lambda: (held / "mem").open("rb").close()
    yield "read where its memory is", (held / "maps").read_bytes
    yield "open its files", lambda: (held / "fd" / "0").open("rb").close()
    yield "enter its folder", lambda: list((held / "cwd").iterdir())
    yield "signal it", lambda: os.kill(pid, 0)


def succeeded(attempts: Iterator[Attempt]) -> Iterator[str]:
    for name, attempt in attempts:
        try:
            attempt()
        except (OSError, duckdb.Error, pa.ArrowException, sqlite3.Error, subprocess.CalledProcessError,
                paramiko.SSHException, LookupError, ValueError):  # fmt: skip
            continue
        yield name


def break_out(files: list[str], pid: int, own: str | None) -> dict[str, list[str]]:
    """Try everything on every file; without `own`, a folder to take things to, nothing is changed."""
    gained = {file: [*succeeded(looks(Path(file)))] for file in files}
    if own is not None:
        for file in files:
            gained[file] += succeeded(changes(Path(file), Path(own)))
    gained["process"] = [*succeeded(looks_at_process(pid))]
    gained["environment"] = sorted(os.environ.keys() & {"OF_ONE", "OF_TWO"})
    return {file: names for file, names in gained.items() if names}


if __name__ == "__main__":
    contain()
    where, who, is_confined, *command = sys.argv[1:]
    if is_confined == "errand":
        go_on_errand(Path(where), who)
    homes = enter(Path(where), who) if is_confined == "yes" else None
    if command == ["break-out"]:
        sys.stdout.write(json.dumps(break_out(**json.load(sys.stdin))))
    else:
        sys.argv[1:] = command
        main()
