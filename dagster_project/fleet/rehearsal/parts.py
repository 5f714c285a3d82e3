"""PostgreSQL and Redis, each on a free port, with data that are thrown away: for demo, tests, benchmarks.

Whoever runs on the same machine needs their passwords, which nobody is told but by the address. PostgreSQL refuses to
run as root: there it runs as the account `postgres`, in a folder of the system's temporary ones.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis as redis_client

from schemas.problems import ExchangeError

HOST = "127.0.0.1"

_PATIENCE = 30.0
"""Seconds for one to begin or to end."""

_POSTGRES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_REDIS = ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")


class Part(ABC):
    """A server that can be taken away and brought back at the same address, with what it was told last."""

    name: str

    def __init__(self, folder: Path, host: str) -> None:
        self.folder = folder
        self.host = host
        self.port = _free_port(host)
        self.password = secrets.token_urlsafe(16)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Its address, the password included."""

    @property
    def pid(self) -> int | None:
        """Its process, at the top of those that it has; none while it is stopped."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Begin, and return when it answers.

        Raises
        ------
        ExchangeError
            S61, when it does not; its own words are in the log beside its data.
        """
        log = self.folder / f"{self.name}.log"
        with log.open("ab") as said:
            self._process = self._begin(said.fileno())
        until = time.monotonic() + _PATIENCE
        while self._process.poll() is None and time.monotonic() < until:
            if self._answers():
                return
            time.sleep(0.02)
        self.stop()
        raise ExchangeError(
            "S61", f"{self.name} does not begin", where=str(log), remedy="Its log says why; mend that, then begin anew."
        )

    def stop(self) -> None:
        """End at once, as it would be by a kill; what was committed is there when it begins again."""
        if self._process is not None:
            self._process.send_signal(self._end_by)
            try:
                self._process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    _end_by = signal.SIGQUIT

    @abstractmethod
    def _begin(self, log: int) -> subprocess.Popen[bytes]:
        """Start the process; what it says goes to the file `log`."""

    @abstractmethod
    def _answers(self) -> bool:
        """Tell whether it answers by now."""


class _Postgres(Part):
    name = "postgres"

    def __init__(self, folder: Path, host: str, data: Path) -> None:
        super().__init__(folder, host)
        self._data = data
        self._as = _account_of_postgres()
        password = data.with_name("password")
        password.write_text(self.password, encoding="ascii")
        if self._as:
            for path in (data.parent, password):
                shutil.chown(path, self._as["user"], self._as["group"])
        self._run(
            "initdb", "--no-sync", "--no-instructions", "--username=ecm", f"--pwfile={password}", "--encoding=UTF8",
            "--locale=C", "--auth=scram-sha-256", "-D", str(data),
        )  # fmt: skip
        (data / "pg_hba.conf").write_text("host all all all scram-sha-256\n", encoding="ascii")

    @property
    def url(self) -> str:
        return f"postgresql://{self._account}@{self.host}:{self.port}/postgres"

    @property
    def _account(self) -> str:
        return f"ecm:{self.password}"

    def _begin(self, log: int) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": self.host, "port": self.port, "unix_socket_directories": "", "max_connections": 300,
            "shared_buffers": "32MB", "fsync": "off", "full_page_writes": "off",
        }  # fmt: skip
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        program = program_of("postgres", "postgresql", _POSTGRES)
        return _child([*_with_us(self._end_by), program, "-D", str(self._data), *given], log, **self._as)

    def _answers(self) -> bool:
        return self._run("pg_isready", "-q", "-h", self.host, "-p", str(self.port), check=False) == 0

    def _run(self, name: str, *arguments: str, check: bool = True) -> int:
        with (self.folder / "postgres.log").open("ab") as log:
            child = _child([program_of(name, "postgresql", _POSTGRES), *arguments], log.fileno(), **self._as)
            code = child.wait(_PATIENCE)
        if code and check:
            raise ExchangeError(
                "S61", f"{name} fails", where=log.name, remedy="Its log says why; mend that, then begin anew."
            )
        return code


class _Redis(Part):
    name = "redis"
    _end_by = signal.SIGTERM

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{self.host}:{self.port}/0"

    def _begin(self, log: int) -> subprocess.Popen[bytes]:
        settings = self.folder / "redis.conf"
        settings.write_text(
            f"bind {self.host}\nport {self.port}\nrequirepass {self.password}\ndir {self.folder}\n"
            "appendonly yes\nappendfsync no\nsave \"\"\n",
            encoding="utf-8",
        )  # fmt: skip
        settings.chmod(0o600)
        program = program_of("redis-server", "redis-server", _REDIS)
        return _child([*_with_us(self._end_by), program, str(settings)], log)

    def _answers(self) -> bool:
        try:
            with redis_client.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis_client.RedisError:
            return False


@contextmanager
def postgres(folder: Path, host: str = HOST) -> Iterator[Part]:
    """Have a PostgreSQL server of one's own while the block runs; its log is in `folder`.

    Raises
    ------
    ExchangeError
        S60, when it is not installed; S61, when it does not begin.
    """
    program_of("initdb", "postgresql", _POSTGRES)
    beside = tempfile.TemporaryDirectory(prefix="ecm-postgres-", dir=None if _is_root() else folder)
    with beside as place:
        part = _Postgres(folder, host, Path(place) / "data")
        try:
            part.start()
            yield part
        finally:
            part.stop()


@contextmanager
def redis(folder: Path, host: str = HOST) -> Iterator[Part]:
    """Have a Redis server of one's own while the block runs; its data and its log are in `folder`.

    Raises
    ------
    ExchangeError
        S60, when it is not installed; S61, when it does not begin.
    """
    part = _Redis(folder, host)
    try:
        part.start()
        yield part
    finally:
        part.stop()


def program_of(name: str, package: str, places: Sequence[str]) -> str:
    """Find a program, in the path or where a package of the system puts it; the newest where there are several.

    Raises
    ------
    ExchangeError
        S60, when there is none.
    """
    found = shutil.which(name) or max(
        (str(path / name) for pattern in places for path in Path("/").glob(pattern[1:]) if (path / name).is_file()),
        default=None,
    )
    if found is None:
        raise ExchangeError(
            "S60",
            f"the program {name} is missing",
            remedy=f"Install it: `apt-get install {package}` on Debian and Ubuntu, `brew install` on a Mac.",
        )
    return found


def _child(command: Sequence[str], log: int, **account: Any) -> subprocess.Popen[bytes]:
    """Start a process that a Ctrl-C in this terminal does not reach: it is ended in its turn."""
    return subprocess.Popen(  # noqa: S603 - a program of the system, no shell
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, **account
    )


def _with_us(ends_by: signal.Signals) -> Sequence[str]:
    """Say how a command begins whose process is to end when this one does, however it ends; Linux can see to that."""
    return ("setpriv", "--pdeathsig", ends_by.name.removeprefix("SIG")) if shutil.which("setpriv") else ()


def _is_root() -> bool:
    return os.geteuid() == 0


def _account_of_postgres() -> dict[str, Any]:
    """Say as whom PostgreSQL runs: nobody else than who runs this, unless that is root."""
    if not _is_root():
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as probe:
        return int(probe.getsockname()[1])
