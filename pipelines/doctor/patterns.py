"""What a pattern that matches nothing may have been meant to be, found without repeating a word of any file's name.

Every idea is the pattern itself, changed: another ending, the other case, a star more. How many files it would match is
told; names are not, since a sender may have put a person's into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

ENDINGS = (".csv", ".txt", ".dat", ".xlsx", ".xls", ".tsv", ".tab", ".psv", ".834", ".x12", ".edi")
"""Endings that files of an exchange have."""

WRAPPED = (".pgp", ".gpg", ".asc", ".zip", ".gz")
"""Endings of what is encrypted or packed, which nothing here opens."""


def nearest_idea(pattern: str, names: Iterable[str]) -> tuple[str, int] | None:
    """Return the pattern nearest to `pattern` that matches any of the names, and how many it matches."""
    names = list(names)
    for ideas in _ideas(pattern):
        counts = [(idea, sum(fnmatchcase(name, idea) for name in names)) for idea in ideas if idea != pattern]
        best = max(counts, key=lambda each: each[1], default=("", 0))
        if best[1]:
            return best
    return None


def is_wrapped(pattern: str) -> bool:
    """Tell whether a pattern is for files that are encrypted or packed."""
    return pattern.endswith(WRAPPED)


def _ideas(pattern: str) -> Iterator[list[str]]:
    """Yield ideas in rounds, those that change less first."""
    stem = pattern.removesuffix(PurePosixPath(pattern).suffix) if "." in pattern else pattern
    yield [pattern.upper(), pattern.lower(), f"{stem}{PurePosixPath(pattern).suffix.upper()}",
           f"{stem}{PurePosixPath(pattern).suffix.lower()}"]  # fmt: skip
    yield [f"{pattern}{ending}" for ending in WRAPPED]
    yield [f"{stem}{form(ending)}" for ending in ENDINGS for form in (str, str.upper)]
    yield [pattern.replace(one, other) for one in "_- " for other in ("_", "-", " ", "") if one in pattern]
    yield [f"*{pattern}", f"{pattern}*", f"*{pattern}*", f"{stem}*"]
    yield [f"{start}*" for start in _starts(pattern)][:1] or []
    yield [f"*{word}*" for word in sorted(re.findall(r"[A-Za-z]{4,}", stem), key=len, reverse=True)]


def _starts(pattern: str) -> list[str]:
    """Return what a pattern begins with before anything in it is open."""
    start = re.split(r"[*?\[]", pattern, maxsplit=1)[0].rstrip("_- .")
    return [start] if len(start) >= 3 else []
