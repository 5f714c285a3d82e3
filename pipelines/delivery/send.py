"""Send the outbox: each provider by itself, so that one closed door never keeps the others from their members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from pipelines.checkpoints import Checkpoint, reached
from pipelines.config import ExchangeConfig, Roster
from pipelines.config.providers import Provider
from pipelines.delivery.outbox import all_waiting, confirm, is_partly_delivered, supersede
from pipelines.intake.endpoints import by_the_rules, endpoint_of
from pipelines.transfer import receipts
from pipelines.transfer.connection import Endpoint, connect
from pipelines.transfer.deliver import remove_part
from pipelines.transfer.lanes import Errand, lane_of, side_by_side
from pipelines.transfer.push import Outcome, Parcel, PushResult, push, remote_sha256
from pipelines.transfer.retry import Retry, is_gone, not_tried
from pipelines.transfer.session import Session
from pipelines.warehouse import Warehouse
from schemas.problems import ConfigurationError, ExchangeError

Sleep = Callable[[float], None]

_ASKING = 120.0
"""Seconds for a question about a recipient's folder: nobody's files are prepared before all are answered."""

_Group = list[tuple[str, Parcel]]
"""Files that belong together: outbox id and parcel of each."""

_Answer = tuple[str, list[_Group], list[_Group] | ExchangeError]
"""Recipient, its groups, and those that are not there, or why that is not known."""

_Sent = tuple[str, dict[Parcel, str], tuple[PushResult, ...]]
"""Recipient, the outbox id of each parcel, and what became of each."""


@dataclass(frozen=True)
class SendResult:
    """What became of the files for one recipient."""

    recipient: str
    delivered: int
    failed: int
    problem: str
    """Codes of what failed, or empty."""


def provider_endpoints(roster: Roster, config: ExchangeConfig) -> dict[str, Endpoint]:
    """Access to each provider's folder, keyed by NPI."""
    return {provider.npi: _endpoint(config, provider) for provider in roster.providers}


def source_endpoints(config: ExchangeConfig) -> dict[str, Endpoint]:
    """Access to each source that wants responses, keyed by its name.

    One that cannot be used as configured was told of when it was to be read; its responses wait.
    """
    endpoints = {}
    for source in config.sources:
        if source.responses is not None:
            with suppress(ConfigurationError):
                endpoints[source.name] = endpoint_of(config, source)
    return endpoints


def settle_earlier(
    warehouse: Warehouse, endpoints: Mapping[str, Endpoint], business_date: date, *, sleep: Sleep
) -> tuple[SendResult, ...]:
    """Find out what became of files an interrupted night left behind, before the new deltas are computed.

    Where anything of a night's files arrived, the rest is sent and all of it counts as delivered; where nothing did,
    they are dropped and the next delta carries their rows. A recipient that cannot be asked keeps its files waiting and
    gets no new ones. Files a gate held are dropped too: tonight's are computed and judged anew.
    """
    warehouse.run("UPDATE delivery.outbox SET status = 'SUPERSEDED' WHERE status = 'HELD'")
    earlier = all_waiting(warehouse)
    results: dict[str, SendResult] = {}

    def drop(answer: _Answer) -> str:
        recipient, groups, gone = answer
        if isinstance(gone, ExchangeError):
            results[recipient] = SendResult(recipient, 0, sum(map(len, groups)), gone.code)
            return ""
        supersede(warehouse, [outbox_id for parcels in gone for outbox_id, _ in parcels])
        return recipient if len(gone) < len(groups) else ""

    questions = [
        _question(warehouse, recipient, endpoint, groups, sleep)
        for recipient, endpoint in endpoints.items()
        if (groups := _groups(earlier.get(recipient, ())))
    ]
    begun = [recipient for recipient in side_by_side(questions, drop) if recipient]
    sent = send_waiting(warehouse, {one: endpoints[one] for one in begun}, business_date, sleep=sleep)
    results |= {result.recipient: result for result in sent}
    return tuple(results[recipient] for recipient in endpoints if recipient in results)


