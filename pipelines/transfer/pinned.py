"""Access by paramiko's own client with the rules of every other connection: a pinned host key, one way to log in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import paramiko

from pipelines.transfer.codes import unreachable
from pipelines.transfer.connection import Endpoint
from pipelines.transfer.hostkeys import pinned_keys
from pipelines.transfer.private import KeyUnfit, read_private_key


class _Pinned(paramiko.MissingHostKeyPolicy):
    """Takes the keys that are pinned and no other; the client itself knows none."""

    def __init__(self, keys: Sequence[paramiko.PKey], where: str) -> None:
        self._keys = keys
        self._where = where

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:  # noqa: ARG002
        if key not in self._keys:
            raise unreachable("T02", self._where, f"{key.get_name()} {key.fingerprint} is offered")


def access_of(endpoint: Endpoint) -> dict[str, Any]:
    """Return how `paramiko.SSHClient` is to log in, its policy for host keys among it.

    Raises
    ------
    PartnerUnreachable
        T02 when no key is pinned, T05 when the key file cannot be used.
    """
    pinned = pinned_keys(endpoint.host, endpoint.port, endpoint.known_hosts, endpoint.host_key, endpoint.name)
    try:
        private = read_private_key(endpoint.key_file, endpoint.password) if endpoint.key_file is not None else None
    except KeyUnfit as unfit:
        raise unreachable("T05", endpoint.name, f"{endpoint.key_file} {unfit}") from None
    return {
        "host": endpoint.host, "port": endpoint.port, "username": endpoint.username,
        "pkey": private, "password": None if private is not None else endpoint.password,
        "allow_agent": False, "look_for_keys": False, "host_key_policy": _Pinned(pinned, endpoint.name),
        "timeout": endpoint.timeout, "banner_timeout": endpoint.timeout, "auth_timeout": endpoint.timeout,
        "channel_timeout": endpoint.timeout,
    }  # fmt: skip
