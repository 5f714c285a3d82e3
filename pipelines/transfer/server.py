"""An sFTP server for the demos and the tests: no root is needed, and each account is shut in its folder."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED, OPEN_SUCCEEDED

from pipelines.transfer.hostkeys import public_key
from pipelines.transfer.jail import Jail
from pipelines.transfer.protocol import VERSION, Fields, Kind, ProtocolFault, text, u32
from pipelines.transfer.wire import Wire
from schemas.problems import PartnerUnreachable

_WINDOW = 8 * 1024 * 1024
_PACKET = 256 * 1024
_IDLE = 3600.0
_POLL = 0.05

# Paramiko logs a traceback for every client that leaves without a word.
logging.getLogger("pipelines.transfer.server").setLevel(logging.CRITICAL)


class EmbeddedServer:
    """Serves from entering to leaving its `with` block; all its threads and sockets end with it.

    Parameters
    ----------
    root
        Folder that holds the accounts' folders.
    accounts
        Folder below `root` by user name; made where missing.
    host_key
        The server's private key file.
    authorized_key
        File of public keys, one a line; each opens every account.
    port
        Port of `host`; 0 takes a free one, which `port` then tells.
    host
        An address of this machine; loopback unless given.
    passwords
        By user name; an account with one is opened by that and by no key.
    jail
        Makes the answers of a session from the account's folder.
    """

    def __init__(
        self,
        root: Path,
        accounts: Mapping[str, str],
        host_key: Path,
        authorized_key: Path,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        passwords: Mapping[str, str] = MappingProxyType({}),
        jail: Callable[[Path], Jail] = Jail,
    ) -> None:
        self._host = host
        self._homes = {account: _below(root, folder) for account, folder in accounts.items()}
        self._host_key = paramiko.Ed25519Key.from_private_key_file(str(host_key))
        lines = authorized_key.read_text(encoding="ascii").splitlines()
        self._passwords = passwords
        self._authorized = [public_key(line) for line in lines if line.strip()]
        self._jail = jail
        self._stopping = threading.Event()
        self._transports: list[paramiko.Transport] = []
        self._subsystems: list[threading.Thread] = []
        self._listener: socket.socket | None = None
        self._acceptor = threading.Thread(target=self._accept, name="sftp-acceptor", daemon=True)
        self.port = port

    @property
    def host_key_line(self) -> str:
        """The server's public key as an endpoint's `host_key`."""
        return f"{self._host_key.get_name()} {self._host_key.get_base64()}"

    def __enter__(self) -> Self:
        for home in self._homes.values():
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._listener = socket.create_server((self._host, self.port))
        self._listener.settimeout(_POLL)
        self.port = self._listener.getsockname()[1]
        self._acceptor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._acceptor.join()
        if self._listener is not None:
            self._listener.close()
        for transport in self._transports:
            transport.close()
            transport.join()
        for subsystem in self._subsystems:
            subsystem.join()

    def _accept(self) -> None:
        while not self._stopping.is_set() and self._listener is not None:
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            transport = paramiko.Transport(connection, _WINDOW, _PACKET)
            transport.set_log_channel("pipelines.transfer.server")
            transport.add_server_key(self._host_key)
            transport.set_subsystem_handler("sftp", _Subsystem, self._jail, self._subsystems)
            self._transports = [*(known for known in self._transports if known.is_alive()), transport]
            try:
                transport.start_server(threading.Event(), _Login(self._homes, self._authorized, self._passwords))
            except (paramiko.SSHException, EOFError, OSError):
                connection.close()


class _Login(paramiko.ServerInterface):
    """Lets the authorized keys, or an account's password, into the known accounts, for sFTP and nothing else."""

    def __init__(
        self, homes: Mapping[str, Path], authorized: list[paramiko.PKey], passwords: Mapping[str, str]
    ) -> None:
        self._homes = homes
        self._authorized = authorized
        self._passwords = passwords
        self.home: Path | None = None

    def get_allowed_auths(self, username: str) -> str:
        return "password" if username in self._passwords else "publickey"

    def check_auth_password(self, username: str, password: str) -> int:
        if username not in self._homes or self._passwords.get(username) != password:
            return AUTH_FAILED
        self.home = self._homes[username]
        return AUTH_SUCCESSFUL

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        if username not in self._homes or username in self._passwords or key not in self._authorized:
            return AUTH_FAILED
        self.home = self._homes[username]
        return AUTH_SUCCESSFUL

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002  # paramiko's signature
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class _Subsystem(paramiko.server.SubsystemHandler):
    """One session: a thread that answers its requests in turn."""

    def __init__(
        self,
        channel: paramiko.Channel,
        name: str,
        server: _Login,
        jail: Callable[[Path], Jail],
        running: list[threading.Thread],
    ) -> None:
        super().__init__(channel, name, server)
        self._home = server.home
        self._make_jail = jail
        running.append(self)

    def start_subsystem(
        self,
        name: str,  # noqa: ARG002  # paramiko's signature
        transport: paramiko.Transport,
        channel: paramiko.Channel,
    ) -> None:
        if self._home is None:
            return
        jail = self._make_jail(self._home)
        wire = Wire(channel, transport.get_username() or "", _IDLE)
        try:
            _serve(wire, jail)
        except (PartnerUnreachable, ProtocolFault):
            return  # the client left, or talks nonsense
        finally:
            jail.leave()


def _serve(wire: Wire, jail: Jail) -> None:
    kind, _ = wire.take()
    if kind != Kind.INIT:
        raise ProtocolFault
    extensions = b"".join(text(name) + text(b"1") for name in jail.extensions)
    greeting = bytes([Kind.VERSION]) + u32(VERSION) + extensions
    wire.put(u32(len(greeting)), greeting)
    while True:
        kind, packet = wire.take()
        fields = Fields(packet)
        identifier = fields.take(4)
        answered, answer = jail.answer(kind, fields)
        wire.put(u32(5 + len(answer)), bytes([answered]), bytes(identifier), answer)


def _below(root: Path, folder: str) -> Path:
    home = (root / folder).resolve()
    if not home.is_relative_to(root.resolve()):
        raise ValueError("an account's folder must be below the server's root")
    return home
