"""A real OpenSSH server.

As root each account is a chroot served as `nobody`, so that permissions mean something; else it is a start folder
served as the current user. No system user is ever made. Paths are relative to the account's folder either way.
A user whose password is locked (`!` in the shadow file) cannot serve: sshd refuses such accounts.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipelines.transfer.connection import Endpoint
from pipelines.transfer.keys import ensure_keypair

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
PLACES = ("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/opt/homebrew/sbin/sshd", "/usr/lib/ssh/sshd")


def sshd_program() -> str:
    found = shutil.which("sshd") or next((place for place in PLACES if Path(place).is_file()), None)
    if found is None:
        pytest.fail("OpenSSH's server is missing: install it (Debian, Ubuntu: `apt-get install openssh-server`).")
    return found


@dataclass
class Sshd:
    """A server per account, started when its endpoint is first asked for.

    Attributes
    ----------
    root
        Folder of the accounts' folders.
    user
        System account that serves them all.
    options
        Of `sshd_config`, beyond the usual.
    limits
        Shell commands before the server starts, such as `ulimit -n 20`.
    denied
        Requests that it refuses to serve, by their names in sFTP, with commas between.
    """

    root: Path
    keys: Path
    user: str
    program: str
    options: tuple[str, ...] = ()
    limits: str = ""
    denied: str = ""
    running: dict[str, tuple[subprocess.Popen[bytes], int]] = field(default_factory=dict)

    def endpoint(self, account: str) -> Endpoint:
        """Return an endpoint that logs in to an account, made where missing."""
        if account not in self.running:
            self.running[account] = self._start(self._home(account), account)
        return Endpoint(
            name=account,
            host="127.0.0.1",
            port=self.running[account][1],
            username=self.user,
            key_file=self.keys / "client",
            host_key=(self.keys / "host.pub").read_text(encoding="ascii"),
        )

    def folder(self, account: str, name: str) -> Path:
        """Make a folder of an account and give it to the serving user."""
        path = self._home(account) / name
        path.mkdir()
        self.give(path)
        return path

    def give(self, path: Path) -> Path:
        """Make the serving user the owner, whatever the umask left of its rights."""
        if AS_ROOT:
            shutil.chown(path, self.user)
        return path

    def kill(self, account: str) -> None:
        """End the account's server and free its port."""
        process, _ = self.running.pop(account)
        process.terminate()
        process.wait(10)

    def stop(self) -> None:
        for account in list(self.running):
            self.kill(account)

    def _home(self, account: str) -> Path:
        home = self.root / account
        home.mkdir(exist_ok=True)
        home.chmod(0o755)
        return home

    def _start(self, folder: Path, account: str) -> tuple[subprocess.Popen[bytes], int]:
        command = [self.program, "-D", "-e", "-f", "/dev/null", "-h", str(self.keys / "host")]
        serve = f"internal-sftp{f' -P {self.denied}' if self.denied else ''} -d"
        options = (
            "ListenAddress=127.0.0.1",
            "PidFile=none",
            "UsePAM=no",
            "UseDNS=no",
            "StrictModes=no",
            "MaxStartups=100",
            "AuthenticationMethods=publickey",
            f"AuthorizedKeysFile={self.root / 'authorized_keys'}",
            "Subsystem=sftp internal-sftp",
            *((f"ChrootDirectory={folder}", f"ForceCommand={serve} /") if AS_ROOT else ()),
            *(() if AS_ROOT else (f"ForceCommand={serve} {folder}",)),
            *self.options,
        )
        for option in options:
            command += ["-o", option]
        if self.limits:
            command = ["/bin/sh", "-c", f'{self.limits}; exec "$0" "$@"', *command]
        said = ""
        for _ in range(5):  # another process may take the free port before the server does
            with socket.create_server(("127.0.0.1", 0)) as probe:
                port = int(probe.getsockname()[1])
            log = self.keys / f"{account}.log"
            with log.open("wb") as output:
                process = subprocess.Popen([*command, "-p", str(port)], stderr=output, stdin=subprocess.DEVNULL)
            if greets(process, port):
                return process, port
            process.kill()
            process.wait(10)
            said = log.read_text(errors="replace")
        pytest.fail(f"sshd does not start: {said}")


def greets(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the server shows its banner."""
    deadline = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            time.sleep(0.01)
    return False


def optional_options(program: str, keys: Path) -> tuple[str, ...]:
    """Return options that only some releases know: newer ones punish an address for refused keys."""
    command = [program, "-t", "-f", "/dev/null", "-h", str(keys / "host"), "-o", "PerSourcePenalties=no"]
    known = subprocess.run(command, capture_output=True, check=False).returncode == 0
    return ("PerSourcePenalties=no",) if known else ()


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    program = sshd_program()
    keys = tmp_path_factory.mktemp("sshd-keys")
    ensure_keypair(keys / "host")
    ensure_keypair(keys / "client")
    if AS_ROOT:
        # sshd wants its separation folder, and a chroot below folders that nobody but root can write.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        root, user = Path(tempfile.mkdtemp(prefix="sshd-test-", dir="/run")), "nobody"
        for path in (root, *root.parents[:-1]):
            assert path.stat().st_mode & 0o022 == 0, f"{path} is writable by others: no chroot below it"
        root.chmod(0o755)
    else:
        root, user = tmp_path_factory.mktemp("sshd"), pwd.getpwuid(os.getuid()).pw_name
    # Not beside the private keys: the server reads it as the account, which must not look there.
    (root / "authorized_keys").write_text((keys / "client.pub").read_text(encoding="ascii"), encoding="ascii")
    (root / "authorized_keys").chmod(0o644)
    server = Sshd(root, keys, user, program, optional_options(program, keys))
    try:
        yield server
    finally:
        server.stop()
        if AS_ROOT:
            shutil.rmtree(root)
