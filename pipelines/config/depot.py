"""Where a home may be kept between nights."""

from __future__ import annotations

from urllib.parse import urlsplit


def known_depot(url: str) -> str:
    """Refuse the address of a depot that cannot be used, or that holds a secret."""
    parts = urlsplit(url)
    if parts.password is not None:
        raise ValueError("no password may stand here: put it into the plan's file of secrets")
    usable = {
        "file": not parts.netloc and len(parts.path) > 1,
        "s3": bool(parts.netloc),
        "sftp": bool(parts.hostname and parts.username) and len(parts.path) > 1,
    }
    if not usable.get(parts.scheme, False) or parts.query or parts.fragment:
        raise ValueError("write it as file:///folder, s3://bucket/folder or sftp://user@host:port/folder")
    return url.rstrip("/")
