"""OpenSSH's server on loopback, for as long as it is measured, and how its clients log in."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import FailedError

_HOST = "127.0.0.1"
_PLACES = ("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/opt/homebrew/sbin/sshd", "/usr/lib/ssh/sshd")
_SEPARATION = Path("/run/sshd")
_STARTING = 10.0


@dataclass(frozen=True)
class Access:
    """How to log in: the port may be that of a line to the server."""

    port: int
    user: str
    key: Path
    host_key: str
    """As `ssh-ed25519 AAAA...`"""
    host: str = _HOST

    def known_hosts(self, folder: Path) -> Path:
        """Write the pinned key into a file for programs that want one."""
        path = folder / f"known_hosts.{self.port}"
        path.write_text(f"[{self.host}]:{self.port} {self.host_key}\n", encoding="ascii")
        return path


@contextmanager
def openssh_server(folder: Path) -> Iterator[Access]:
    """Serve the whole file system to the current user; keys and log are kept in `folder`.

    Raises
    ------
    FailedError
        When there is no OpenSSH server here, or it does not start.
    """
    program = shutil.which("sshd") or next((place for place in _PLACES if Path(place).is_file()), None)
    if program is None:
        raise FailedError("OpenSSH's server is missing: install it (Debian, Ubuntu: `apt-get install openssh-server`).")
    for name in ("host", "client"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    (folder / "authorized_keys").write_bytes((folder / "client.pub").read_bytes())
    if os.geteuid() == 0:
        _SEPARATION.mkdir(mode=0o755, exist_ok=True)
    with socket.create_server((_HOST, 0)) as probe:
        port = int(probe.getsockname()[1])
    options = (
        f"ListenAddress={_HOST}",
        f"Port={port}",
        "PidFile=none",
        "UsePAM=no",
        "UseDNS=no",
        "StrictModes=no",
        "MaxStartups=100",
        "PermitRootLogin=prohibit-password",
        "AuthenticationMethods=publickey",
        f"AuthorizedKeysFile={folder / 'authorized_keys'}",
        "Subsystem=sftp internal-sftp",
    )
    command = [program, "-D", "-e", "-f", "/dev/null", "-h", str(folder / "host")]
    for option in options:
        command += ["-o", option]
    log = folder / "log"
    with log.open("wb") as output, subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=output) as process:
        try:
            if not _greets(process, port):
                raise FailedError(f"sshd does not start: {log.read_text(errors='replace')}")
            host_key = (folder / "host.pub").read_text(encoding="ascii").strip()
            yield Access(port, getpass.getuser(), folder / "client", host_key)
        finally:
            process.terminate()


def _greets(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + _STARTING
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection((_HOST, port), 1) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            time.sleep(0.01)
    return False
