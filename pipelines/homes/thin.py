"""Remove from a depot what no checkpoint that is kept needs: what a plan may not keep must not live on there."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipelines.homes.depot import Depot, DepotFault
from pipelines.homes.kept import (
    CHECKPOINTS,
    TAILS,
    Filed,
    HomeCheckpoint,
    checkpoints_in,
    files_of,
    read_checkpoint,
    read_segment,
)

NIGHTS = 7
"""Of how many nights the last checkpoint is kept."""


def thin_out(depot: Depot, newest: HomeCheckpoint, files: Iterable[Filed], refuse_lost: Callable[[], None]) -> None:
    """Keep the last checkpoint of each of the last `NIGHTS` nights, the newest with its `files`, and what these need.

    In the first night of a month, and when something cannot be read, all objects are listed: then those are found that
    a process left which was broken off before anything named them.
    """
    names = [name for name in checkpoints_in(depot) if name != newest.name]
    last_of_night = {name[:8]: name for name in names} | {newest.name[:8]: newest.name}
    wanted = set([name for _, name in sorted(last_of_night.items())][-NIGHTS:]) - {newest.name}
    known = {name: lists for name in names if (lists := _lists(depot, name)) is not None}
    gone = [name for name in names if name not in wanted or name not in known]
    lists = set(newest.folders.values())
    others = {each for name in wanted & known.keys() for each in known[name]} - lists
    needed = {*lists, *others, *_objects(files), *_objects(files_of(depot, others))}
    refuse_lost()
    tails = [_tail_of(depot, name) for name in names]
    is_first = newest.name[:6] not in {name[:6] for name in names if name[:8] != newest.name[:8]}
    if is_first or len(known) < len(names) or None in tails:
        left = set(depot.objects())
    else:
        dropped = {each for name in gone for each in known[name]} - lists - others
        left = {*dropped, *_objects(files_of(depot, dropped))}.union(*filter(None, tails))
    for name in names:
        depot.remove(f"{TAILS}/{name}/{each}" for each in depot.names(f"{TAILS}/{name}"))
    depot.remove(f"{CHECKPOINTS}/{name}.json" for name in gone)
    refuse_lost()
    depot.remove_objects(left - needed)


def _lists(depot: Depot, checkpoint: str) -> set[str] | None:
    """Name the lists of files of a checkpoint; `None` for one that was damaged."""
    try:
        return set(read_checkpoint(depot, checkpoint).folders.values())
    except DepotFault as fault:
        if fault.code != "S23":
            raise
        return None


def _tail_of(depot: Depot, checkpoint: str) -> set[str] | None:
    """Name the objects of what followed a checkpoint before the next one was there; `None` where it was damaged."""
    places = [f"{TAILS}/{checkpoint}/{name}" for name in depot.names(f"{TAILS}/{checkpoint}")]
    try:
        segments = depot.together(lambda place: read_segment(depot, place), places)
    except DepotFault as fault:
        if fault.code != "S23":
            raise
        return None
    pages = {piece for segment in segments for page in segment.pages for piece in page.pieces}
    return pages | _objects(filed for segment in segments for filed in segment.files)


def _objects(files: Iterable[Filed]) -> set[str]:
    return {piece for filed in files for piece in filed.pieces}
