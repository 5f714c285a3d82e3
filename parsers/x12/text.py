"""Bytes of a segment into text: bytes are carried as Latin-1, one character a byte, and read value by value."""

from __future__ import annotations


def elements(segment: str, separator: str) -> list[str]:
    """Split a segment into its id and elements, as text."""
    parts = segment.split(separator)
    return parts if segment.isascii() else [as_text(part) for part in parts]


def as_text(value: str) -> str:
    """Read bytes carried as Latin-1: as UTF-8 if they are that, else as Windows-1252, else as they are."""
    if value.isascii():
        return value
    raw = value.encode("latin-1")
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value


def is_utf8(value: str) -> bool:
    """Tell whether bytes carried as Latin-1 are UTF-8."""
    try:
        value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
