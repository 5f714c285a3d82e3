"""Delivering files to partners: each is proven on the server before it gets its name, and a result tells of each.

Parcels of one group go in their order, and none goes after one that failed, so that a manifest, sent last, never
announces what is not there. Groups go side by side over one connection and do not touch each other; where there are
more than one channel may hold, several share them, since a server answers each channel by a process of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress

from pipelines.transfer import names, sftp
from pipelines.transfer.codes import TRANSFER_CODES
from pipelines.transfer.connection import Connection, Endpoint, connection_to
from pipelines.transfer.deliver import Outcome, Parcel, PushResult, deliver, remote_sha256
from pipelines.transfer.protocol import STATVFS, Refused
from pipelines.transfer.retry import Retry
from pipelines.transfer.session import Offer, Session, Steps
from schemas.problems import PartnerUnreachable

__all__ = ["Outcome", "Parcel", "PushResult", "push", "remote_sha256"]

_MOST_CHANNELS = 4


def push(
    endpoint: Endpoint,
    parcels: Sequence[Parcel],
    *,
    sleep: Callable[[float], None],
    retry: Retry = Retry(),  # noqa: B008  # frozen
) -> tuple[PushResult, ...]:
    """Deliver `parcels` and return a result for each, in their order.

    Never raises for the partner: when the server cannot be reached or the connection is lost for good, what was not
    delivered is `FAILED` with that code. Sending again is safe: what is there already, byte for byte, stays.
    Raises `ValueError` when two parcels have one target.
    """
    if len({(parcel.folder, parcel.name) for parcel in parcels}) < len(parcels):
        raise ValueError("two parcels have one target")
    results: dict[Parcel, PushResult] = {}

    def visit() -> None:
        left = [group for group in _groups(parcels) if any(parcel not in results for parcel in group)]
        # The connection ends first, and the channels' threads with it, whatever ends this one.
        with ThreadPoolExecutor(_MOST_CHANNELS) as threads, connection_to(endpoint) as connection:
            session = _deliver_all(deque(left), results, connection, threads)
            _deliver_again([group for group in left if _first_code(group, results) == "T14"], results, session)

    try:
        if parcels:
            retry.over_reconnects(visit, sleep)
    except PartnerUnreachable as problem:
        for parcel in parcels:
            results.setdefault(
                parcel, PushResult(parcel, Outcome.FAILED, problem.code, f"{problem.what} {problem.remedy}")
            )
    return tuple(results[parcel] for parcel in parcels)


def _deliver_all(
    left: deque[list[Parcel]],
    results: dict[Parcel, PushResult],
    connection: Connection,
    threads: ThreadPoolExecutor,
) -> Session:
    """Deliver `left` over as many channels as there is work for and the server's limit of open files allows.

    A channel that is lost leaves its groups without a result, and the others go on; the loss is raised in the end.
    Returns the first channel's session, for what is left to be said.
    """

    def over(session: Session) -> None:
        for _ in session.run_all(_deliver_in_order(group, session.offer, results) for group in _taken_from(left)):
            pass

    def over_another() -> None:
        try:
            session = connection.session()
        except PartnerUnreachable:
            return  # a server may hold to one channel for each connection
        over(session)

    first = connection.session()
    wanted = -(-len(left) // first.offer.conversations)
    further = min(_MOST_CHANNELS, wanted, first.offer.open_files // first.offer.conversations) - 1
    if further <= 0:
        over(first)
        return first
    channels = [threads.submit(over, first), *(threads.submit(over_another) for _ in range(further))]
    wait(channels)
    for channel in channels:
        channel.result()
    return first


def _deliver_again(groups: Iterable[list[Parcel]], results: dict[Parcel, PushResult], session: Session) -> None:
    """Try what the server failed at without a reason once more, one by one, unless it says that it is full.

    A server that is short of handles, memory or processes says no more than that it failed.
    """
    for group in groups:
        parcel = next(each for each in group if results[each].outcome is Outcome.FAILED)
        if session.run(_is_full(parcel, session.offer)):
            results[parcel] = PushResult(parcel, Outcome.FAILED, "T25", TRANSFER_CODES["T25"].meaning)
            continue
        for each in group[group.index(parcel) :]:
            del results[each]
        session.run(_deliver_in_order(group, session.offer, results))


def _is_full(parcel: Parcel, offer: Offer) -> Steps[bool]:
    """Tell whether the server is known to have no room for a parcel."""
    if STATVFS not in offer.extensions:
        return False
    try:
        return (yield from sftp.room(names.join(parcel.folder, "."))) < parcel.size
    except Refused:
        return False


def _first_code(group: Iterable[Parcel], results: dict[Parcel, PushResult]) -> str:
    """Return the code of a group's first failure, if it has one."""
    return next((results[each].code for each in group if results[each].outcome is Outcome.FAILED), "")


def _taken_from(left: deque[list[Parcel]]) -> Iterator[list[Parcel]]:
    """Take groups until none is left; each goes to one taker."""
    while left:
        with suppress(IndexError):
            yield left.popleft()


def _groups(parcels: Iterable[Parcel]) -> list[list[Parcel]]:
    groups: dict[str, list[Parcel]] = {}
    for parcel in parcels:
        groups.setdefault(parcel.group, []).append(parcel)
    return list(groups.values())


def _deliver_in_order(group: list[Parcel], offer: Offer, results: dict[Parcel, PushResult]) -> Steps[None]:
    """Deliver what has no result yet; the results outlive a lost connection."""
    for parcel in group:
        if parcel in results:
            continue
        if any(results[earlier].outcome is Outcome.FAILED for earlier in group if earlier in results):
            results[parcel] = PushResult(parcel, Outcome.FAILED, "T16", TRANSFER_CODES["T16"].meaning)
        else:
            results[parcel] = yield from deliver(parcel, offer)
