"""One visit to one account: its folders are listed, and those that are written to are tried; nothing stays there."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pipelines.doctor.accounts import Account, Place
from pipelines.doctor.keys import pins_of
from pipelines.doctor.patterns import nearest_idea
from pipelines.transfer import names
from pipelines.transfer.answers import is_meant
from pipelines.transfer.connection import connect, host_key_of
from pipelines.transfer.hostkeys import HostKey
from pipelines.transfer.probe import Probed, is_mark, probe, take_marks
from pipelines.transfer.protocol import Attributes
from pipelines.transfer.pull import list_folder
from pipelines.transfer.session import Session
from pipelines.transfer.survey import survey
from schemas.problems import ExchangeError, PartnerUnreachable, TransferFault

_OURS = re.compile(r"\.?ECM_(?:ASSIGNMENT|RETURN)_(?P<npi>\d{10})_.*")


@dataclass(frozen=True)
class Listed:
    """What a folder holds, in counts.

    Attributes
    ----------
    files
        Regular files, by the listing.
    matching, unmatched
        Of an inbox: those that its source takes, and those that no source takes.
    idea
        Of an inbox where nothing matches: a pattern that would match, and how many files.
    twice
        Of an inbox: files that another source would take as well, by the name of that.
    of_providers
        Files that are named as the exchange names them, by the NPI in the name.
    likeness
        Hash of all names, sizes and times: two folders that are one have the same.
    """

    files: int = 0
    matching: int = 0
    unmatched: int = 0
    idea: tuple[str, int] | None = None
    twice: tuple[tuple[str, int], ...] = ()
    of_providers: tuple[tuple[str, int], ...] = ()
    likeness: str = ""


@dataclass(frozen=True)
class Seen:
    """What was found in one place: it could be listed, or why not, and what came of a probe where there was one."""

    place: Place
    listed: Listed = field(default_factory=Listed)
    code: str = ""
    probed: Probed | None = None


@dataclass(frozen=True)
class Visit:
    """What came of a visit.

    Attributes
    ----------
    problem
        What ended it; what was seen before stands all the same.
    offered
        The host key that the server has, where it is not a pinned one.
    skew
        Seconds by which the server's clock is ahead of ours, as far as a probe tells.
    """

    account: Account
    seen: tuple[Seen, ...] = ()
    problem: ExchangeError | None = None
    offered: HostKey | None = None
    skew: float | None = None


def visit(account: Account, clock: Callable[[], float]) -> Visit:
    """Look into an account. `clock` tells seconds since 1970."""
    seen: list[Seen] = []
    skews: list[float] = []
    try:
        if not pins_of(account):
            return Visit(account, offered=host_key_of(account.endpoint))
        with connect(account.endpoint) as session:
            for place in account.places:
                before = next((each for each in seen if _is_same(each.place, place)), None)
                if before is not None:
                    seen.append(replace(before, place=place))
                    continue
                start = clock()
                seen.append(_look(session, account.places, place))
                if (probed := seen[-1].probed) is not None and probed.server_time is not None:
                    skews.append(_skew(probed.server_time, start, clock()))
    except PartnerUnreachable as problem:
        offered = _offered(account) if problem.code == "T02" else None
        return Visit(account, tuple(seen), problem, offered)
    return Visit(account, tuple(seen), skew=min(skews, key=abs, default=None))


def _is_same(one: Place, other: Place) -> bool:
    """Tell whether two places are one folder that is written to: it is tried once."""
    return one.is_written and other.is_written and one.folder.strip("/") == other.folder.strip("/")


def _offered(account: Account) -> HostKey | None:
    try:
        return host_key_of(account.endpoint)
    except PartnerUnreachable:
        return None


def _look(session: Session, places: Sequence[Place], place: Place) -> Seen:
    try:
        listing = list_folder(session, place.folder)
        if place.is_written and any(is_mark(raw) for raw, _ in listing):
            session.run(take_marks(place.folder))
            listing = list_folder(session, place.folder)
    except TransferFault as problem:
        return Seen(place, code=problem.code)
    listed = _listed(listing, places, place)
    if place.is_written:
        return Seen(place, listed, probed=session.run(probe(place.folder, session.offer)))
    if place.use == "aside" and place.source is not None:
        return Seen(place, listed, probed=session.run(probe(place.source.folder, session.offer, place.folder)))
    return Seen(place, listed)


def _listed(listing: Sequence[tuple[bytes, Attributes]], places: Sequence[Place], place: Place) -> Listed:
    files = [names.lenient(raw) for raw, seen in listing if seen.is_regular]
    of_providers = Counter(ours["npi"] for name in files if (ours := _OURS.fullmatch(name)))
    told = repr(sorted((raw, seen.size, seen.modified) for raw, seen in listing))
    general = Listed(
        len(files), of_providers=tuple(sorted(of_providers.items())), likeness=hashlib.sha256(told.encode()).hexdigest()
    )
    if place.use != "inbox" or place.source is None:
        return general
    source = place.source
    order = [other.source for other in places]
    beside = [
        other.source for other in places
        if other.use == "inbox" and other.source is not None and other.source is not source
        and other.source.place == source.place
    ]  # fmt: skip
    found = survey(listing, source.pattern, source.marker, [other.pattern for other in beside])
    matching = [name for name in files if is_meant(name, source.pattern)]
    unmatched = [name for name in files if not any(is_meant(name, each.pattern) for each in (source, *beside))]
    later = [other for other in beside if order.index(other) > order.index(source)]
    twice = ((other.name, sum(is_meant(name, other.pattern) for name in matching)) for other in later)
    return Listed(
        len(files),
        len(matching),
        found.unmatched,
        None if matching else nearest_idea(source.pattern, unmatched),
        tuple((name, count) for name, count in twice if count),
        general.of_providers,
        general.likeness,
    )


def _skew(server_time: int, start: float, end: float) -> float:
    """Seconds by which a server's whole second lies outside of the time in which it must have been."""
    if server_time + 1 < start:
        return server_time + 1 - start
    return max(0.0, server_time - end)
