"""From what is configured about partners to the endpoints that the transfer connects to."""

from __future__ import annotations

import os
from dataclasses import replace

from pipelines.config import ExchangeConfig, Source
from pipelines.transfer.connection import Endpoint
from pipelines.transfer.restraint import Restraint
from schemas.problems import ConfigurationError


def endpoint_of(config: ExchangeConfig, source: Source) -> Endpoint:
    """Return a source's endpoint; the password, if any, is read from the environment now."""
    password = None
    if source.password_env is not None:
        password = os.environ.get(source.password_env)
        if password is None:
            raise ConfigurationError(
                "C06",
                f"the environment variable {source.password_env} is not set",
                where=source.name,
                remedy="Set it where the night is started, cron and systemd included, or use a key_file.",
            )
    endpoint = Endpoint(
        name=source.name, host=source.host, port=source.port, username=source.username, key_file=source.key_file,
        password=password, known_hosts=source.known_hosts, host_key=source.host_key,
    )  # fmt: skip
    return by_the_rules(config, endpoint)


def by_the_rules(config: ExchangeConfig, endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that is treated as `[[servers]]` says of its server."""
    rules = config.server_rules(endpoint.host, endpoint.port)
    without = frozenset(f"{name}@openssh.com".encode() for name in rules.without)
    return replace(
        endpoint,
        time_limit=rules.time_limit,
        restraint=Restraint(rules.request_size, rules.files_at_once, without),
        at_once=rules.connections,
    )
