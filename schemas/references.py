"""The reference by which a row that comes back corrected says which row it corrects.

It is made of the file's id and the row's number and says nothing else. A letter in front keeps a spreadsheet program
from taking it for a number or a date, and the check at the end from counting it up when it fills cells downwards.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

_BEGINNING = 10
"""Characters of a file's id."""

_FORM = re.compile(rf"E([0-9A-F]{{{_BEGINNING}}})-([1-9][0-9]{{0,6}})-([0-9A-F]{{4}})", re.IGNORECASE)


class Reference(NamedTuple):
    """What a reference says: how the file's id begins, and the row; `check` proves both."""

    beginning: str
    row: int
    check: str

    def is_of(self, file_id: str) -> bool:
        """Tell whether it is the reference of this row of a file, and not one that was made up or changed."""
        return file_id.startswith(self.beginning) and self.check == _check(file_id, self.row)


def reference_of(file_id: str, row: int) -> str:
    """Write the reference of a row, counted from 1, of the file with this id."""
    return f"E{file_id[:_BEGINNING]}-{row}-{_check(file_id, row)}".upper()


def read_reference(text: str) -> Reference | None:
    """Read a reference; `None` for a text that is none."""
    found = _FORM.fullmatch(text.strip())
    return Reference(found[1].lower(), int(found[2]), found[3].lower()) if found else None


def _check(file_id: str, row: int) -> str:
    return hashlib.sha256(f"{file_id}|{row}".encode()).hexdigest()[:4]
