"""Regular expressions that a plan writes into its configuration."""

from __future__ import annotations

import re


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern.

    Raises
    ------
    ValueError
        When it is none, or more than the standard library's compiler can take; without the pattern.
    """
    try:
        return re.compile(pattern)
    except re.error as mistake:
        raise ValueError(f"not a regular expression: {mistake.msg}") from None
    except (OverflowError, RecursionError):
        raise ValueError("not a regular expression: it repeats too often or is nested too deeply") from None


def may_match_one_name(one: str, other: str) -> bool:
    """Tell whether a file's name can match both shell patterns; a set of characters is taken for any character."""
    left, right = _steps(one), _steps(other)
    reached = going = {(0, 0)}
    while going:
        going = {
            (at + here, place + there)
            for at, place in going
            for here, there in _onward(left[at : at + 1], right[place : place + 1])
        } - reached
        reached = reached | going
    return (len(left), len(right)) in reached


def _steps(pattern: str) -> list[str]:
    return re.findall(r"\[!?\]?[^]]*\]|.", pattern, re.DOTALL)


def _onward(one: list[str], other: list[str]) -> set[tuple[int, int]]:
    """How far each of two patterns may go on: a star ends or takes a character of the other, all else goes together."""
    if ["*"] in (one, other):
        return {(1, 0)} if not other else {(0, 1)} if not one else {(1, 0), (0, 1)}
    return {(1, 1)} if one and other and _agree(*one, *other) else set()


def _agree(one: str, other: str) -> bool:
    return one == other or any(step == "?" or len(step) > 1 for step in (one, other))
