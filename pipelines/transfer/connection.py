"""Opening a session with a partner's server: own socket, pinned host key, one way to log in, a bound on every wait."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import paramiko
from paramiko.packet import Packetizer
from paramiko.ssh_exception import IncompatiblePeer

from pipelines.transfer.codes import unreachable
from pipelines.transfer.hostkeys import HostKey, pinned_keys
from pipelines.transfer.keys import known_hosts_name
from pipelines.transfer.private import KeyUnfit, read_private_key
from pipelines.transfer.restraint import NO_RESTRAINT, Restraint
from pipelines.transfer.session import IN_FLIGHT, Session
from schemas.problems import PartnerUnreachable

_WINDOW = 2 * IN_FLIGHT  # so that the server never waits with an answer that was asked for
_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr")
_DIGESTS = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha1",
)
_KEY_KINDS = {"rsa-sha2-512": "ssh-rsa", "rsa-sha2-256": "ssh-rsa"}  # signatures by one kind of key
_PACKET = 256 * 1024
_KEEPALIVE = 30
_ENDING = 0.5
_PASSING = frozenset({2, 4})  # why a channel is not opened (RFC 4254, 5.1): connect failed, resource shortage

_TCP_OPTIONS = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 6), ("TCP_USER_TIMEOUT", 90_000))
"""Where the system has them: a peer that vanished is noticed after a minute and a half, not after two hours."""

# Paramiko logs a traceback for every lost connection; our own errors say it in a sentence.
logging.getLogger("pipelines.transfer.ssh").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Endpoint:
    """A partner's server and how to log in there.

    Attributes
    ----------
    name
        The partner's name for messages.
    key_file
        OpenSSH or PEM private key, readable by its owner alone.
    password
        The account's password, or the passphrase of `key_file` where one is given.
    known_hosts, host_key
        The pinned keys: a file in OpenSSH's format, or one key as `ssh-ed25519 AAAA...`; at least one of the two.
    timeout
        Seconds for each step of connecting.
    patience
        Seconds for each answer as a whole, once connected.
    time_limit
        Seconds for a visit as a whole: who answers each request just in time must not hold up the night.
    restraint
        What is asked of the server less than it offers.
    at_once
        Connections to the server that may be open side by side.
    """

    name: str
    host: str
    port: int
    username: str
    key_file: Path | None = None
    password: str | None = field(default=None, repr=False)
    known_hosts: Path | None = None
    host_key: str | None = None
    timeout: float = 15
    patience: float = 60
    time_limit: float = 1800
    restraint: Restraint = NO_RESTRAINT
    at_once: int = 1


class Connection:
    """A connection that is logged in. Each session is a channel of its own and for one thread; all end with it."""

    def __init__(self, endpoint: Endpoint, transport: paramiko.Transport) -> None:
        self._endpoint = endpoint
        self._transport = transport

    def session(self) -> Session:
        """Open a session. Raises `PartnerUnreachable` T04 or T06; other sessions of the connection are not touched."""
        session = Session(_sftp_channel(self._endpoint, self._transport), self._endpoint.name, self._endpoint.patience)
        session.offer = self._endpoint.restraint.of(session.offer)
        return session


@contextmanager
def connection_to(endpoint: Endpoint) -> Iterator[Connection]:
    """Connect and log in, and close it in the end. Raises `PartnerUnreachable` T01 to T05 and T07."""
    private = _private_key(endpoint)
    pinned = pinned_keys(endpoint.host, endpoint.port, endpoint.known_hosts, endpoint.host_key, endpoint.name)
    with closing(_socket(endpoint)) as connection:
        transport = paramiko.Transport(connection, packetizer_class=_Packets)
        try:
            with _within(endpoint, transport):
                _shake_hands(endpoint, transport, pinned)
                _log_in(endpoint, transport, private)
                transport.set_keepalive(_KEEPALIVE)
                yield Connection(endpoint, transport)
        finally:
            # Wakes the reader at once; by itself it notices the end at its next poll, a tenth of a second later.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            transport.close()
            if transport.ident is not None:
                transport.join()


@contextmanager
def connect(endpoint: Endpoint) -> Iterator[Session]:
    """Open a session and close it in the end. Raises `PartnerUnreachable` T01 to T07, also from within the session."""
    with connection_to(endpoint) as connection:
        yield connection.session()


def host_key_of(endpoint: Endpoint, pinned: Sequence[paramiko.PKey] = ()) -> HostKey:
    """Ask a server for its host key and leave: nobody logs in. Raises `PartnerUnreachable` T01 or T06."""
    with closing(_socket(endpoint)) as connection:
        transport = paramiko.Transport(connection)
        try:
            offered = _agree(endpoint, transport, pinned)
        finally:
            transport.close()
    return HostKey.of(offered)


class _Packets(Packetizer):
    """Changes keys as seldom as OpenSSH does for these ciphers: each change stops the traffic for round trips."""

    REKEY_BYTES = 2**36


@contextmanager
def _within(endpoint: Endpoint, transport: paramiko.Transport) -> Iterator[None]:
    """End the connection when the time for the visit is over, and say so."""
    over = threading.Event()

    def end() -> None:
        over.set()
        transport.close()

    watch = threading.Timer(endpoint.time_limit, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    except PartnerUnreachable:
        if over.is_set():
            raise unreachable("T07", endpoint.name, f"after {endpoint.time_limit:g} s") from None
        raise
    finally:
        watch.cancel()
        watch.join()


def _socket(endpoint: Endpoint) -> socket.socket:
    try:
        connection = socket.create_connection((endpoint.host, endpoint.port), endpoint.timeout)
    except (OSError, UnicodeError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
        raise unreachable("T01", endpoint.name, f"{endpoint.host}:{endpoint.port}: {reason}") from None
    # Without it a request that follows a window adjustment waits for the peer's delayed acknowledgement.
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _TCP_OPTIONS:
        if hasattr(socket, option):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
    return connection


def _shake_hands(endpoint: Endpoint, transport: paramiko.Transport, pinned: list[paramiko.PKey]) -> None:
    """Agree on keys with the server and make sure that it is the right one."""
    offered = _agree(endpoint, transport, pinned)
    if not any(offered == key for key in pinned):
        raise _other_host_key(endpoint, offered)


def _agree(endpoint: Endpoint, transport: paramiko.Transport, pinned: Sequence[paramiko.PKey]) -> paramiko.PKey:
    """Agree on keys with whoever answers, and return the host key that it proved to have."""
    transport.set_log_channel("pipelines.transfer.ssh")
    transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = endpoint.timeout
    options = transport.get_security_options()
    options.ciphers = _CIPHERS
    options.digests = _DIGESTS
    # The kinds that are pinned come first, else a server with several host keys shows one that is not.
    known = {key.get_name() for key in pinned}
    options.key_types = sorted(options.key_types, key=lambda kind: _KEY_KINDS.get(kind, kind) not in known)
    try:
        transport.start_client(timeout=endpoint.timeout)
        return transport.get_remote_server_key()
    except IncompatiblePeer:
        raise unreachable("T06", endpoint.name, "no cipher or key exchange in common") from None
    except (paramiko.SSHException, EOFError, OSError):
        raise unreachable("T01", endpoint.name, f"{endpoint.host}:{endpoint.port}: no SSH handshake") from None


def _other_host_key(endpoint: Endpoint, offered: paramiko.PKey) -> PartnerUnreachable:
    detail = f"{known_hosts_name(endpoint.host, endpoint.port)} offers {offered.get_name()} {offered.fingerprint}"
    return unreachable(
        "T02",
        endpoint.name,
        detail,
        remedy="Nothing was sent. Have the partner confirm the fingerprint by phone; "
        f"`ssh-keyscan -p {endpoint.port} {endpoint.host} | ssh-keygen -lf -` shows what is offered.",
    )


def _private_key(endpoint: Endpoint) -> paramiko.PKey | None:
    if endpoint.key_file is None:
        return None
    try:
        return read_private_key(endpoint.key_file, endpoint.password)
    except KeyUnfit as unfit:
        raise unreachable("T05", endpoint.name, f"{endpoint.key_file} {unfit}") from None


def _log_in(endpoint: Endpoint, transport: paramiko.Transport, private: paramiko.PKey | None) -> None:
    """Log in by key, else by password. No agent, no keys that lie around."""
    if private is None and endpoint.password is None:
        raise unreachable("T03", endpoint.name, "neither a key file nor a password is configured")
    try:
        if private is not None:
            transport.auth_publickey(endpoint.username, private)
        else:
            transport.auth_password(endpoint.username, endpoint.password or "")
    except paramiko.AuthenticationException:
        if transport.is_active():
            raise unreachable("T03", endpoint.name) from None
        raise unreachable("T04", endpoint.name, "while logging in; the key or password may be refused") from None
    except (paramiko.SSHException, EOFError, OSError):
        raise unreachable("T04", endpoint.name, "while logging in") from None
    if not transport.is_authenticated():
        raise unreachable("T03", endpoint.name, "the server wants a second factor")


def _sftp_channel(endpoint: Endpoint, transport: paramiko.Transport) -> paramiko.Channel:
    gave_up = threading.Event()

    def give_up() -> None:
        gave_up.set()
        with suppress(paramiko.SSHException, EOFError, OSError):  # the connection may end before it is told
            channel.close()

    # paramiko waits without end for the answer to the request for the subsystem.
    watch = threading.Timer(endpoint.timeout, give_up)
    try:
        channel = transport.open_session(_WINDOW, _PACKET, endpoint.timeout)
        watch.start()
        channel.invoke_subsystem("sftp")
    except paramiko.ChannelException as refusal:
        if refusal.code in _PASSING:
            raise unreachable("T04", endpoint.name, "it has no room for another session") from None
        raise unreachable("T06", endpoint.name, "it offers no sFTP") from None
    except (paramiko.SSHException, EOFError, OSError):
        # A transport that ends closes its channels first and only then says so.
        if not gave_up.is_set():
            transport.join(_ENDING)
        if transport.is_active() and not gave_up.is_set():
            raise unreachable("T06", endpoint.name, "it offers no sFTP") from None
        raise unreachable("T04", endpoint.name, "while starting sFTP") from None
    finally:
        watch.cancel()
    return channel
