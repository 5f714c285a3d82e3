"""Cells that a spreadsheet program would take for a formula, and the mark that keeps it from doing so.

The mark is an apostrophe in front, as people type it themselves; in what comes back it is no part of the cell.
"""

from __future__ import annotations

_SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
"""What a formula begins with, behind blanks; the last four are the full-width forms, which some keyboards write."""
_BLANKS = frozenset("\t\r\n")
_MARK = "'"


def harmless(cell: str) -> str:
    """Mark a cell that a spreadsheet program would calculate; others stay as they are."""
    return _MARK + cell if _is_formula(cell) else cell


def as_meant(cell: str) -> str:
    """Undo `harmless` in a cell that came back."""
    return cell[1:] if cell.startswith(_MARK) and _is_formula(cell[1:]) else cell


def _is_formula(cell: str) -> bool:
    return cell[:1] in _BLANKS or cell.lstrip()[:1] in _SIGNS
