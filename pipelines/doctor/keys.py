"""The keys that the exchange logs in with, and the host keys that are pinned; no server is visited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.doctor.accounts import Account
from pipelines.doctor.ailment import Ailment, fine, found
from pipelines.transfer.hostkeys import HostKey, pinned_keys
from pipelines.transfer.private import KeyFlaw, KeyUnfit, fingerprint_of
from schemas.problems import PartnerUnreachable

_NAMES = {
    KeyFlaw.MISSING: "key-missing",
    KeyFlaw.UNREADABLE: "key-unreadable",
    KeyFlaw.OPEN: "key-open",
    KeyFlaw.LOCKED: "key-locked",
    KeyFlaw.PUBLIC: "key-is-public",
    KeyFlaw.PUTTY: "key-of-another-kind",
    KeyFlaw.NO_KEY: "key-of-another-kind",
}


def examine_keys(accounts: Sequence[Account]) -> Iterator[Ailment]:
    """Examine each key file once, whoever uses it."""
    users: defaultdict[Path, list[str]] = defaultdict(list)
    for account in accounts:
        if account.endpoint.key_file is not None:
            users[account.endpoint.key_file] += [account.owners]
    for path, owners in users.items():
        flaw = flaw_of(path)
        if flaw is None:
            yield fine("keys", str(path), f"can be used, {fingerprint_of(path)}")
        else:
            whose = owners[0] if len(owners) == 1 else f"{len(owners)} accounts, among them {owners[0]},"
            what = f"it {flaw}; {whose} cannot be visited"
            yield found(_NAMES[flaw], str(path), what, path=path, private=str(path).removesuffix(".pub"))


def flaw_of(path: Path) -> KeyFlaw | None:
    """Tell what is wrong with a key file."""
    try:
        fingerprint_of(path)
    except KeyUnfit as unfit:
        return unfit.flaw
    return None


def can_log_in(account: Account) -> bool:
    """Tell whether there is anything to log in with."""
    return account.endpoint.key_file is None or flaw_of(account.endpoint.key_file) is None


def pins_of(account: Account) -> tuple[HostKey, ...]:
    """Return the host keys that are pinned for an account's server; none where that cannot be read."""
    endpoint = account.endpoint
    try:
        keys = pinned_keys(endpoint.host, endpoint.port, endpoint.known_hosts, endpoint.host_key, endpoint.name)
    except PartnerUnreachable:
        return ()
    return tuple(map(HostKey.of, keys))


def examine_pins(accounts: Sequence[Account]) -> Iterator[Ailment]:
    """Tell of files of pinned host keys that cannot be read, and of `host_key` that is none."""
    for path in dict.fromkeys(a.endpoint.known_hosts for a in accounts if a.endpoint.known_hosts is not None):
        try:
            path.read_text(encoding="utf-8")
        except (OSError, UnicodeError):
            yield found("known-hosts-unreadable", str(path), "it is not there, or cannot be read", path=path)
    for account in accounts:
        if account.endpoint.host_key is not None and not pins_of(account):
            yield found("host-key-is-none", account.owners, f"`host_key` for {account.server} is not a public key")
