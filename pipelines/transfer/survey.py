"""A folder's listing, sorted by what is to be done with each entry, before anything is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pipelines.transfer import names
from pipelines.transfer.answers import is_meant
from pipelines.transfer.fetch import RemoteFile, SkippedFile
from pipelines.transfer.protocol import Attributes


@dataclass(frozen=True)
class Survey:
    """A folder as its listing shows it.

    Attributes
    ----------
    candidates
        Regular files that are meant (`answers.is_meant`) with safe names, and what the listing says of each.
    skipped
        What matches the pattern and is left for a reason.
    unmatched
        How many files no pattern matched.
    """

    candidates: dict[RemoteFile, Attributes]
    skipped: tuple[SkippedFile, ...]
    unmatched: int


def survey(
    listing: Iterable[tuple[bytes, Attributes]], pattern: str, marker: str | None, others: Sequence[str] = ()
) -> Survey:
    """Sort a listing; folders and markers are passed over, links and the like are told.

    With a `marker`, such as `{name}.done` or `{stem}.ok`, a file counts only where its marker stands beside it. What
    one of the `others` matches is somebody else's to read.
    """
    listing = list(listing)
    twins = names.twins(raw for raw, _ in listing)
    beside = {names.lenient(raw) for raw, seen in listing if _may_be_read(seen)}
    files = [(raw, seen) for raw, seen in listing if not seen.is_folder and not _is_marker(raw, marker)]
    matching = [(raw, seen) for raw, seen in files if is_meant(names.lenient(raw), pattern)]
    candidates: dict[RemoteFile, Attributes] = {}
    skipped: list[SkippedFile] = []
    for raw, seen in matching:
        name = raw.decode("utf-8", "surrogateescape")
        if not names.is_safe(name):
            skipped.append(SkippedFile(names.placeholder(raw), "T17"))
        elif raw in twins:
            skipped.append(SkippedFile(name, "T18"))
        elif seen.size is None or not _may_be_read(seen):
            skipped.append(SkippedFile(name, "T19"))
        elif marker is not None and marker_of(name, marker) not in beside:
            skipped.append(SkippedFile(name, "T23"))
        else:
            # Some servers show other owners and modes in a listing than for the file itself.
            candidates[RemoteFile(name, seen.size, seen.modified or 0)] = replace(seen, owner=None, mode=None)
    unmatched = sum(not any(is_meant(names.lenient(raw), each) for each in (pattern, *others)) for raw, _ in files)
    return Survey(candidates, tuple(skipped), unmatched)


def marker_of(name: str, marker: str) -> str:
    """Return the name of a file's marker."""
    return marker.replace("{name}", name).replace("{stem}", PurePosixPath(name).stem)


def _is_marker(raw: bytes, marker: str | None) -> bool:
    """Tell whether a name is that of a marker, even of one whose file is gone."""
    if marker is None:
        return False
    before, _, after = marker.replace("{stem}", "{name}").partition("{name}")
    name = names.lenient(raw)
    return len(name) > len(before) + len(after) and name.startswith(before) and name.endswith(after)


def _may_be_read(seen: Attributes) -> bool:
    """Tell whether an entry can be a regular file, as far as the listing says."""
    return seen.mode is None or seen.is_regular
