"""What is moved: a large file each way, many small files, and the names in a folder; and whether it truly was."""

from __future__ import annotations

import filecmp
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import FailedError

_MEGABYTE = 1_000_000
_SMALL = 20 * 1024
_A_FOLDER = 10
"""Small files in each folder."""
LISTED = "listed"
"""The file in the target folder into which a listing goes."""


@dataclass(frozen=True)
class Scene:
    """One thing to do.

    Attributes
    ----------
    what
        As the clients of `benchmarks` are told.
    source
        File or folder; `few` is a smaller one for who would take minutes over a long line.
    amount, few_amount
        How much that is, in `unit`.
    """

    name: str
    what: str
    unit: str
    source: Path
    amount: int
    few: Path
    few_amount: int

    def make_target(self, target: Path) -> None:
        """Make an empty target; small files find their folders there, as a provider's files do."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        if self.what == "send" and self.source.is_dir():
            for folder in self.source.iterdir():
                (target / folder.name).mkdir()

    def check(self, who: str, source: Path, target: Path) -> None:
        """Raise `FailedError` unless everything in `source` was moved."""
        if self.what == "names":
            listed = target / LISTED
            is_whole = not listed.exists() or len(listed.read_bytes().splitlines()) == sum(1 for _ in source.iterdir())
        elif source.is_file():
            # Landed files lie under their hash.
            is_whole = any(_is_same(source, path) for path in target.rglob("*"))
        else:
            is_whole = all(
                _is_same(path, target / path.relative_to(source)) for path in source.rglob("*") if path.is_file()
            )
        if not is_whole:
            raise FailedError(f"{who} did not move everything: {self.name}")


def _is_same(path: Path, other: Path) -> bool:
    return other.is_file() and filecmp.cmp(path, other, shallow=False)


def make_scenes(folder: Path, megabytes: int, files: int, names: int) -> tuple[Scene, ...]:
    """Make everything that is moved, below `folder`."""
    large = folder / "large"
    with large.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(_MEGABYTE))
    few = min(files, 5 * _A_FOLDER)
    small, small_few = (_small_files(folder / f"small-{count}", count) for count in (files, few))
    listed = _empty_files(folder / "names", names)
    return (
        Scene("large file down", "receive", "MB", large, megabytes, large, megabytes),
        Scene("large file up", "send", "MB", large, megabytes, large, megabytes),
        Scene("small files up", "send", "files", small, files, small_few, few),
        Scene("names in a folder", "names", "names", listed, names, listed, names),
    )


def _small_files(folder: Path, count: int) -> Path:
    for number in range(count):
        path = folder / f"{number // _A_FOLDER:03}" / f"roster-{number:05}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(_SMALL))
    return folder


def _empty_files(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"roster-{number:06}.csv").touch()
    return folder
