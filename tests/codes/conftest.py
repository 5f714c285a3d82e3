"""The stage of the samples."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path

import pytest

from pipelines.cli import main
from tests.codes.sample import Meeting, Stage, told_by_command


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Stage:
    """An empty folder, and the command line."""
    for module, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))  # to be what it was when the test is over
    monkeypatch.setattr(logging, "lastResort", logging.lastResort)

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

    return Stage(tmp_path, run)
