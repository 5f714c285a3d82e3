"""The partners of a sample exchange, each shut in an account of its own on OpenSSH's server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.config import ExchangeConfig, Roster
from pipelines.transfer.keys import known_hosts_line


@dataclass(frozen=True)
class Partners:
    """How they are reached, and the folders they put files into or look into, by their names in the sample."""

    config: ExchangeConfig
    roster: Roster
    inboxes: dict[str, Path]
    looked_into: dict[str, Path]


def behind_openssh(config: ExchangeConfig, roster: Roster, sshd: Any, home: Path, prefix: str) -> Partners:
    """Give every partner an account, whose name begins with `prefix`, and the plan a home."""
    looked_into, inboxes, lines = {}, {}, []

    def reached(account: str) -> dict[str, Any]:
        endpoint = sshd.endpoint(account)
        lines.append(known_hosts_line(endpoint.host, endpoint.port, endpoint.host_key))
        return {"port": endpoint.port, "username": endpoint.username, "key_file": endpoint.key_file}

    sources = []
    for source in config.sources:
        account = f"{prefix}_{source.username}"
        inboxes[source.username] = sshd.folder(account, "outgoing")
        looked_into[source.username] = sshd.folder(account, "responses")
        answered = None if source.responses is None else "responses"
        sources.append(source.model_copy(update=reached(account) | {"folder": "outgoing", "responses": answered}))
    providers = []
    for provider in roster.providers:
        account = f"{prefix}_{provider.username}"
        looked_into[provider.username] = sshd.folder(account, "assignments")
        providers.append(provider.model_copy(update=reached(account) | {"folder": "assignments"}))
    known_hosts = home.parent / "known_hosts"
    known_hosts.write_text("\n".join(lines) + "\n", encoding="ascii")
    config = config.model_copy(
        update={
            "paths": config.paths.model_copy(update={"home": home}),
            "sources": tuple(source.model_copy(update={"known_hosts": known_hosts}) for source in sources),
            "delivery": config.delivery.model_copy(update={"known_hosts": known_hosts}),
        }
    )
    return Partners(config, Roster(tuple(providers)), inboxes, looked_into)
