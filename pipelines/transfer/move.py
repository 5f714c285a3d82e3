"""Putting files aside on a partner's server once they were taken: never over another file, never one that changed."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.transfer import names, sftp
from pipelines.transfer.codes import refusal_code
from pipelines.transfer.connection import Endpoint, connect
from pipelines.transfer.fetch import RemoteFile
from pipelines.transfer.protocol import Refused
from pipelines.transfer.pull import list_folder
from pipelines.transfer.retry import Retry
from pipelines.transfer.session import Steps
from pipelines.transfer.survey import survey


def put_aside(
    endpoint: Endpoint,
    folder: str,
    aside: str,
    *,
    is_done: Callable[[RemoteFile], bool],
    sleep: Callable[[float], None],
    retry: Retry = Retry(),  # noqa: B008  # frozen
) -> tuple[int, tuple[str, ...]]:
    """Move the files of `folder` that are done into the folder `aside`; returns how many, and the codes of failures.

    A file whose name is taken there gets its time of change behind it, in seconds since 1970. Raises as `pull` does.
    """
    moved: set[RemoteFile] = set()

    def visit() -> tuple[str, ...]:
        with connect(endpoint) as session:
            done = [file for file in survey(list_folder(session, folder), "*", None).candidates if is_done(file)]
            codes = []
            for place, code in session.run_all(_move(file, folder, aside) for file in done):
                if code:
                    codes.append(code)
                else:
                    moved.add(done[place])
        return tuple(sorted(codes))

    codes = retry.over_reconnects(visit, sleep)
    return len(moved), codes


def _move(file: RemoteFile, folder: str, aside: str) -> Steps[str]:
    """Move one file and return an empty code, or that of its failure."""
    path = names.join(folder, file.name)
    try:
        there = yield from sftp.lstat(path)
        if not there.is_regular or (there.size, there.modified or 0) != (file.size, file.modified):
            return "T20"
        target = names.join(aside, file.name)
        if (yield from sftp.look(target)) is not None:
            target += b".%d" % file.modified
        yield from sftp.rename(path, target)
    except Refused as refusal:
        return refusal_code(refusal, missing="T10")
    return ""
