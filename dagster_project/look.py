"""A look at partners' folders between two nights: what is there that the ledger does not know. Nothing is fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass, replace

from pipelines.config import ExchangeConfig, Source
from pipelines.intake.endpoints import endpoint_of
from pipelines.intake.sightings import keep_sightings, read_sightings
from pipelines.transfer.lanes import Errand, lane_of, side_by_side
from pipelines.transfer.pull import RemoteFile, pull
from pipelines.transfer.retry import Retry, is_gone, not_tried
from pipelines.warehouse import open_published
from schemas.problems import ExchangeError

Known = Container[tuple[str, str, int, int]]
"""Source, name, size and modification time of the files in the ledger."""

_Listed = tuple[Source, list[RemoteFile] | ExchangeError]

PATIENCE = 6.0
"""Seconds for each step of connecting and for each answer: the orchestrator ends a look after a minute."""

TIME_LIMIT = 20.0
"""Seconds for one source as a whole."""

ATTEMPTS = 3
"""Runs for one and the same set of new files before a person is needed."""


@dataclass(frozen=True)
class Look:
    """What one look at all sources found."""

    new_files: int
    digest: str
    """Stands for the new files with their sizes; empty when there are none. Names do not show in it."""
    unreachable: tuple[str, ...]
    """Sources that could not be reached, which will pass by itself."""
    refused: tuple[tuple[str, ExchangeError], ...]
    """Sources with what will not pass by itself, such as another host key or a missing folder."""


def recorded_files(config: ExchangeConfig) -> Known:
    """List what the last published ledger knows; nothing before the first night."""
    if not (config.home / "published.duckdb").exists():
        return frozenset()
    with open_published(config.home) as warehouse:
        return frozenset(warehouse.rows("SELECT source, name, size, modified FROM ledger.files"))


def look(config: ExchangeConfig, known: Known, now: float) -> Look:
    """List every source's folder once, those on different servers side by side. One that is down hides no other.

    What was seen is kept, so that the next night need not wait for files to rest that have rested since `now`, in
    seconds since 1970.
    """
    found: list[tuple[str, RemoteFile]] = []
    unreachable: list[str] = []
    refused: list[tuple[str, ExchangeError]] = []
    seen = read_sightings(config.home)

    def note(listed: _Listed) -> None:
        nonlocal seen
        source, files = listed
        if not isinstance(files, ExchangeError):
            new = [file for file in files if _key(source, file) not in known]
            found.extend((source.name, file) for file in new)
            seen = seen.after(source.name, new, now)
        elif is_gone(files.code):
            unreachable.append(source.name)
        else:
            refused.append((source.name, files))

    side_by_side([_errand(config, source) for source in config.sources], note)
    if found:
        keep_sightings(config.home, seen)
    lines = sorted(f"{source}\0{file.name}\0{file.size}\0{file.modified}" for source, file in found)
    digest = hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()[:16] if lines else ""
    return Look(len(found), digest, tuple(unreachable), tuple(refused))


def _errand(config: ExchangeConfig, source: Source) -> Errand[_Listed]:
    def visit() -> _Listed:
        try:
            return source, _listed(config, source)
        except ExchangeError as problem:
            return source, problem

    return Errand(
        lane=lane_of(source.host, source.port),
        run=visit,
        is_gone=lambda listed: isinstance(listed[1], ExchangeError) and is_gone(listed[1].code),
        instead=lambda: (source, not_tried(source.name)),
        at_once=config.server_rules(source.host, source.port).connections,
    )


def _listed(config: ExchangeConfig, source: Source) -> list[RemoteFile]:
    """List the files that a night would take; each is passed off as known, so that none is fetched."""
    files: list[RemoteFile] = []

    def note(file: RemoteFile) -> bool:
        files.append(file)
        return True

    pull(
        replace(endpoint_of(config, source), timeout=PATIENCE, patience=PATIENCE, time_limit=TIME_LIMIT),
        source.folder,
        source.pattern,
        config.home / "landing",
        is_known=note,
        stable_for=0,
        sleep=_never,
        marker=source.marker,
        retry=Retry(attempts=1),
    )
    return files


def _key(source: Source, file: RemoteFile) -> tuple[str, str, int, int]:
    return source.name, file.name, file.size, file.modified


def _never(_: float) -> None:
    """With one attempt and nothing to fetch there is nothing to wait for."""
