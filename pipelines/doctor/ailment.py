"""What was looked at and what was found: every ailment has a name that stays, a meaning and what mends it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

State = Literal["fine", "look", "wrong"]


@dataclass(frozen=True)
class Kind:
    """An ailment as `ailments.toml` has it; `{words}` in braces are filled in when it is found.

    Attributes
    ----------
    name
        By which programs and pages know it; it is never given to another.
    group
        What kind of thing has it.
    means
        What it would do to a night.
    do
        What mends it, a sentence or two.
    command
        What to type, a line each, or which line a file has to have; empty where there is nothing to type.
    """

    name: str
    group: str
    state: State
    means: str
    do: str
    command: str = ""


@dataclass(frozen=True)
class Ailment:
    """One thing looked at: fine, worth a look, or wrong.

    Attributes
    ----------
    name
        Of the kind of ailment; `fine` where there is none.
    subject
        The one key, server, partner, folder or setting that was looked at.
    what
        What was found there, without a word of any file.
    means
        What it does to a night.
    remedy, command
        What to do about it, and what to type.
    """

    name: str
    group: str
    subject: str
    state: State
    what: str
    means: str = ""
    remedy: str = ""
    command: str = ""


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of ailment by its name, in the order of the groups and of the pages."""
    raw = tomllib.loads(Path(__file__).with_name("ailments.toml").read_text(encoding="utf-8"))
    return {name: Kind(name, **told) for name, told in raw.items()}


def found(name: str, subject: str, what: str, **words: object) -> Ailment:
    """Build an ailment of a kind; `words` fill in what its remedy leaves open."""
    kind = kinds()[name]
    means, remedy, command = (text.strip().format(**words) for text in (kind.means, kind.do, kind.command))
    return Ailment(name, kind.group, subject, kind.state, what, means, remedy, command)


def fine(group: str, subject: str, what: str) -> Ailment:
    """Say of something that it is as it should be."""
    return Ailment("fine", group, subject, "fine", what)


def counted(number: int, noun: str) -> str:
    """Say how many of something there are."""
    return f"{number} {noun}{'s' * (number != 1)}"
