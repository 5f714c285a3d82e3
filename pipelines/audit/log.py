"""The audit log as files of a folder: one for each month, only ever written behind its last whole line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.audit.chain import Link, read_link
from pipelines.durable import append_to

_BLOCK = 64 * 1024


@dataclass(frozen=True)
class Tail:
    """Where the log ends."""

    last: Link
    file: Path
    end: int
    """Bytes of this file up to its last line break; what a killed process left behind it is no line."""


class LogDamaged(ValueError):
    """The log's last line cannot be read."""


def files_of(folder: Path) -> list[Path]:
    """List the log's files, oldest first."""
    return sorted(folder.glob("LOG_??????.jsonl"))


def tail_of(folder: Path) -> Tail | None:
    """Read the last whole line of the log; `None` where there is none.

    Raises
    ------
    LogDamaged
        When that line is not one, or not sound in itself.
    """
    for file in reversed(files_of(folder)):
        line, end = _last_line(file)
        if end:
            try:
                last = read_link(line)
            except ValueError:
                raise LogDamaged(file.name) from None
            if not last.is_sound:
                raise LogDamaged(file.name)
            return Tail(last, file, end)
    return None


def extend(folder: Path, tail: Tail | None, links: Iterable[Link]) -> Tail | None:
    """Write links behind the tail, durably, and return the new one. A month never goes before the last one written."""
    by_file: dict[Path, list[Link]] = {}
    file = tail.file if tail is not None else folder / "LOG_000000.jsonl"
    for link in links:
        month = link.entry.business_date[:7].replace("-", "")
        file = max(file, folder / f"LOG_{month}.jsonl")
        by_file.setdefault(file, []).append(link)
    for target, together in by_file.items():
        at = tail.end if tail is not None and target == tail.file else 0
        content = b"".join(link.line() for link in together)
        append_to(target, content, at=at)
        tail = Tail(together[-1], target, at + len(content))
    return tail


def walk(folder: Path) -> Iterator[Link | None]:
    """Yield every line of the log in order; `None` for one that cannot be read. A last line without its end is none."""
    for path in files_of(folder):
        yield from _links(path)


def hash_at(folder: Path, number: int) -> str:
    """Find the hash of the entry of a number, looking from the end; empty where there is none."""
    for path in reversed(files_of(folder)):
        for link in _links(path):
            if link is not None and link.entry.number == number:
                return link.hash
    return ""


def links_after(folder: Path, number: int) -> list[Link]:
    """Read the entries behind a number, looking from the end; lines that cannot be read are left out."""
    found: list[Link] = []
    for path in reversed(files_of(folder)):
        links = [link for link in _links(path) if link is not None]
        found[:0] = later = [link for link in links if link.entry.number > number]
        if len(later) < len(links):
            break
    return found


def _links(path: Path) -> Iterator[Link | None]:
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                continue
            try:
                yield read_link(line)
            except ValueError:
                yield None


def _last_line(path: Path) -> tuple[bytes, int]:
    """Return the last line that ends, without its end, and where it ends; empty and 0 where there is none."""
    with path.open("rb") as file:
        place = file.seek(0, 2)
        read, end = b"", 0
        while place:
            step = min(_BLOCK, place)
            place -= step
            file.seek(place)
            read = file.read(step) + read
            if not end and b"\n" in read:
                end = place + read.rindex(b"\n") + 1
            if end and b"\n" in read[: end - place - 1]:
                break
        whole = read[: end - place - 1] if end else b""
        return whole.rpartition(b"\n")[2], end
