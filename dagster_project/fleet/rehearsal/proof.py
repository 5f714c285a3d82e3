"""What became of a night, partner by partner, against the same night undisturbed: nothing lost, twice or misrouted."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_FOUND_IN = ("assignments", "responses")
"""Folders of an account into which the plan puts files."""

_Row = tuple[str, ...]
_Files = dict[Path, bytes]


@dataclass(frozen=True)
class Proof:
    """One plan's partners' folders beside what stands in them after an undisturbed night."""

    plan: str
    folders: int
    """In which something stands or should."""
    files: int
    rows: int
    """Of the tables among the files."""
    lost: int
    """Rows, and files, that should stand there and do not."""
    twice: int
    """Rows that stand there more often than they should, and files that were put there more often than once."""
    misrouted: int
    """Rows, and files, that should not stand there at all."""
    other_bytes: int
    """Files that are not the same, byte for byte."""

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.twice or self.misrouted or self.other_bytes)


def prove(plan: str, found: Path, undisturbed: Path, put: Mapping[Path, int]) -> Proof:
    """Compare the accounts' folders below `found` with those of the undisturbed night, row by row and byte by byte.

    `put` tells how often each file below `found` was put in its place.
    """
    there, due = _standing(found), _standing(undisturbed)
    folders = {path.parent for path in (*there, *due)}
    rows = {folder: (_rows(there, folder), _rows(due, folder)) for folder in sorted(folders)}
    more = [(row, times, wanted) for has, wanted in rows.values() for row, times in (has - wanted).items()]
    return Proof(
        plan,
        folders=len(folders),
        files=len(there),
        rows=sum(has.total() for has, _ in rows.values()),
        lost=sum((wanted - has).total() for has, wanted in rows.values()) + len(due.keys() - there.keys()),
        twice=sum(times for row, times, wanted in more if row in wanted) + sum(times - 1 for times in put.values()),
        misrouted=sum(times for row, times, wanted in more if row not in wanted) + len(there.keys() - due.keys()),
        other_bytes=sum(content != due[path] for path, content in there.items() if path in due),
    )


def _standing(accounts: Path) -> _Files:
    """Read what partners find, by its path below the accounts; also what a broken transfer left under another name."""
    return {
        path.relative_to(accounts): path.read_bytes()
        for folder in _FOUND_IN
        for path in sorted(accounts.glob(f"*/{folder}/*"))
    }


def _rows(files: _Files, folder: Path) -> Counter[_Row]:
    """Count the rows of the tables in a folder, whichever file they stand in; of lists of columns there are none."""
    return Counter(
        tuple(row)
        for path, content in files.items()
        if path.parent == folder and path.suffix == ".csv"
        for row in _table(content)
    )


def _table(content: bytes) -> Sequence[list[str]]:
    return list(csv.reader(content.decode("utf-8-sig").splitlines()))[1:]
