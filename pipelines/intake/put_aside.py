"""What was accepted is put aside on its sender's server, where the sender wants it so.

That comes last, long after the ledger says it for good. A file that is held stays where it is: its sender may be about
to complete it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.config import ExchangeConfig, Source
from pipelines.intake import ledger
from pipelines.intake.endpoints import endpoint_of
from pipelines.transfer.lanes import Errand, lane_of, side_by_side
from pipelines.transfer.move import put_aside
from pipelines.transfer.retry import is_gone, not_tried
from pipelines.warehouse import Warehouse
from schemas.problems import ExchangeError


@dataclass(frozen=True)
class Aside:
    """What became of the accepted files that stood in one source's folder."""

    source: str
    moved: int
    codes: tuple[str, ...]
    """Of files, or of the whole source, that could not be moved; they are tried again by the next run."""


def put_accepted_aside(
    warehouse: Warehouse, config: ExchangeConfig, *, sleep: Callable[[float], None]
) -> tuple[Aside, ...]:
    """Move accepted files into their sources' `move_to` folders; sources without one are not visited."""
    errands = [_errand(warehouse, config, source, sleep) for source in config.sources if source.move_to is not None]
    return tuple(side_by_side(errands, lambda aside: aside))


def _errand(
    warehouse: Warehouse, config: ExchangeConfig, source: Source, sleep: Callable[[float], None]
) -> Errand[Aside]:
    done = ledger.accepted(warehouse, source.name)

    def visit() -> Aside:
        try:
            moved, codes = put_aside(
                endpoint_of(config, source),
                source.folder,
                source.move_to or "",
                is_done=lambda file: (file.name, file.size, file.modified) in done,
                sleep=sleep,
            )
        except ExchangeError as failure:
            return Aside(source.name, 0, (failure.code,))
        return Aside(source.name, moved, codes)

    return Errand(
        lane=lane_of(source.host, source.port),
        run=visit,
        is_gone=lambda aside: bool(aside.codes) and is_gone(aside.codes[0]),
        instead=lambda: Aside(source.name, 0, (not_tried(source.name).code,)),
        at_once=config.server_rules(source.host, source.port).connections,
    )
