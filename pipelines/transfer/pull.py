"""Landing what partners left for us: which files of a folder are taken, and that they are taken whole.

A file is taken when its name is safe and matches the pattern, it is a regular file not known yet, and it rested for a
while. It stays on the server. Whether its bytes were seen before is for the ledger to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeVar

from pipelines.transfer import names, sftp
from pipelines.transfer.codes import fault, refusal_code
from pipelines.transfer.connection import Endpoint, connect
from pipelines.transfer.fetch import LandedFile, RemoteFile, SkippedFile, fetch
from pipelines.transfer.protocol import Attributes, Refused
from pipelines.transfer.retry import Retry
from pipelines.transfer.session import Session
from schemas.problems import PartnerUnreachable

_F = TypeVar("_F", LandedFile, SkippedFile)

__all__ = ["LandedFile", "Pulled", "RemoteFile", "SkippedFile", "pull"]


@dataclass(frozen=True)
class Pulled:
    """What a visit to a folder brought.

    Attributes
    ----------
    files
        What landed, by name.
    skipped
        What matches the pattern and was left for a reason, by name.
    known
        How many files the ledger had already.
    unmatched
        How many files no pattern matched: a partner may have changed its way of naming.
    problem
        What ended the visit before all was read; what had landed by then is here all the same.
    """

    files: tuple[LandedFile, ...]
    skipped: tuple[SkippedFile, ...]
    known: int = 0
    unmatched: int = 0
    problem: PartnerUnreachable | None = None


@dataclass(frozen=True)
class _Survey:
    """A folder's listing, sorted by what is to be done."""

    candidates: dict[RemoteFile, Attributes]
    skipped: tuple[SkippedFile, ...]
    unmatched: int


def pull(
    endpoint: Endpoint,
    folder: str,
    pattern: str,
    landing: Path,
    *,
    is_known: Callable[[RemoteFile], bool],
    stable_for: float,
    sleep: Callable[[float], None],
    retry: Retry = Retry(),  # noqa: B008  # frozen
) -> Pulled:
    """Land the new files of `folder` whose name matches the shell `pattern`, as `landing/<first two>/<sha256>`.

    `is_known` tells whether a file of this name, size and time is in the ledger. A file is taken when it did not change
    for `stable_for` seconds; they are slept once. One file's failure never stops the others. Raises
    `PartnerUnreachable` when nothing landed before the connection was lost for good, and `TransferFault` T10, T11 or
    T14 when the folder as a whole cannot be listed.
    """
    landed: dict[RemoteFile, LandedFile] = {}

    def visit() -> Pulled:
        with connect(endpoint) as session:
            survey = _survey(_listing(session, folder), pattern)
            new = {file: seen for file, seen in survey.candidates.items() if file in landed or not is_known(file)}
            wanted = [(file, seen) for file, seen in new.items() if file not in landed]
            if wanted and stable_for > 0:
                sleep(stable_for)
            skipped = list(survey.skipped)
            conversations = (
                fetch(
                    names.join(folder, file.name),
                    file,
                    seen,
                    landing,
                    session.offer,
                    key=f"{endpoint.name}/{folder}/{file.name}",
                )
                for file, seen in wanted
            )
            for place, result in session.run_all(conversations):
                if isinstance(result, LandedFile):
                    landed[wanted[place][0]] = result
                else:
                    skipped.append(result)
        return Pulled(_by_name(landed.values()), _by_name(skipped), len(survey.candidates) - len(new), survey.unmatched)

    try:
        return retry.over_reconnects(visit, sleep)
    except PartnerUnreachable as problem:
        if not landed:
            raise
        return Pulled(_by_name(landed.values()), (), problem=problem)


def _by_name(files: Iterable[_F]) -> tuple[_F, ...]:
    return tuple(sorted(files, key=lambda file: file.name))


def _listing(session: Session, folder: str) -> list[tuple[bytes, Attributes]]:
    try:
        return session.run(sftp.listing(folder.encode()))
    except Refused as refusal:
        raise fault(refusal_code(refusal, missing="T10"), f"{session.where}: {folder or '.'}") from None


def _survey(listing: list[tuple[bytes, Attributes]], pattern: str) -> _Survey:
    """Sort a listing; folders are passed over, links and the like are told."""
    files = [(raw, seen) for raw, seen in listing if not seen.is_folder]
    matching = [(raw, seen) for raw, seen in files if fnmatchcase(names.lenient(raw), pattern)]
    twins = names.twins(raw for raw, _ in listing)
    candidates: dict[RemoteFile, Attributes] = {}
    skipped: list[SkippedFile] = []
    for raw, seen in matching:
        name = raw.decode("utf-8", "surrogateescape")
        if not names.is_safe(name):
            skipped.append(SkippedFile(names.placeholder(raw), "T17"))
        elif raw in twins:
            skipped.append(SkippedFile(name, "T18"))
        elif seen.size is None or (seen.mode is not None and not seen.is_regular):
            skipped.append(SkippedFile(name, "T19"))
        else:
            # Some servers show other owners and modes in a listing than for the file itself.
            candidates[RemoteFile(name, seen.size, seen.modified or 0)] = replace(seen, owner=None, mode=None)
    return _Survey(candidates, tuple(skipped), len(files) - len(matching))
