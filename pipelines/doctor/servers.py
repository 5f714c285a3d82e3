"""Partners' servers, looked at side by side: one that is down or silent keeps nobody waiting but itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from pipelines.doctor.accounts import TIME_LIMIT, Account
from pipelines.doctor.ailment import Ailment, counted, fine, found
from pipelines.doctor.folders import examine_place
from pipelines.doctor.keys import can_log_in, pins_of
from pipelines.doctor.visit import Visit, visit
from pipelines.transfer.connection import Endpoint
from pipelines.transfer.hostkeys import HostKey
from pipelines.transfer.keys import known_hosts_name
from pipelines.transfer.lanes import Errand, lane_of, side_by_side
from pipelines.transfer.private import fingerprint_of
from pipelines.transfer.retry import is_gone, not_tried
from schemas.problems import ExchangeError

Told = Callable[[str], None]

_AT_ONCE = 32
"""Servers visited at once: more than at night, since most of the time is spent waiting for those that are gone."""

_NAMES = {
    "T01": "server-unreachable",
    "T04": "server-drops",
    "T06": "server-not-sftp",
    "T07": "server-slow",
    "T08": "server-unreachable",
}


def visit_all(accounts: Sequence[Account], clock: Callable[[], float], told: Told) -> list[Visit]:
    """Visit every account that can be logged in to, and return the visits in their order.

    `told` gets the name of each as its visit ends. Accounts of one server are visited one after another.
    """

    def one(account: Account) -> Visit:
        made = visit(account, clock)
        told(account.owners)
        return made

    errands = [
        Errand(
            lane=lane_of(account.endpoint.host, account.endpoint.port),
            run=partial(one, account),
            is_gone=lambda made: isinstance(made.problem, ExchangeError) and is_gone(made.problem.code),
            instead=partial(Visit, account, problem=not_tried(account.owners)),
        )
        for account in accounts
        if can_log_in(account)
    ]
    return side_by_side(errands, lambda made: made, at_once=_AT_ONCE)


def examine_visits(visits: Sequence[Visit]) -> Iterator[Ailment]:
    """Tell what the visits found."""
    first = {
        made.account.server: made.problem
        for made in reversed(visits)
        if made.problem is not None and made.problem.code != "T08"
    }
    for made in visits:
        if made.offered is not None:
            yield _host_key(made.account, made.offered)
        elif made.problem is not None:
            not_tried_for = first.get(made.account.server) if made.problem.code == "T08" else None
            yield _problem(made.account, not_tried_for or made.problem)
        for seen in made.seen:
            yield from examine_place(made.account, seen)
        if made.problem is None and made.offered is None:
            files = counted(sum(seen.listed.files for seen in made.seen), "file")
            yield fine("servers", made.account.owners, f"reached, {counted(len(made.seen), 'folder')}, {files}")


def _problem(account: Account, problem: ExchangeError) -> Ailment:
    endpoint = account.endpoint
    if problem.code == "T03":
        return _refused(account)
    words = {"host": endpoint.host, "port": endpoint.port, "limit": f"{TIME_LIMIT:g}"}
    what = f"{problem.what.rstrip('.')} [{problem.code}]"
    return found(_NAMES.get(problem.code, "server-unreachable"), account.owners, what, **words)


def _refused(account: Account) -> Ailment:
    endpoint = account.endpoint
    if endpoint.key_file is None:
        what = f"{account.server} refuses the account {endpoint.username} with the password that is set [T03]"
        return found("password-refused", account.owners, what, username=endpoint.username)
    key = fingerprint_of(endpoint.key_file)
    what = f"{account.server} refuses the account {endpoint.username} with the key {key} [T03]"
    return found("key-refused", account.owners, what, username=endpoint.username, path=endpoint.key_file)


def _host_key(account: Account, offered: HostKey) -> Ailment:
    """Tell of a host key that is not pinned, and how to pin just the one that was seen."""
    endpoint, pins = account.endpoint, pins_of(account)
    words = {"fingerprint": offered.fingerprint, "pin": pin(endpoint, offered), "unpin": _unpin(endpoint)}
    if not pins:
        what = f"no host key of {account.server} is pinned; seen was {offered.fingerprint} [T02]"
        return found("host-key-unknown", account.owners, what, **words)
    pinned = " or ".join(each.fingerprint for each in pins)
    what = f"{account.server} has another host key: pinned is {pinned}; seen was {offered.fingerprint} [T02]"
    return found("host-key-changed", account.owners, what, **words)


def pin(endpoint: Endpoint, key: HostKey) -> str:
    """Return what pins a key: a command where a file has the keys, else the line of the configuration."""
    if endpoint.known_hosts is None:
        return f'host_key = "{key.line}"'
    line = f"{known_hosts_name(endpoint.host, endpoint.port)} {key.line}"
    return f"printf '\\n%s\\n' '{line}' >> {quoted(endpoint.known_hosts)}"  # the last line may have no end


def _unpin(endpoint: Endpoint) -> str:
    if endpoint.known_hosts is None:
        return ""
    return f"ssh-keygen -R '{known_hosts_name(endpoint.host, endpoint.port)}' -f {quoted(endpoint.known_hosts)}\n"


def quoted(path: Path) -> str:
    """Return a path as a shell takes it for one word."""
    return "'" + str(path).replace("'", "'\\''") + "'"
