"""Send the outbox: each provider by itself, so that one closed door never keeps the others from their members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.config import ExchangeConfig, Roster
from pipelines.config.providers import Provider
from pipelines.delivery.outbox import confirm, is_partly_delivered, supersede, waiting
from pipelines.intake.pull_sources import endpoint_of
from pipelines.transfer.connection import Endpoint, connect
from pipelines.transfer.push import Outcome, Parcel, push, remote_sha256
from pipelines.warehouse import Warehouse
from schemas.problems import ConfigurationError, ExchangeError

Sleep = Callable[[float], None]


@dataclass(frozen=True)
class SendResult:
    """What became of the files for one recipient."""

    recipient: str
    delivered: int
    failed: int
    problem: str
    """Codes of what failed, or empty."""


def provider_endpoints(roster: Roster, known_hosts: Path | None) -> dict[str, Endpoint]:
    """Access to each provider's folder, keyed by NPI."""
    return {provider.npi: _endpoint(provider, known_hosts) for provider in roster.providers}


def source_endpoints(config: ExchangeConfig) -> dict[str, Endpoint]:
    """Access to each source that wants responses, keyed by its name.

    One that cannot be used as configured was told of when it was to be read; its responses wait.
    """
    endpoints = {}
    for source in config.sources:
        if source.responses is not None:
            with suppress(ConfigurationError):
                endpoints[source.name] = endpoint_of(source, source.name)
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
    results = []
    for recipient, endpoint in endpoints.items():
        groups: defaultdict[str, list[tuple[str, Parcel]]] = defaultdict(list)
        for outbox_id, parcel in waiting(warehouse, recipient):
            groups[parcel.group].append((outbox_id, parcel))
        if not groups:
            continue
        try:
            dropped = _not_arrived(warehouse, endpoint, list(groups.values()))
        except ExchangeError as problem:
            results.append(SendResult(recipient, 0, sum(map(len, groups.values())), problem.code))
            continue
        supersede(warehouse, [outbox_id for parcels in dropped for outbox_id, _ in parcels])
        if len(dropped) < len(groups):
            results.append(_send(warehouse, recipient, endpoint, business_date, sleep))
    return tuple(results)


def _not_arrived(
    warehouse: Warehouse, endpoint: Endpoint, groups: Sequence[list[tuple[str, Parcel]]]
) -> list[list[tuple[str, Parcel]]]:
    """Return the groups of which nothing is known to have arrived and nothing stands in the folder, byte for byte."""
    unknown = [parcels for parcels in groups if not is_partly_delivered(warehouse, [i for i, _ in parcels])]
    if not unknown:
        return []
    with connect(endpoint) as session:
        return [
            parcels
            for parcels in unknown
            if not any(remote_sha256(session, p.folder, p.name) == p.sha256 for _, p in parcels)
        ]


def send_waiting(
    warehouse: Warehouse, endpoints: Mapping[str, Endpoint], business_date: date, *, sleep: Sleep
) -> tuple[SendResult, ...]:
    """Send what waits for each recipient and record what arrived."""
    return tuple(
        _send(warehouse, recipient, endpoint, business_date, sleep)
        for recipient, endpoint in endpoints.items()
        if waiting(warehouse, recipient)
    )


def _send(warehouse: Warehouse, recipient: str, endpoint: Endpoint, business_date: date, sleep: Sleep) -> SendResult:
    parcels = {parcel: outbox_id for outbox_id, parcel in waiting(warehouse, recipient)}
    results = push(endpoint, list(parcels), sleep=sleep)
    confirm(warehouse, [(parcels[result.parcel], result) for result in results], business_date)
    failed = [result for result in results if result.outcome is Outcome.FAILED]
    codes = sorted({result.code for result in failed if result.code != "T16"})
    return SendResult(recipient, len(results) - len(failed), len(failed), ", ".join(codes))


def _endpoint(provider: Provider, known_hosts: Path | None) -> Endpoint:
    return Endpoint(
        name=provider.npi, host=provider.host, port=provider.port, username=provider.username,
        key_file=provider.key_file, known_hosts=known_hosts,
    )  # fmt: skip
