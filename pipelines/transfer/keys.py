"""Key pairs and host key lines, for a plan that begins, the demo and the tests; partners use their own tools."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from pipelines.durable import make_folders, replace_file


def ensure_keypair(path: Path) -> str:
    """Create an ed25519 key at `path` (mode 0600) unless there is one, and its `.pub`; return the public line."""
    try:
        key = load_ssh_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        key = Ed25519PrivateKey.generate()
        make_folders(path.parent.absolute())
        replace_file(path, key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
    public = path.with_name(f"{path.name}.pub")
    if not public.exists():
        public.write_text(f"{line}\n", encoding="ascii")
    return line


def known_hosts_name(host: str, port: int) -> str:
    """Return a host as a `known_hosts` file names it."""
    return host if port == 22 else f"[{host}]:{port}"


def known_hosts_line(host: str, port: int, public: str) -> str:
    """Return the `known_hosts` line that pins `public` (key type and base64) for a host."""
    return f"{known_hosts_name(host, port)} {public}"
