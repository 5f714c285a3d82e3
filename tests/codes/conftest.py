"""The stage of the samples."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path

import pytest

from pipelines.cli import main
from tests.codes.after_a_night import Plan, live_through_a_night
from tests.codes.partner import Partner
from tests.codes.sample import Meeting, Stage, told_by_command
from tests.copies import copy_folder


@pytest.fixture(scope="session")
def after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small plan after its first night; scenes get copies of it."""
    return copy_folder(
        live_through_a_night(tmp_path_factory.mktemp("plan")).folder, tmp_path_factory.mktemp("kept") / "plan"
    )


@pytest.fixture
def stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> Stage:
    """An empty folder, the command line and, for scenes that begin with them, a plan after a night and a partner."""
    for module, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))  # to be what it was when the test is over
    monkeypatch.setattr(logging, "lastResort", logging.lastResort)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Meeting:
        monkeypatch.setattr(sys, "argv", ["ecm-exchange", *map(str, arguments)])
        capfd.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capfd.readouterr()
        return told_by_command(code, printed.out, printed.err)

    def make_plan() -> Plan:
        return Plan(copy_folder(request.getfixturevalue("after_a_night"), tmp_path / "plan"))

    def make_partner() -> Partner:
        return Partner.on(request.getfixturevalue("sshd"), tmp_path)

    return Stage(tmp_path, run, make_plan, make_partner)
