"""Names of answers: what a list is answered under, and under which of these names it may come back corrected.

A person saves an answer as a workbook, downloads it twice, or marks it as corrected: `LIST_20261103.response.csv` comes
back as `LIST_20261103.response (1).xlsx`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

ANSWER = ".response"
"""Between the stem of a file's name and the ending of what answers it."""

_ENDINGS = re.compile(r"(?:\.(?:csv|txt|tsv|tab|psv|xlsx))+$", re.IGNORECASE)
_ANSWERED = re.compile(r"(?P<stem>.+?)(?:\.\d{1,4})?\.response(?P<remark>[^.]{0,40})$", re.IGNORECASE)
"""A number tells answers to files of one stem apart; a remark is what people and their programs put behind."""


@dataclass(frozen=True)
class Corrected:
    """What the name of a file that answers one, and came back, says.

    Attributes
    ----------
    stem
        Of the file that was answered first.
    times
        How many answers lie between.
    answer
        Stem of the answer that came back, as it was sent.
    """

    stem: str
    times: int
    answer: str


def corrected(name: str) -> Corrected | None:
    """Read the name of a file that came back corrected; `None` when it is not named after an answer."""
    stem, times, answer = _ENDINGS.sub("", name), 0, ""
    while found := _ANSWERED.fullmatch(stem):
        if not times:
            answer = stem.removesuffix(found["remark"])
        stem, times = found["stem"], times + 1
    return Corrected(stem, times, answer) if times else None


def is_meant(name: str, pattern: str) -> bool:
    """Tell whether a file's name matches a source's shell `pattern`, or is that of an answer to one that does."""
    if fnmatchcase(name, pattern):
        return True
    came_back = corrected(name)
    return came_back is not None and fnmatchcase(came_back.stem + PurePosixPath(pattern).suffix, pattern)
