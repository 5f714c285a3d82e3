"""Find what a person means by a code, as it stands on a screen or was said on the phone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from parsers.x12.acknowledgement.codes import ELEMENT_CODES, SEGMENT_CODES, UNLISTED_ELEMENT, UNLISTED_SEGMENT
from pipelines.codes.acknowledgements import LEVELS
from pipelines.codes.catalogue import CODES
from pipelines.codes.exits import EXITS
from pipelines.codes.explained import Explained
from schemas.problems import ExchangeError, ExitCode
from schemas.rules import RULES, Rule

_LEVEL = re.compile(rf"\b({'|'.join(LEVELS)}):(\w+)$")
_OF_ELEMENT = re.compile(rf"({'|'.join(LEVELS.values())})[ :*=-]+(\w+)")
_ALIKE = {"SEG": (SEGMENT_CODES, UNLISTED_SEGMENT), "ELE": (ELEMENT_CODES, UNLISTED_ELEMENT)}


class CodeUnknown(ExchangeError):
    """Nothing here has this code."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True)
class Found:
    """What has this code: a code, a rule of the field, both, or the number by which a command ended."""

    code: Explained | None = None
    part: str = ""
    """The one of the code's parts that is meant."""
    rule: Rule | None = None
    exit_number: int | None = None


def look_up(text: str) -> Found:
    """Find a code in whatever case, with or without brackets, or a place and code of the 834 such as `DMG02 ELE:8`.

    The name of a check that stops the night leads to the code that it is told with.

    Raises
    ------
    CodeUnknown
        With the closest ones, when there is none.
    """
    asked = re.sub(r"[\[\]`'\"]", "", text).strip().upper()
    if asked.isdecimal() and int(asked) in EXITS:
        return Found(exit_number=int(asked))
    if (name := asked.lower()) in dict(CODES["K01"].parts):
        return Found(CODES["K01"], name)
    if level := _LEVEL.search(asked):
        known, unlisted = _ALIKE.get(level[1], ({}, level[2]))
        return Found(CODES[LEVELS[level[1]]], known.get(level[2], unlisted))
    if of_element := _OF_ELEMENT.fullmatch(asked):
        return Found(CODES[of_element[1]], of_element[2])
    code, rule = CODES.get(asked), RULES.get(asked)
    if code is None and rule is None and re.fullmatch(r"[A-Z]\d", asked):
        code = CODES.get(f"{asked[0]}0{asked[1]}")
    if code is None and rule is None:
        raise CodeUnknown(
            "E03", f"there is no code of this name{_closest(asked)}", remedy="See `ecm-exchange explain-code`."
        )
    return Found(code, rule=rule)


def namesake(found: Found) -> str:
    """Say in a sentence which other thing has nearly the same name; empty where there is none."""
    if found.code is not None and found.rule is None:
        rule = RULES.get(re.sub(r"^R0", "R", found.code.code))
        return f"Another thing is the rule {rule.id}: {rule.says}" if rule is not None else ""
    if found.rule is not None and found.code is None:
        code = CODES.get(f"R0{found.rule.id[1:]}")
        return f"Another thing is the code of rows {code.code}: {code.meaning}." if code is not None else ""
    return ""


def _closest(asked: str) -> str:
    close = get_close_matches(asked.replace("O", "0"), [*CODES, *RULES], n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(close)}?" if close else ""
