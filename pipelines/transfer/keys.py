"""Key pairs and host key lines for the demo and the tests; partners' keys are made with their own tools."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)


def ensure_keypair(path: Path) -> str:
    """Create an ed25519 key at `path` (mode 0600) unless there is one, and its `.pub`; return the public line."""
    try:
        key = load_ssh_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        key = Ed25519PrivateKey.generate()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
    path.with_name(f"{path.name}.pub").write_text(f"{line}\n", encoding="ascii")
    return line


def known_hosts_name(host: str, port: int) -> str:
    """Return a host as a `known_hosts` file names it."""
    return host if port == 22 else f"[{host}]:{port}"


def known_hosts_line(host: str, port: int, public: str) -> str:
    """Return the `known_hosts` line that pins `public` (key type and base64) for a host."""
    return f"{known_hosts_name(host, port)} {public}"
