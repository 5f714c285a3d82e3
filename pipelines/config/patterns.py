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
