"""What lies in a depot beside the objects: checkpoints of a home, and what its audit log came to since the last one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from pipelines.audit.chain import Link, read_link
from pipelines.homes.depot import PIECE, Depot

CHECKPOINTS = "checkpoints"
TAILS = "tails"


@dataclass(frozen=True)
class Filed:
    """A file of a home and the objects it is made of, in their order."""

    path: str
    """Below the home."""
    size: int
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class HomeCheckpoint:
    """A whole home as it was, and how far its store had come."""

    store: str
    opening: int
    entries: int
    head: str
    """Hash of the last entry of the audit log."""
    business_date: str
    """Of the last night that had been begun, as ISO 8601; empty when there was none."""
    rows: Mapping[str, int]
    """Of the store, by table."""
    folders: Mapping[str, str]
    """The object that lists the files of a folder, by the folder."""

    @property
    def name(self) -> str:
        """Sorts by night and by how far the store had come; its last part is its own hash."""
        night = self.business_date.replace("-", "") or "00000000"
        return f"{night}_{self.opening:06d}_{self.entries:09d}_{hashlib.sha256(self.content()).hexdigest()[:16]}"

    @property
    def night(self) -> date | None:
        """The last night that had been begun."""
        return date.fromisoformat(self.business_date) if self.business_date else None

    def content(self) -> bytes:
        """Write it as the file that it is."""
        return _json(asdict(self))


@dataclass(frozen=True)
class Page:
    """Rows that were added to a journal file: where they begin in it, and the objects they are."""

    file: str
    offset: int
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class Segment:
    """Entries of the audit log that followed on each other, the rows they tell of, and files that came with them."""

    previous: str
    """Name of the segment before; empty where it follows on the checkpoint."""
    lines: tuple[str, ...]
    pages: tuple[Page, ...]
    files: tuple[Filed, ...]

    @property
    def links(self) -> list[Link]:
        """The entries in the chain."""
        return [read_link(line.encode("ascii")) for line in self.lines]


def entries_of(checkpoint: str) -> int:
    """Tell from its name how many entries the audit log of a checkpoint has."""
    return int(checkpoint.split("_")[2])


def segment_name(entries: int, head: str) -> str:
    """Return the name of the segment that ends with an entry."""
    return f"{entries:09d}_{head}"


def write_checkpoint(depot: Depot, checkpoint: HomeCheckpoint) -> None:
    """Write a checkpoint, whose objects are all there, durably."""
    depot.write(f"{CHECKPOINTS}/{checkpoint.name}.json", checkpoint.content())


def read_checkpoint(depot: Depot, name: str) -> HomeCheckpoint:
    """Read a checkpoint.

    Raises
    ------
    DepotFault
        S23 when it is gone or not as it was written.
    """
    place = f"{CHECKPOINTS}/{name}.json"
    try:
        checkpoint = HomeCheckpoint(**json.loads(depot.read(place)))
        if checkpoint.name == name:
            return checkpoint
    except (ValueError, TypeError, AttributeError):
        pass
    raise depot.damaged(place)


def checkpoints_in(depot: Depot) -> list[str]:
    """List the names of the checkpoints, the newest last."""
    return [name.removesuffix(".json") for name in depot.names(CHECKPOINTS)]


def files_of(depot: Depot, lists: Iterable[str]) -> list[Filed]:
    """Read lists of files, such as a checkpoint has for its folders."""
    return [
        Filed(each["path"], each["size"], tuple(each["pieces"]))
        for some in depot.together(depot.get, lists)
        for each in json.loads(some)
    ]


def file_in_folders(depot: Depot, files: Iterable[Filed]) -> dict[str, str]:
    """Write the lists of files by folder, as objects: that of a folder in which nothing changed is there already."""
    by_folder: dict[str, list[Filed]] = {}
    for filed in sorted(files, key=lambda each: each.path):
        by_folder.setdefault(folder_of(filed.path), []).append(filed)
    lists = [_json([asdict(filed) for filed in some]) for some in by_folder.values()]
    return dict(zip(by_folder, depot.together(depot.put, lists), strict=True))


def folder_of(path: str) -> str:
    """Return under which folder a file is listed: at most two deep, so that a list is neither long nor one of many."""
    return "/".join(PurePosixPath(path).parts[:-1][:2]) or "."


def write_segment(depot: Depot, checkpoint: str, segment: Segment) -> str:
    """Write a segment behind a checkpoint, durably, and return its name."""
    last = segment.links[-1]
    name = segment_name(last.entry.number, last.hash)
    told = asdict(segment)
    told["check"] = hashlib.sha256(_json(told)).hexdigest()
    depot.write(f"{TAILS}/{checkpoint}/{name}.json", _json(told))
    return name


def read_tail(depot: Depot, checkpoint: HomeCheckpoint, entries: int, head: str) -> list[Segment]:
    """Read what follows a checkpoint up to an entry, the oldest first.

    Raises
    ------
    DepotFault
        S23 when some of it is gone, was changed, or does not follow on.
    """
    segments: list[Segment] = []
    name = segment_name(entries, head) if (entries, head) != (checkpoint.entries, checkpoint.head) else ""
    while name:
        segments.append(read_segment(depot, f"{TAILS}/{checkpoint.name}/{name}.json"))
        name = segments[-1].previous
    segments.reverse()
    number, previous = checkpoint.entries, checkpoint.head
    for link in (link for segment in segments for link in segment.links):
        number += 1
        if not link.is_sound or (link.entry.number, link.previous) != (number, previous):
            raise depot.damaged(f"{TAILS}/{checkpoint.name}")
        previous = link.hash
    if (number, previous) != (entries, head):
        raise depot.damaged(f"{TAILS}/{checkpoint.name}")
    return segments


def cut(content: bytes) -> list[bytes]:
    """Cut bytes into pieces; what is empty is one that is."""
    return [content[start : start + PIECE] for start in range(0, len(content), PIECE)] or [b""]


def read_segment(depot: Depot, place: str) -> Segment:
    """Read a segment.

    Raises
    ------
    DepotFault
        S23 when it is gone or not as it was written.
    """
    try:
        told: dict[str, Any] = json.loads(depot.read(place))
        check = told.pop("check")
        if check == hashlib.sha256(_json(told)).hexdigest():
            return Segment(
                told["previous"],
                tuple(told["lines"]),
                tuple(Page(each["file"], each["offset"], tuple(each["pieces"])) for each in told["pages"]),
                tuple(Filed(each["path"], each["size"], tuple(each["pieces"])) for each in told["files"]),
            )
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise depot.damaged(place)


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
