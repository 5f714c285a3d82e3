"""Reading a private key file, and naming what is wrong with one that cannot be used."""

from __future__ import annotations

import os
import stat
from enum import StrEnum
from io import StringIO
from pathlib import Path

import paramiko

_KINDS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class KeyFlaw(StrEnum):
    """Why a key file cannot be used; the value says it to a person."""

    MISSING = "is not there"
    UNREADABLE = "cannot be read"
    OPEN = "is open to others"
    LOCKED = "needs a passphrase, and none that fits was given"
    PUBLIC = "is a public key: the private one is beside it, without .pub"
    PUTTY = "is a key of PuTTY, which other programs cannot read"
    NO_KEY = "is no private key of a kind that can be used (Ed25519, ECDSA, RSA)"


class KeyUnfit(Exception):
    """A key file cannot be used."""

    def __init__(self, flaw: KeyFlaw) -> None:
        self.flaw = flaw
        super().__init__(flaw.value)


def read_private_key(path: Path, passphrase: str | None = None) -> paramiko.PKey:
    """Read an OpenSSH or PEM private key that only its owner can read. Raises `KeyUnfit`."""
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise KeyUnfit(KeyFlaw.MISSING) from None
    except OSError:
        raise KeyUnfit(KeyFlaw.UNREADABLE) from None
    except UnicodeError:
        raise KeyUnfit(KeyFlaw.NO_KEY) from None
    if content.startswith(("ssh-", "ecdsa-", "---- BEGIN SSH2 PUBLIC")):
        raise KeyUnfit(KeyFlaw.PUBLIC)
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise KeyUnfit(KeyFlaw.OPEN)
    if content.startswith("PuTTY-User-Key-File"):
        raise KeyUnfit(KeyFlaw.PUTTY)
    flaw = KeyFlaw.NO_KEY
    for kind in _KINDS:
        try:
            return kind.from_private_key(StringIO(content), passphrase)
        except paramiko.PasswordRequiredException:
            flaw = KeyFlaw.LOCKED
        except (paramiko.SSHException, ValueError, IndexError):
            continue
    # A passphrase that does not fit looks like no key.
    is_locked = "ENCRYPTED" in content[:200] or (passphrase is not None and "PRIVATE KEY" in content[:200])
    raise KeyUnfit(KeyFlaw.LOCKED if is_locked else flaw)


def fingerprint_of(path: Path) -> str:
    """Return the fingerprint of a key that can be used, as `ssh-keygen -l` shows it. Raises `KeyUnfit`."""
    return str(read_private_key(path).fingerprint)
