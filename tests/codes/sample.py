"""What a sample is: a small scene in which the program itself comes to tell a code.

Samples stand in the modules `tests/codes/samples_*.py`, each as a tuple `SAMPLES`; `registry.py` gathers them. One is
written so:

    Sample("C01", "a folder without exchange.toml", lambda stage: raised(lambda: read_config(stage.folder / "no.toml")))

A scene gets a `Stage` and returns what was met there. It brings the program to the code by the way on which a person
comes to it: a file of some lines, a configuration with a fault, a command on a small home. Where the scene is a text,
the sample has it as `shown` and reads that very text: the page of the code shows it with `told`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from schemas.problems import ExchangeError
from tests.codes.after_a_night import Plan
from tests.codes.partner import Partner


class Meeting(NamedTuple):
    """What the program told in a scene."""

    codes: tuple[str, ...]
    """Every code, as often as it was told"""
    text: str
    """All that a person was told, value by value"""
    exit_code: int | None = None
    """How the command ended, or would; `None` where there is none"""


@dataclass(frozen=True)
class Stage:
    """Where a scene is played."""

    folder: Path
    """An empty folder of its own"""
    command: Callable[..., Meeting]
    """Runs `ecm-exchange` with arguments, as the shell does"""
    make_plan: Callable[[], Plan]
    """Copies a small plan after its first night into the folder"""
    make_partner: Callable[[], Partner]
    """Gives folders of their own on a real server"""


@dataclass(frozen=True)
class Sample:
    """One scene."""

    code: str
    says: str
    """What the scene is, in a few words"""
    scene: Callable[[Stage], Meeting]
    offending: tuple[str, ...] = ()
    """Values of people that stand in the scene and must not stand in what is told"""
    beside: tuple[str, ...] = ()
    """Other codes that come of the same cause"""
    told: str = ""
    """A piece of what is told, for the page"""
    shown: str = ""
    """The text of the scene, for the page; all people are invented"""
    form: str = "text"
    """What `shown` is: `csv`, `toml`, `834`, `sh` or `text`"""


def raised(action: Callable[[], object]) -> Meeting:
    """Do something that must end in a problem, and return what it tells."""
    try:
        action()
    except ExchangeError as problem:
        return Meeting((problem.code,), str(problem), problem.exit_code)
    raise AssertionError("nothing was told")


def told_by_command(exit_code: int, out: str, err: str) -> Meeting:
    """Return what a command told: the codes at the beginning of the lines of its talk, and the findings of its JSON."""
    codes = re.findall(r"^([A-Z]{1,2}\d{2}) ", err, re.MULTILINE)
    found = _findings(out)
    lines = [f"{each['place']}, {each['column'] or 'all of it'}: {each['meaning']}" for each in found]
    return Meeting((*codes, *(each["code"] for each in found)), "\n".join([out, err, *lines]), exit_code)


def _findings(out: str) -> list[dict[str, str]]:
    """Return the findings that `validate --json` lists."""
    try:
        told = json.loads(out)
    except ValueError:
        return []
    return told.get("findings", []) if isinstance(told, dict) else []
