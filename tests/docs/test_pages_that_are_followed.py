"""The first night and a sender's new heading, done as the pages say: typed, edited, and held against what they show."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.generated import DOCS
from tests.docs.walk import Shell, walk
from tests.openssh import AS_ROOT, sshd_program

LAST_STEP = "kill "


@dataclass(frozen=True)
class Walked:
    """A shell in the plan of the first night, whose partners are up, and what its commands told."""

    shell: Shell
    plan: Path
    statuses: list[int]


def with_free_ports(page: str) -> str:
    """Put ports that are free in place of those that the page names."""
    with ExitStack() as held:
        for port in sorted(set(re.findall(r"\b2200\d\b", page))):
            free = held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
            page = page.replace(port, str(free))
    return page


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    sshd_program()
    if AS_ROOT:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    folder, programs = tmp_path_factory.mktemp("empty"), tmp_path_factory.mktemp("bin")
    command = programs / "ecm-exchange"
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from pipelines.cli import main; main()" "$@"\n', "ascii"
    )
    command.chmod(0o700)
    known = {name: os.environ[name] for name in ("PATH", "TMPDIR", "USER", "LOGNAME") if name in os.environ}
    shell = Shell(
        folder,
        known | {"PATH": f"{programs}:{known['PATH']}", "PYTHONPATH": str(DOCS.parent), "HOME": str(programs),
                 "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    page = with_free_ports((DOCS / "first-night.md").read_text(encoding="utf-8"))
    until_here, last_step = page.split(f"```sh\n{LAST_STEP}", maxsplit=1)
    try:
        yield Walked(shell, folder / "plan", [told.status for told in walk(until_here, shell)])
    finally:
        shell.type(f"cd {folder}/plan\n{LAST_STEP}{last_step.partition('```')[0]}")
        shell.leave()


def test_the_first_night_is_what_the_page_says(first_night: Walked) -> None:
    assert set(first_night.statuses) == {0}
    (sent,) = (first_night.plan.parent / "partners" / "clinic" / "assignments").glob("*_DELTA.csv")
    assert sent.read_text(encoding="utf-8-sig").count("\n") == 28
    ticks = (first_night.plan / "CHECKLIST.md").read_text(encoding="utf-8")
    assert all(f"**{subject}**" in ticks for subject in ("source dhcs", "source referrals", "provider 2901373516"))


def test_one_file_is_edited_for_a_heading_that_a_sender_renamed_and_the_next_run_loads_what_was_held(
    first_night: Walked,
) -> None:
    page = (DOCS / "contributing" / "layout.md").read_text(encoding="utf-8")
    (name, content), *_ = re.findall(r"cat > (\S+) <<'END'\n(.*?)END\n", page, re.DOTALL)
    inbox = first_night.plan.parent / "partners" / "probation" / "outgoing"
    (inbox / name).write_text(content, encoding="utf-8")
    shell = first_night.shell
    night = "ecm-exchange run --date 2026-10-29"
    told = shell.type(night)
    assert (told.status, "files are held (1)" in told.text) == (1, True), told.text
    files = [path for folder in (first_night.plan, first_night.plan / "layouts") for path in folder.glob("*.*")]
    before = {path: path.read_bytes() for path in files}
    assert [told.status for told in walk(page, shell)] == [0, 1, 0], "the list is made, is wrong, and is right"
    assert [path.name for path, content in before.items() if path.read_bytes() != content] == ["mini_mif.toml"]
    (held,) = json.loads(shell.type("ecm-exchange quarantine list --json").text)["files"]
    assert held["code"] == "F14"
    told = shell.type(f"ecm-exchange release {held['id']} --reason 'new heading' --by 'who reads this'")
    assert told.status == 0, told.text
    told = shell.type(night)
    assert re.search(r"load referrals.*files 1, rows_in 2, rows_loaded 2", told.text), told.text