def _groups(parcels: Iterable[tuple[str, Parcel]]) -> list[_Group]:
    groups: defaultdict[str, _Group] = defaultdict(list)
    for outbox_id, parcel in parcels:
        groups[parcel.group].append((outbox_id, parcel))
    return list(groups.values())


def _question(
    warehouse: Warehouse, recipient: str, endpoint: Endpoint, groups: list[_Group], sleep: Sleep
) -> Errand[_Answer]:
    """Find out which groups did not arrive; what the outbox itself knows of them is asked now."""
    unknown = [parcels for parcels in groups if not is_partly_delivered(warehouse, [i for i, _ in parcels])]

    hurried = replace(endpoint, time_limit=min(endpoint.time_limit, _ASKING))

    def ask() -> _Answer:
        try:
            gone = Retry().over_reconnects(lambda: _not_there(hurried, unknown), sleep) if unknown else []
        except ExchangeError as problem:
            return recipient, groups, problem
        return recipient, groups, gone

    return Errand(
        lane=lane_of(endpoint.host, endpoint.port),
        run=ask,
        is_gone=lambda answer: isinstance(answer[2], ExchangeError) and is_gone(answer[2].code),
        instead=lambda: (recipient, groups, not_tried(recipient)),
        at_once=endpoint.at_once,
    )


def _not_there(endpoint: Endpoint, groups: Sequence[_Group]) -> list[_Group]:
    """Return the groups of which nothing stands in the folder, byte for byte, and remove what was begun of them."""
    with connect(endpoint) as session:
        gone = [parcels for parcels in groups if not any(_was_there(session, parcel) for _, parcel in parcels)]
        for _, parcel in chain.from_iterable(gone):
            remove_part(session, parcel.folder, parcel.name)
    return gone


def _was_there(session: Session, parcel: Parcel) -> bool:
    return receipts.has(parcel.local, parcel.sha256) or (
        remote_sha256(session, parcel.folder, parcel.name) == parcel.sha256
    )


def send_waiting(
    warehouse: Warehouse, endpoints: Mapping[str, Endpoint], business_date: date, *, sleep: Sleep
) -> tuple[SendResult, ...]:
    """Send what waits for each recipient, those at different servers side by side, and record what arrived.

    What arrived is recorded recipient by recipient in the order given, whoever was fast.
    """

    def record(sent: _Sent) -> SendResult:
        recipient, parcels, results = sent
        confirm(warehouse, [(parcels[result.parcel], result) for result in results], business_date)
        failed = [result for result in results if result.outcome is Outcome.FAILED]
        for result in results:
            if result.outcome is not Outcome.FAILED:  # one that could not be asked about keeps what it knows
                receipts.drop(result.parcel.local)
        reached(Checkpoint.RECIPIENT_CONFIRMED)
        codes = sorted({result.code for result in failed if result.code != "T16"})
        return SendResult(recipient, len(results) - len(failed), len(failed), ", ".join(codes))

    due = all_waiting(warehouse)
    errands = [
        _delivery(recipient, endpoint, {parcel: outbox_id for outbox_id, parcel in due[recipient]}, sleep)
        for recipient, endpoint in endpoints.items()
        if recipient in due
    ]
    return tuple(side_by_side(errands, record))


def _delivery(recipient: str, endpoint: Endpoint, parcels: dict[Parcel, str], sleep: Sleep) -> Errand[_Sent]:
    problem = not_tried(recipient)
    return Errand(
        lane=lane_of(endpoint.host, endpoint.port),
        run=lambda: (recipient, parcels, push(endpoint, list(parcels), sleep=sleep)),
        is_gone=lambda sent: all(is_gone(result.code) for result in sent[2]),
        instead=lambda: (
            recipient,
            parcels,
            tuple(PushResult(one, Outcome.FAILED, problem.code, problem.what) for one in parcels),
        ),
        at_once=endpoint.at_once,
    )


def _endpoint(config: ExchangeConfig, provider: Provider) -> Endpoint:
    endpoint = Endpoint(
        name=provider.npi, host=provider.host, port=provider.port, username=provider.username,
        key_file=provider.key_file, known_hosts=config.delivery.known_hosts,
    )  # fmt: skip
    return by_the_rules(config, endpoint)
