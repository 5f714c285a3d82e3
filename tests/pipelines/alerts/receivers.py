"""What stands in for the services on loopback: a proxy behind which every host answers with a certificate of our own.

A sender that is pointed at it through the environment sends the very bytes that would have gone to Slack, Teams or
PagerDuty, over TLS that it has verified.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_FROM, _UNTIL = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(days=2)


@dataclass(frozen=True)
class Authority:
    """A certificate authority that only the tests trust."""

    folder: Path

    @cached_property
    def bundle(self) -> Path:
        """Its own certificate, as those need it who are to trust it."""
        path = self.folder / "authority.pem"
        path.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))
        return path

    @cached_property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    @cached_property
    def _certificate(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
        usage = x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
                              key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                              decipher_only=False)  # fmt: skip
        return (
            x509.CertificateBuilder(name, name, self._key.public_key(), x509.random_serial_number(), _FROM, _UNTIL)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def server(self, host: str) -> ssl.SSLContext:
        """Make the settings of a server that is `host`."""
        key, path = ec.generate_private_key(ec.SECP256R1()), self.folder / f"{host}.pem"
        try:
            names: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            names = x509.DNSName(host)
        made = (
            x509.CertificateBuilder(
                self._certificate.subject, x509.Name([]), key.public_key(), x509.random_serial_number(), _FROM, _UNTIL
            )
            .add_extension(x509.SubjectAlternativeName([names]), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


@dataclass(frozen=True)
class Request:
    """One request that a service got."""

    host: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Services:
    """All services of the world, behind one proxy on loopback."""

    authority: Authority
    got: list[Request] = field(default_factory=list)
    answers: dict[str, bytes] = field(default_factory=dict)
    """Status and body by host, `200 ok` unless told; a host whose answer is empty never answers."""
    raw: list[bytes] = field(default_factory=list)
    """Everything that was received, as it came."""
    _contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)
    _is_over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._is_over.set()

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a sender finds its way here, and trusts whom it meets."""
        port = self._socket.getsockname()[1]
        return {"HTTPS_PROXY": f"http://127.0.0.1:{port}", "REQUESTS_CA_BUNDLE": str(self.authority.bundle)}

    def forget(self) -> None:
        """Begin anew: everybody answers, and nothing was received."""
        self.got.clear()
        self.raw.clear()
        self.answers.clear()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection.makefile("rb") as reader:
                host = reader.readline().split()[1].decode().partition(":")[0]
                while reader.readline().strip():
                    pass
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            if host not in self._contexts:
                self._contexts[host] = self.authority.server(host)
            with self._contexts[host].wrap_socket(connection, server_side=True) as secured:
                self._answer(host, secured)
        except (OSError, IndexError):
            return

    def _answer(self, host: str, secured: ssl.SSLSocket) -> None:
        with secured.makefile("rb") as reader:
            first, headers = reader.readline(), {}
            for line in iter(reader.readline, b"\r\n"):
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            body = reader.read(int(headers.get("content-length", "0")))
        self.raw.append(first + repr(headers).encode() + body)
        self.got.append(Request(host, first.split()[1].decode(), headers, body))
        status, _, said = self.answers.get(host, b"200 ok").partition(b" ")
        if not status:
            self._is_over.wait()
            return
        elsewhere = b"Location: https://elsewhere.example/\r\n" if status == b"302" else b""
        head = b"HTTP/1.1 %s -\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n" % (status, len(said), elsewhere)
        secured.sendall(head + said)


@dataclass
class Mailbox:
    """A mail server on loopback, and the mail that it took.

    Attributes
    ----------
    tls
        With it, mail is taken only over TLS and from who knows the password.
    """

    tls: ssl.SSLContext | None = None
    password: str = ""
    raw: list[bytes] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __enter__(self) -> Self:
        serving = self._loop.create_server(self._session, "127.0.0.1", 0)
        self._server = self._loop.run_until_complete(serving)
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def address(self) -> str:
        """What a variable holds whose mail goes here."""
        return f"mailto://127.0.0.1:{self.port}?from=exchange@plan.example&to=oncall@plan.example"

    @property
    def mails(self) -> list[EmailMessage]:
        """The mail in the order in which it came."""
        return [message_from_bytes(each, policy=policy.default) for each in self.raw]

    @property
    def subjects(self) -> list[str]:
        return [str(mail["subject"]) for mail in self.mails]

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 - by name
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        return "250 taken"

    def _session(self) -> SMTP:
        if self.tls is None:
            return SMTP(self, loop=self._loop)
        return SMTP(self, loop=self._loop, tls_context=self.tls, require_starttls=True, auth_required=True,
                    authenticator=self._lets_in)  # fmt: skip

    def _lets_in(self, *given: Any) -> AuthResult:
        return AuthResult(success=given[-1].password == self.password.encode(), handled=False)
