"""What is told of a code: one shape for all of them, whoever gives it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schemas.problems import ExitCode


@dataclass(frozen=True)
class Effect:
    """What a code does to the thing it stands on, and who hears of it."""

    does: str
    told: str


@dataclass(frozen=True)
class Explained:
    """One code as its page tells it. Texts are sentences of plain English; what is to be typed stands in backquotes."""

    code: str
    meaning: str
    """What is the matter, without a capital or a full stop: it is part of a longer sentence elsewhere."""
    why: str
    """How it comes to that."""
    do: tuple[str, ...]
    """What to do now, step by step."""
    effect: Effect
    example: str
    """How it looks in life, in a line; people and names in it are invented."""
    exit_code: ExitCode | None = None
    """How the command ends that meets it; `None` where that depends on the command, as `effect` says."""
    parts: tuple[tuple[str, str], ...] = ()
    """What it may say in particular, each with its meaning, where it stands for several things."""

    @property
    def family(self) -> str:
        """The letters of the code that it shares with its like."""
        return re.sub(r"\d+$", "", self.code)

    @property
    def commands(self) -> tuple[str, ...]:
        """What of `do` can be typed."""
        return tuple(typed for step in self.do for typed in re.findall(r"`([^`]+)`", step))
