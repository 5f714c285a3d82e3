"""What groups of processes take while something runs, by the system's own account of them; on Linux alone.

A group is some processes and all that came of them. They are looked at some times a second: of a process that lives
shorter its parent inherits the seconds, and the memory is missed.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
_LOOK_EVERY = 0.25


@dataclass
class Taken:
    """What one group of processes took."""

    cpu_seconds: float = 0.0
    """Of those that live and of those that have ended and were waited for"""
    peak_mb: float = 0.0
    """Of its largest single process"""
    together_mb: float = 0.0
    """Of all at once, the highest seen; what several share counts once for each"""


@contextmanager
def watching(groups: Mapping[str, Sequence[int]]) -> Iterator[Mapping[str, Taken]]:
    """Watch groups by the processes at their top; what they took is there when the block ends."""
    taken = {name: Taken() for name in groups}
    children = _children()
    before = {name: _cpu_seconds(_members(tops, children)) for name, tops in groups.items()}
    ended = threading.Event()

    def look() -> None:
        while True:
            last = ended.wait(_LOOK_EVERY)
            children = _children()
            for name, tops in groups.items():
                members = _members(tops, children)
                memory = [_peak_and_now(each) for each in members]
                one = taken[name]
                one.cpu_seconds = max(one.cpu_seconds, _cpu_seconds(members) - before[name])
                one.peak_mb = max([one.peak_mb, *(peak for peak, _ in memory)])
                one.together_mb = max(one.together_mb, sum(now for _, now in memory))
            if last:
                return

    thread = threading.Thread(target=look, name="watch")
    thread.start()
    try:
        yield taken
    finally:
        ended.set()
        thread.join()


def _members(tops: Sequence[int], children: Mapping[int, list[int]]) -> list[int]:
    """List processes and all below them."""
    found = list(tops)
    for each in found:
        found.extend(children.get(each, ()))
    return found


def _children() -> Mapping[int, list[int]]:
    """List the children of each process."""
    children = defaultdict[int, list[int]](list)
    for place in _PROC.iterdir():
        if place.name.isdigit() and (fields := _stat(int(place.name))):
            children[int(fields[1])].append(int(place.name))
    return children


def _cpu_seconds(members: list[int]) -> float:
    """Add up user and system time; a parent holds that of the children that it waited for."""
    return sum(sum(map(int, fields[11:15])) for fields in map(_stat, members) if fields) / _TICKS


def _stat(process: int) -> list[str]:
    """Read what the system counts of a process, from its state on; nothing when it is gone."""
    return _read(_PROC / str(process) / "stat").rpartition(")")[2].split()


def _peak_and_now(process: int) -> tuple[float, float]:
    """Read the highest and the present memory of a process in MB."""
    kibibytes = {
        line.split()[0]: int(line.split()[1])
        for line in _read(_PROC / str(process) / "status").splitlines()
        if "kB" in line
    }
    return kibibytes.get("VmHWM:", 0) * 1024 / 1e6, kibibytes.get("VmRSS:", 0) * 1024 / 1e6


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
