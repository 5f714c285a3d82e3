"""Text that shows what it is: whatever a partner wrote, it neither steers a terminal nor reads other than it stands."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidirectional marks are such), surrogate, private, unassigned, line and paragraph separators."""

_INSTEAD = "\N{REPLACEMENT CHARACTER}"


def is_visible(text: str) -> bool:
    """Tell whether every character shows by itself."""
    return text.isprintable() or not any(map(_unseen, text))


def visible(text: str) -> str:
    """Put a mark of the same width in place of each character that does not show; line feeds stay."""
    if text.isprintable():
        return text
    return "".join(_INSTEAD if _unseen(character) and character != "\n" else character for character in text)


def visible_json(text: str) -> str:
    r"""Write the characters that do not show as `\u` and four digits: the same JSON, safe on a terminal."""
    return "".join(_escaped(character) if _unseen(character) and character != "\n" else character for character in text)


def _unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
