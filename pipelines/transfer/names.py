"""Which remote file names can be trusted as data, and how to speak of those that cannot.

A name is only ever stored and shown, never used as a local path: files land under their hash. It is still held when it
could fool a person, a terminal or a file system.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable

from schemas.visible import is_visible

LONGEST_NAME = 200
"""Bytes; file systems take 255, and the name under which an upload is written is a little longer."""


def is_safe(name: str) -> bool:
    """Tell whether a name is NFC text of visible characters without separators, leading dash or dot, and short."""
    return (
        0 < len(name.encode("utf-8", "surrogatepass")) <= LONGEST_NAME
        and name[0] not in "-."
        and name.strip() == name
        and "/" not in name
        and "\\" not in name
        and unicodedata.is_normalized("NFC", name)
        and is_visible(name)
    )


def lenient(raw: bytes) -> str:
    """Decode a raw name for matching; bytes that are not UTF-8 become surrogates, which are never safe."""
    return unicodedata.normalize("NFC", raw.decode("utf-8", "surrogateescape"))


def placeholder(raw: bytes) -> str:
    """Name an unsafe name without showing it, the same in every run."""
    return f"unsafe:{hashlib.sha256(raw).hexdigest()[:12]}"


def twins(names: Iterable[bytes]) -> frozenset[bytes]:
    """Return the raw names that differ from another only in case or in Unicode normal form."""
    folded = {raw: unicodedata.normalize("NFC", lenient(raw).casefold()) for raw in names}
    count = Counter(folded.values())
    return frozenset(raw for raw, key in folded.items() if count[key] > 1)


def join(folder: str, name: str) -> bytes:
    """Return the remote path of a name in a folder; an empty folder is the one the session starts in."""
    return f"{folder.rstrip('/')}/{name}".encode() if folder else name.encode()
