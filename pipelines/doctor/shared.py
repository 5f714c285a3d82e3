"""Whether two providers' folders are one and the same on their server: each would read the other's members.

Nothing in the configuration shows it. Two folders that are one list the same, and the one that is looked at later was
changed when a probe was put into the other. Where that is so, a mark is put into each of them and looked for in all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations

from pipelines.doctor.accounts import Account, Place
from pipelines.doctor.ailment import Ailment, found
from pipelines.doctor.visit import Seen, Visit
from pipelines.transfer.connection import connect
from pipelines.transfer.lanes import Errand, lane_of, side_by_side
from pipelines.transfer.probe import put_mark, take_marks
from schemas.problems import ExchangeError


@dataclass(frozen=True)
class _Folder:
    account: Account
    place: Place


_Pairs = list[tuple[_Folder, _Folder]]


def examine_shared(visits: Sequence[Visit]) -> Iterator[Ailment]:
    """Tell of folders that are one; those that may be are visited once more."""
    suspects = list(suspects_among(visits))
    errands = [
        Errand(
            lane=lane_of(group[0].account.endpoint.host, group[0].account.endpoint.port),
            run=_marking(group),
            is_gone=lambda _: False,
            instead=_nothing,
        )
        for group in suspects
    ]
    for pairs in side_by_side(errands, lambda pairs: pairs):
        for one, other in pairs:
            what = f"`{one.place.folder}` of {one.account.endpoint.username} and `{other.place.folder}` of "
            what += f"{other.account.endpoint.username} on {one.account.server} are one folder"
            yield found("folder-shared", f"{one.place.owner}, {other.place.owner}", what)


def suspects_among(visits: Sequence[Visit]) -> Iterator[list[_Folder]]:
    """Group the folders of different partners on one server that may be one, as far as the visits tell."""
    alike: defaultdict[tuple[str, str], list[tuple[Account, Seen]]] = defaultdict(list)
    for made in visits:
        written = {
            seen.place.folder.strip("/"): seen
            for seen in made.seen
            if seen.place.is_written and seen.probed is not None and not seen.probed.step
        }
        for seen in written.values():
            alike[made.account.server.lower(), seen.listed.likeness].append((made.account, seen))
    for looked in alike.values():
        group: dict[int, _Folder] = {}
        for (one, (before, first)), (other, (after, second)) in combinations(enumerate(looked), 2):
            if before.endpoint.username != after.endpoint.username and _may_be_one(first, second):
                group[one], group[other] = _Folder(before, first.place), _Folder(after, second.place)
        if group:
            yield [folder for _, folder in sorted(group.items())]


def _may_be_one(first: Seen, second: Seen) -> bool:
    """Tell whether the folder that was looked at second had just been changed, or nobody can say."""
    left, right = first.probed, second.probed
    if left is None or right is None or left.after is None or right.before is None or left.before == left.after:
        return True
    return right.before >= left.after


def _nothing() -> _Pairs:
    return []


def _marking(group: Sequence[_Folder]) -> Callable[[], _Pairs]:
    """Return what puts a mark into each folder, then looks for all of them in each and takes them away."""

    def run() -> _Pairs:
        put: set[int] = set()
        for number, folder in enumerate(group):
            with suppress(ExchangeError), connect(folder.account.endpoint) as session:
                if session.run(put_mark(folder.place.folder, number)):
                    put.add(number)
        pairs: _Pairs = []
        for number, folder in enumerate(group):
            with suppress(ExchangeError), connect(folder.account.endpoint) as session:
                there = session.run(take_marks(folder.place.folder))
                pairs += [(group[other], folder) for other in sorted(there & put) if other != number]
        return pairs

    return run
