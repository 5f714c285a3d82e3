"""Which accounts on partners' servers the exchange uses, and what each of their folders is for; nothing is visited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipelines.config import ExchangeConfig, Roster, Source
from pipelines.delivery.send import provider_endpoints
from pipelines.doctor.ailment import Ailment, found
from pipelines.intake.endpoints import endpoint_of
from pipelines.transfer.connection import Endpoint
from schemas.problems import ConfigurationError

Use = Literal["inbox", "aside", "responses", "assignments"]

PATIENCE = 10.0
"""Seconds for each step of connecting, and for each answer."""

TIME_LIMIT = 30.0
"""Seconds for a visit as a whole."""


@dataclass(frozen=True)
class Place:
    """One folder of an account and one use of it.

    Attributes
    ----------
    owner
        Source or provider, as people call it.
    use
        Files are taken from an `inbox` and put `aside` when they are accepted; `responses` and `assignments` go out.
    key
        Where the folder is configured.
    source
        Of an inbox and of what belongs to it.
    npi
        Of a provider's own folders.
    """

    owner: str
    use: Use
    folder: str
    key: str
    source: Source | None = None
    npi: str | None = None

    @property
    def is_written(self) -> bool:
        """Whether the exchange puts files there."""
        return self.use in ("responses", "assignments")


@dataclass(frozen=True)
class Account:
    """An account on a server, with all folders that are used there."""

    endpoint: Endpoint
    places: tuple[Place, ...]

    @property
    def owners(self) -> str:
        """Whose it is, as people call them."""
        return ", ".join(dict.fromkeys(place.owner for place in self.places))

    @property
    def server(self) -> str:
        """The server, as people write it."""
        return f"{self.endpoint.host}:{self.endpoint.port}"


def accounts_of(config: ExchangeConfig, roster: Roster) -> tuple[list[Account], list[Ailment]]:
    """Return every account that a night logs in to, and those sources that cannot: their password is not there."""
    places: defaultdict[Endpoint, list[Place]] = defaultdict(list)
    lacking: list[Ailment] = []
    provided = provider_endpoints(roster, config)
    assignments = [
        (provided[each.npi], Place(f"provider {each.npi}", "assignments", each.folder, "folder", npi=each.npi))
        for each in roster.providers
        if each.active
    ]
    for endpoint, place in (*_sources(config, lacking), *assignments):
        places[_hurried(endpoint)].append(place)
    return [Account(replace(endpoint, name=used[0].owner), tuple(used)) for endpoint, used in places.items()], lacking


def _sources(config: ExchangeConfig, lacking: list[Ailment]) -> Iterator[tuple[Endpoint, Place]]:
    for source in config.sources:
        owner = f"source {source.name}" if source.provider is None else f"provider {source.provider}"
        try:
            endpoint = endpoint_of(config, source)
        except ConfigurationError as problem:
            lacking.append(found("password-unset", owner, problem.what, variable=source.password_env))
            continue
        yield endpoint, Place(owner, "inbox", source.folder, "folder", source, source.provider)
        if source.move_to is not None:
            yield endpoint, Place(owner, "aside", source.move_to, "move_to", source, source.provider)
        if source.responses is not None:
            yield endpoint, Place(owner, "responses", source.responses, "responses", source, source.provider)


def _hurried(endpoint: Endpoint) -> Endpoint:
    """Wait for less than a night would: who looks sits before the screen."""
    return replace(
        endpoint,
        name="",
        timeout=min(endpoint.timeout, PATIENCE),
        patience=PATIENCE,
        time_limit=min(endpoint.time_limit, TIME_LIMIT),
        at_once=1,
    )


def one_folder_for_two(accounts: Sequence[Account]) -> Iterator[Ailment]:
    """Tell of accounts that a provider shares with somebody else: whoever logs in there reads its members."""
    users: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
    for account in accounts:
        users[account.server.lower(), account.endpoint.username] += account.places
    for (server, username), places in users.items():
        if any(place.npi for place in places) and len({place.npi for place in places}) > 1:
            owners = ", ".join(dict.fromkeys(place.owner for place in places))
            yield found("account-shared", owners, f"all of them log in to {server} as {username}")
