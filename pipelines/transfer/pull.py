"""Landing what partners left for us: which files of a folder are taken, and that they are taken whole.

A file is taken when its name is safe and matches the pattern, it is a regular file not known yet, and it rested for a
while or its sender says by a marker that it is whole. It stays on the server. Whether its bytes were seen before is for
the ledger to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pipelines.transfer import names, sftp
from pipelines.transfer.codes import fault, refusal_code
from pipelines.transfer.connection import Endpoint, connect
from pipelines.transfer.fetch import LandedFile, RemoteFile, SkippedFile, fetch
from pipelines.transfer.landing import free_bytes
from pipelines.transfer.protocol import Attributes, Refused
from pipelines.transfer.retry import Retry
from pipelines.transfer.session import Session, Steps
from pipelines.transfer.survey import Survey, survey
from schemas.problems import PartnerUnreachable

_F = TypeVar("_F", LandedFile, RemoteFile, SkippedFile)

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
    left
        New files that did not land, as they were seen, by name: the next look compares.
    problem
        What ended the visit before all was read; what had landed by then is here all the same.
    """

    files: tuple[LandedFile, ...]
    skipped: tuple[SkippedFile, ...]
    known: int = 0
    unmatched: int = 0
    left: tuple[RemoteFile, ...] = ()
    problem: PartnerUnreachable | None = None


def pull(
    endpoint: Endpoint,
    folder: str,
    pattern: str,
    landing: Path,
    *,
    is_known: Callable[[RemoteFile], bool],
    stable_for: float,
    sleep: Callable[[float], None],
    rested: Callable[[RemoteFile], float] = lambda _: 0.0,
    marker: str | None = None,
    others: Sequence[str] = (),
    retry: Retry = Retry(),  # noqa: B008  # frozen
) -> Pulled:
    """Land the new files of `folder` whose name matches the shell `pattern`, as `landing/<first two>/<sha256>`.

    An answer to such a file that came back counts as one, whatever its sender saved it as (`answers.is_meant`).

    `is_known` tells whether a file of this name, size and time is in the ledger. A file is taken when two looks at
    least `stable_for` seconds apart found it the same: `rested` tells for how long earlier looks found it as it is now,
    and what is missing of that is slept once, after the others were read. With a `marker` (see `survey`) a file is
    taken as soon as that stands beside it. Files that one of the patterns `others` matches are left to whoever reads
    those. One file's failure never stops the others.

    Raises `PartnerUnreachable` when nothing landed before the connection was lost for good, and `TransferFault` T10,
    T11 or T14 when the folder as a whole cannot be listed.
    """
    haul = _Haul(endpoint, folder, landing)

    def visit() -> Pulled:
        with connect(endpoint) as session:
            found = survey(list_folder(session, folder), pattern, marker, others)
            new = [file for file in found.candidates if file in haul.landed or not is_known(file)]
            wanted, skipped = _what_fits([file for file in new if file not in haul.landed], landing)
            haul.begin(found, new, skipped)
            waits = {file: 0 if marker else max(0.0, stable_for - rested(file)) for file in wanted}
            haul.bring(session, [file for file in wanted if not waits[file]])
            if late := [file for file in wanted if waits[file]]:
                sleep(max(waits.values()))
                haul.bring(session, late)
        return haul.brought(known=len(found.candidates) - len(new))

    try:
        return retry.over_reconnects(visit, sleep)
    except PartnerUnreachable as problem:
        if not haul.landed:
            raise
        return haul.brought(problem=problem)


class _Haul:
    """What was brought so far, over all connections that it takes."""

    def __init__(self, endpoint: Endpoint, folder: str, landing: Path) -> None:
        self._endpoint, self._folder, self._landing = endpoint, folder, landing
        self.landed: dict[RemoteFile, LandedFile] = {}
        self._found = Survey({}, (), 0)
        self._new: Sequence[RemoteFile] = ()
        self._skipped: list[SkippedFile] = []

    def begin(self, found: Survey, new: Sequence[RemoteFile], skipped: Iterable[SkippedFile]) -> None:
        """Begin a visit: what an earlier one left may be read now."""
        self._found, self._new, self._skipped = found, new, [*found.skipped, *skipped]

    def bring(self, session: Session, files: Sequence[RemoteFile]) -> None:
        """Land files side by side, and those that the server failed at without a reason once more, one by one.

        A server that is short of handles, memory or processes says no more than that it failed.
        """
        again = []
        for place, result in session.run_all(self._fetching(session, file) for file in files):
            if isinstance(result, SkippedFile) and result.code == "T14":
                again.append(files[place])
            else:
                self._keep(files[place], result)
        for file in sorted(again, key=files.index):
            self._keep(file, session.run(self._fetching(session, file)))

    def brought(self, *, known: int = 0, problem: PartnerUnreachable | None = None) -> Pulled:
        return Pulled(
            _by_name(self.landed.values()),
            () if problem else _by_name(self._skipped),
            known,
            self._found.unmatched,
            _by_name(file for file in self._new if file not in self.landed),
            problem,
        )

    def _fetching(self, session: Session, file: RemoteFile) -> Steps[LandedFile | SkippedFile]:
        path, key = names.join(self._folder, file.name), f"{self._endpoint.name}/{self._folder}/{file.name}"
        return fetch(path, file, self._found.candidates[file], self._landing, session.offer, key)

    def _keep(self, file: RemoteFile, result: LandedFile | SkippedFile) -> None:
        if isinstance(result, LandedFile):
            self.landed[file] = result
        else:
            self._skipped.append(result)


def _what_fits(files: Iterable[RemoteFile], landing: Path) -> tuple[list[RemoteFile], list[SkippedFile]]:
    """Part the files, in their order, that the landing folder's disk has room for from those it has none for."""
    fitting, skipped = [], []
    free = free_bytes(landing)
    for file in sorted(files, key=lambda file: file.name):
        if file.size <= free:
            free -= file.size
            fitting.append(file)
        else:
            skipped.append(SkippedFile(file.name, "T24"))
    return fitting, skipped


def _by_name(files: Iterable[_F]) -> tuple[_F, ...]:
    return tuple(sorted(files, key=lambda file: file.name))


def list_folder(session: Session, folder: str) -> list[tuple[bytes, Attributes]]:
    """Return a folder's raw listing. Raises `TransferFault` T10, T11 or T14."""
    try:
        return session.run(sftp.listing(folder.encode()))
    except Refused as refusal:
        raise fault(refusal_code(refusal, missing="T10"), f"{session.where}: {folder or '.'}") from None
