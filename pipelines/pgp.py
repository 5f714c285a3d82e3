"""Encryption to a provider's OpenPGP key: which can be used, until when, and that a message is for one and no other.

The library encrypts to a key that has run out, and chooses among several: so the packets are looked at here. What it
cannot read it answers with `RuntimeError`, whose text is a stack of calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from pysequoia import Cert, encrypt
from pysequoia.packet import Packet, PacketPile, SignatureType, Tag

_NO_KEY = "this is not one OpenPGP public key: ask the provider for an export of it"


class KeyUnusable(ValueError):
    """Nothing can be encrypted to this key. Its text says why, and ends in what to do."""


@dataclass(frozen=True)
class PublicKey:
    """A provider's public key."""

    fingerprint: str
    encrypts_until: tuple[tuple[str, date], ...]
    """Key ids of what can be encrypted to, with the last whole day of each."""
    content: bytes = field(repr=False)

    @property
    def until(self) -> date:
        """Last day on which it can be used."""
        return max(day for _, day in self.encrypts_until)

    def require_usable(self, on: date) -> None:
        """Refuse a key that has run out.

        Raises
        ------
        KeyUnusable
            With the day.
        """
        if on > self.until:
            raise KeyUnusable(f"the key ran out on {self.until}: ask the provider for its present public key")


@dataclass(frozen=True)
class Sealed:
    """An encrypted document, and the fingerprint of the key it is for."""

    content: bytes
    key: str


def read_public_key(path: Path) -> PublicKey:
    """Read a public key, binary or armored.

    Raises
    ------
    KeyUnusable
        When there is none, or it is not one public key that can be encrypted to.
    """
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise KeyUnusable(f"the key cannot be read ({failure.strerror}): check the path and its rights") from None
    return _public_key(content)


def seal(content: bytes, key: PublicKey, on: date) -> Sealed:
    """Encrypt to a key; chance makes each result another.

    Raises
    ------
    KeyUnusable
        When the key has run out, or the library would encrypt to what has.
    """
    key.require_usable(on)
    try:
        message = encrypt(content, recipients=[_certificate(key.content)], armor=False)
    except RuntimeError:
        raise KeyUnusable("nothing can be encrypted to the key: ask the provider for another public key") from None
    usable = {key_id for key_id, until in key.encrypts_until if on <= until}
    if not recipients_of(message) <= usable:
        raise KeyUnusable("the key has parts that ran out: ask the provider for its present public key")
    return Sealed(message, key.fingerprint)


def recipients_of(message: bytes) -> set[str]:
    """Key ids that a message is encrypted to; empty when it is no message to anybody."""
    try:
        return {_recipient(packet.body) for packet in PacketPile.from_bytes(message) if packet.tag == Tag.PKESK}
    except RuntimeError:
        return set()


def _recipient(body: bytes) -> str:
    """Read whom an encrypted session key is for, as a key id: of version 3 that is said, of 6 the fingerprint."""
    version = body[0]
    if version == 3:
        return body[1:9].hex()
    length, key_version = body[1], body[2]
    fingerprint = body[3 : 2 + length]
    return (fingerprint[:8] if key_version == 6 else fingerprint[-8:]).hex()


@cache
def _public_key(content: bytes) -> PublicKey:
    certificate = _certificate(content)
    try:
        is_revoked, end = certificate.is_revoked, _last_day(certificate.expiration)
        found = tuple((key_id, min(end, until)) for key_id, until in _encrypting(content))
    except RuntimeError:
        raise KeyUnusable(_NO_KEY) from None
    if is_revoked:
        raise KeyUnusable("the key was revoked: ask the provider for its present public key")
    if not found:
        raise KeyUnusable("the key is for signing only: ask the provider for one that can be encrypted to")
    return PublicKey(certificate.fingerprint, found, content)


def _certificate(content: bytes) -> Cert:
    try:
        if any(packet.tag in (Tag.SecretKey, Tag.SecretSubkey) for packet in PacketPile.from_bytes(content)):
            raise KeyUnusable("this is a private key: remove it, tell its owner, and ask for the public one")
        return Cert.from_bytes(content)
    except RuntimeError:
        raise KeyUnusable(_NO_KEY) from None


def _encrypting(content: bytes) -> Iterator[tuple[str, date]]:
    """Yield the keys of a certificate that can be encrypted to: key id and last day, as their newest binding says."""
    key: Packet | None = None
    bindings: dict[str, tuple[Packet, Packet]] = {}
    revoked = set()
    for packet in PacketPile.from_bytes(content):
        if packet.tag in (Tag.PublicKey, Tag.PublicSubkey):
            key = packet
        elif packet.tag == Tag.Signature and key is not None:
            key_id = str(key.key_id)
            if packet.signature_type == SignatureType.SubkeyRevocation:
                revoked.add(key_id)
            elif packet.key_flags is not None:
                newest = bindings.get(key_id)
                if newest is None or _made(packet) >= _made(newest[1]):
                    bindings[key_id] = (key, packet)
    for key_id, (bound, binding) in bindings.items():
        flags, valid = binding.key_flags, binding.key_validity_period
        if flags is None or key_id in revoked or not (flags.transport_encryption or flags.storage_encryption):
            continue
        yield key_id, _last_day(None if not valid or bound.key_created is None else bound.key_created + valid)


def _made(signature: Packet) -> datetime:
    return signature.signature_created or datetime.min.replace(tzinfo=UTC)


def _last_day(expiration: datetime | None) -> date:
    """Last day on all of which something that ends then is in force."""
    return date.max if expiration is None else date.fromordinal(expiration.astimezone(UTC).date().toordinal() - 1)
