"""Reading pinned host keys. Nothing here ever adds one: who the partner is was settled when its key was pinned."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path

import paramiko
from paramiko.hostkeys import HostKeyEntry, InvalidHostKey

from pipelines.transfer.codes import unreachable
from pipelines.transfer.keys import known_hosts_name


@dataclass(frozen=True)
class HostKey:
    """A server's public key: as a `known_hosts` file has it behind the host, and as people compare it."""

    line: str
    fingerprint: str

    @classmethod
    def of(cls, key: paramiko.PKey) -> HostKey:
        """Describe a key."""
        return cls(f"{key.get_name()} {key.get_base64()}", f"{key.get_name()} {key.fingerprint}")


def pinned_keys(
    host: str, port: int, known_hosts: Path | None, host_key: str | None, where: str
) -> list[paramiko.PKey]:
    """Return all keys pinned for a host; raises `PartnerUnreachable` T02 when there is none or one is unreadable."""
    keys = [] if host_key is None else [_from_line(host_key, where)]
    if known_hosts is not None:
        keys += _from_file(known_hosts, known_hosts_name(host, port), where)
    if not keys:
        raise unreachable(
            "T02",
            where,
            "none is pinned",
            remedy=f"`ssh-keyscan -p {port} {host} | tee key.txt | ssh-keygen -lf -` shows the server's; "
            "pin it as `host_key` once the partner has confirmed the fingerprint.",
        )
    return keys


def public_key(line: str) -> paramiko.PKey:
    """Read `ssh-ed25519 AAAA...`, with or without a host in front and a comment behind; raises `ValueError`."""
    words = line.split()
    kinds = [place for place, word in enumerate(words[:2]) if word.startswith(("ssh-", "ecdsa-"))]
    try:
        kind, key = words[kinds[0] : kinds[0] + 2]
        return paramiko.PKey.from_type_string(kind, base64.b64decode(key, validate=True))
    except (IndexError, ValueError, paramiko.SSHException, paramiko.pkey.UnknownKeyType):
        raise ValueError("not a public key") from None


def _from_line(line: str, where: str) -> paramiko.PKey:
    try:
        return public_key(line)
    except ValueError:
        raise unreachable("T02", where, "`host_key` is not a public key") from None


def _from_file(path: Path, wanted: str, where: str) -> list[paramiko.PKey]:
    """Return the keys a `known_hosts` file has for a host, without those it marks as revoked."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        raise unreachable("T02", where, f"{path} cannot be read") from None
    keys: list[paramiko.PKey] = []
    revoked: list[paramiko.PKey] = []
    for line in map(str.strip, lines):
        marker, _, rest = line.partition(" ") if line.startswith("@") else ("", "", line)
        if not rest or rest.startswith("#"):
            continue
        try:
            entry = HostKeyEntry.from_line(rest.strip())
        except (InvalidHostKey, paramiko.SSHException, binascii.Error, ValueError):
            continue
        if entry is None or entry.key is None or not any(_names(name, wanted) for name in entry.hostnames or ()):
            continue
        if marker in {"", "@revoked"}:
            (revoked if marker else keys).append(entry.key)
    return [key for key in keys if key not in revoked]


def _names(pattern: str, wanted: str) -> bool:
    if pattern.startswith("|1|"):
        return paramiko.HostKeys.hash_host(wanted, pattern) == pattern
    return pattern == wanted
