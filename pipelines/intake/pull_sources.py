"""Pull what is new from every source; one source that is down never stops the others."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pipelines.config import ExchangeConfig, Source
from pipelines.config.model import Server
from pipelines.intake import ledger
from pipelines.transfer.connection import Endpoint
from pipelines.transfer.pull import Pulled, RemoteFile, pull
from pipelines.warehouse import Warehouse
from schemas.problems import ConfigurationError, ExchangeError


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
    """What kept the source from being read, or empty."""


def pull_sources(
    warehouse: Warehouse, config: ExchangeConfig, business_date: date, *, sleep: Callable[[float], None]
) -> tuple[SourceResult, ...]:
    """Bring every new file of every source to the landing folder and the ledger."""
    return tuple(_pull_source(warehouse, config, source, business_date, sleep) for source in config.sources)


def endpoint_of(server: Server, name: str) -> Endpoint:
    """Turn configured access into an endpoint; the password, if any, is read from the environment now."""
    password = None
    if server.password_env is not None:
        password = os.environ.get(server.password_env)
        if password is None:
            raise ConfigurationError(
                "C06",
                f"the environment variable {server.password_env} is not set",
                where=name,
                remedy="Set it, or use a key_file.",
            )
    return Endpoint(
        name=name, host=server.host, port=server.port, username=server.username, key_file=server.key_file,
        password=password, known_hosts=server.known_hosts, host_key=server.host_key,
    )  # fmt: skip


def _pull_source(
    warehouse: Warehouse, config: ExchangeConfig, source: Source, on: date, sleep: Callable[[float], None]
) -> SourceResult:
    def is_known(remote: RemoteFile) -> bool:
        return ledger.is_recorded(warehouse, source.name, remote.name, remote.size, remote.modified)

    try:
        pulled = pull(
            endpoint_of(source, source.name),
            source.folder,
            source.pattern,
            config.home / "landing",
            is_known=is_known,
            stable_for=source.stable_for,
            sleep=sleep,
        )
    except ExchangeError as failure:
        return SourceResult(source.name, 0, 0, 0, (), str(failure))
    return _record_all(warehouse, config, source, pulled, on)


def _record_all(warehouse: Warehouse, config: ExchangeConfig, source: Source, pulled: Pulled, on: date) -> SourceResult:
    with warehouse.transaction():
        statuses = [ledger.record(warehouse, config, source, file, on) for file in pulled.files]
    return SourceResult(
        source.name,
        received=len(statuses),
        duplicates=statuses.count("DUPLICATE"),
        held=statuses.count("HELD"),
        skipped=tuple(skipped.code for skipped in pulled.skipped),
        problem="",
    )
