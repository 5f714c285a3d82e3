"""Receipts of files that got their name in a recipient's folder, beside their bytes until the delivery is entered.

A recipient may take a file away the moment it has its name. If this process dies before the delivery is entered, the
next one finds nothing in the folder; the receipt says that the file was there, and it is not sent twice.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_ENDING = ".named"


def leave(local: Path, sha256: str) -> None:
    """Note that the file of these bytes got its name. Where that cannot be noted the recipient's folder is asked."""
    with (
        suppress(OSError),
        os.fdopen(os.open(_of(local), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file,
    ):
        file.write(sha256)


def has(local: Path, sha256: str) -> bool:
    """Tell whether the file got its name with these very bytes, and the delivery was not entered yet."""
    try:
        return _of(local).read_text(encoding="ascii") == sha256
    except FileNotFoundError:
        return False


def drop(local: Path) -> None:
    """Forget a receipt: the delivery is entered."""
    _of(local).unlink(missing_ok=True)


def file_of(receipt: Path) -> Path | None:
    """Return the file that a receipt is for; `None` where it is no receipt."""
    if receipt.name.startswith(".") and receipt.name.endswith(_ENDING):
        return receipt.with_name(receipt.name[1 : -len(_ENDING)])
    return None


def _of(local: Path) -> Path:
    return local.with_name(f".{local.name}{_ENDING}")
