"""A small demo, run once, whose folder the commands are tried on; its server is up while a test asks for it."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.cli import demo, main, screen
from pipelines.cli.partners import serving_partners
from pipelines.config import read_config, read_roster
from tests.security.canaries import people_in

SHOWING_PEOPLE = {"explain", "identity", "--cin", "--members", "--list", "show", "demo", "-"}
"""Commands and options whose result is for eyes that may see it."""


@dataclass(frozen=True)
class Told:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Told]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run `ecm-exchange` with arguments, as the shell does."""
    for module, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))  # to be what it was when the test is over
    monkeypatch.setattr(logging, "lastResort", logging.lastResort)

    for console in (screen.out, screen.talk):
        monkeypatch.setattr(console, "width", screen.UNBOUNDED)  # as in a pipe, however wide the screen of the tests is

    def run(*arguments: str | Path) -> Told:
        monkeypatch.setattr(sys, "argv", ["ecm-exchange", *map(str, arguments)])
        capfd.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capfd.readouterr()
        if not SHOWING_PEOPLE & set(map(str, arguments)):
            assert people_in(printed.out + printed.err) == 0, "this command is to name nobody"
        return Told(code, printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished demo."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(io.StringIO()):
        # Tests of other processes have demos too: none may take the usual port, which another comes back to.
        patched.setattr(demo, "PORT", 0)
        patched.setattr(demo, "SHOWN", 1)
        demo.demo(folder=folder, members=60, days=6, seed=1)  # names some people, for the reader to look them up
    return folder


@pytest.fixture(scope="session")
def people(demo_folder: Path) -> dict[str, str]:
    """CINs of the named people by their key."""
    told = json.loads((demo_folder / "story.json").read_text(encoding="utf-8"))
    return {person["key"]: person["cin"] for person in told}


@pytest.fixture
def partners(demo_folder: Path) -> Iterator[None]:
    """The partners' server of the demo, up again."""
    config = read_config(demo_folder / "exchange.toml")
    with serving_partners(demo_folder, config, read_roster(config.delivery.providers)):
        yield
