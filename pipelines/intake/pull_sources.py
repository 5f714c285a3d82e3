"""Pull what is new from every source; one source that is slow or down never keeps the others waiting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.checkpoints import Checkpoint, reached
from pipelines.config import ExchangeConfig, Source
from pipelines.intake import ledger
from pipelines.intake.endpoints import endpoint_of
from pipelines.intake.sightings import Sightings, keep_sightings, read_sightings
from pipelines.transfer.landing import forget_kept
from pipelines.transfer.lanes import Errand, lane_of, side_by_side
from pipelines.transfer.pull import Pulled, pull
from pipelines.transfer.retry import is_gone, not_tried
from pipelines.warehouse import Warehouse
from schemas.problems import ExchangeError

_FORGOTTEN_AFTER = 7 * 24 * 3600
"""Seconds after which what was kept of a file that broke off is removed: its sender has taken the file away."""

_NO_FOLDER = "T10"

_Visit = tuple[Source, Pulled | ExchangeError]


@dataclass(frozen=True)
class SourceResult:
    """What one look at one source brought."""

    source: str
    received: int
    duplicates: int
    held: int
    skipped: tuple[str, ...]
    """Codes of files that were left where they are, such as one still growing."""
    problem: str
    """What kept the source from being read, or from being read to its end; empty if nothing did."""
    code: str = ""
    """The code of that."""
    unmatched: int = 0
    """How many files stand in the folder that no source is for."""
    provider: str | None = None
    """Whose returns the folder is for, by NPI."""
    is_absent: bool = False
    """Whether a provider has no folder for what it returns: then it has returned nothing, and nothing is wrong."""


def pull_sources(
    warehouse: Warehouse,
    config: ExchangeConfig,
    business_date: date,
    *,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
) -> tuple[SourceResult, ...]:
    """Bring every new file of every source to the landing folder and the ledger.

    `clock` tells seconds since 1970: what earlier looks saw need not be waited for again.

    Sources at different servers are visited side by side. The ledger is written source by source, in the order of the
    configuration: which number a file gets does not depend on who was fast.
    """
    now = clock()
    forget_kept(config.home / "landing", now - _FORGOTTEN_AFTER)
    before = seen = read_sightings(config.home)

    def record(visit: _Visit) -> SourceResult:
        nonlocal seen
        source, brought = visit
        if isinstance(brought, ExchangeError):
            if source.provider is not None and brought.code == _NO_FOLDER:
                return SourceResult(source.name, 0, 0, 0, (), "", is_absent=True)
            return SourceResult(source.name, 0, 0, 0, (), str(brought), brought.code)
        seen = seen.after(source.name, brought.left, now)
        return _record_all(warehouse, config, source, brought, business_date)

    readers: defaultdict[tuple[str, int, str, str], list[Source]] = defaultdict(list)
    for source in config.sources:
        readers[source.place].append(source)
    errands = [_errand(warehouse, config, each, readers[each.place], sleep, before, now) for each in config.sources]
    results = side_by_side(errands, record)
    keep_sightings(config.home, seen)
    return tuple(results)


def _errand(
    warehouse: Warehouse,
    config: ExchangeConfig,
    source: Source,
    readers: Sequence[Source],
    sleep: Callable[[float], None],
    seen: Sightings,
    now: float,
) -> Errand[_Visit]:
    known = ledger.recorded(warehouse, source.name)
    others = [each.pattern for each in readers if each is not source]

    def visit() -> _Visit:
        try:
            brought = pull(
                endpoint_of(config, source),
                source.folder,
                source.pattern,
                config.home / "landing",
                is_known=lambda file: (file.name, file.size, file.modified) in known,
                stable_for=source.stable_for,
                sleep=sleep,
                rested=lambda file: seen.rested(source.name, file, now),
                marker=source.marker,
                others=others,
            )
        except ExchangeError as failure:
            return source, failure
        return source, brought

    rules = config.server_rules(source.host, source.port)
    return Errand(
        lane=lane_of(source.host, source.port),
        run=visit,
        is_gone=lambda visit: isinstance(visit[1], ExchangeError) and is_gone(visit[1].code),
        instead=lambda: (source, not_tried(source.name)),
        at_once=rules.connections,
    )


def _record_all(warehouse: Warehouse, config: ExchangeConfig, source: Source, pulled: Pulled, on: date) -> SourceResult:
    with warehouse.transaction():
        statuses = [ledger.record(warehouse, config, source, file, on) for file in pulled.files]
    reached(Checkpoint.FILES_ENTERED)
    return SourceResult(
        source.name,
        received=len(statuses),
        duplicates=statuses.count("DUPLICATE"),
        held=statuses.count("HELD"),
        skipped=tuple(skipped.code for skipped in pulled.skipped),
        problem=str(pulled.problem) if pulled.problem else "",
        unmatched=pulled.unmatched,
        provider=source.provider,
        code=pulled.problem.code if pulled.problem else "",
    )
