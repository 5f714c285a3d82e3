"""Who moves files, and by which command. A peer that is not installed is told and left out."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.transfer.scenes import LISTED, Scene
from benchmarks.transfer.server import Access

_PEERS = Path(__file__).parents[1] / "peers"
_STREAMS = "16"


@dataclass(frozen=True)
class Errand:
    """One scene as it is given to one contender."""

    scene: Scene
    source: Path
    target: Path
    access: Access
    notes: Path
    """A folder for what a program must be told by file"""


@dataclass(frozen=True)
class Contender:
    """A program that moves files.

    Attributes
    ----------
    does
        What it does beyond moving the bytes.
    command
        Builds the command for an errand.
    needs
        The program that must be installed.
    is_slow
        Whether it takes small files one by one, and is given a few where the line is long.
    only
        The scene in which it takes part, where not in all.
    """

    name: str
    does: str
    command: Callable[[Errand], list[str | Path]]
    needs: str | None = None
    is_slow: bool = False
    only: str | None = None

    @property
    def is_here(self) -> bool:
        """Tell whether it can take part on this machine."""
        return self.needs is None or shutil.which(self.needs) is not None


def _python(errand: Errand, what: str, *client: str | Path) -> list[str | Path]:
    access = errand.access
    login = (str(access.port), access.user, access.key, access.host_key)
    return [sys.executable, *client, what, *login, errand.source, errand.target]


def _ours(errand: Errand) -> list[str | Path]:
    return _python(errand, errand.scene.what, "-m", "benchmarks.transfer.ours")


def _ours_written(errand: Errand) -> list[str | Path]:
    return _python(errand, "write", "-m", "benchmarks.transfer.ours")


def _paramiko(errand: Errand) -> list[str | Path]:
    return _python(errand, errand.scene.what, _PEERS / "paramiko_stock.py")


def _listing_into(errand: Errand, *command: str | Path) -> list[str | Path]:
    """Run a command whose output is no answer: of a listing it is the names."""
    return ["sh", "-c", 'out=$1; shift; exec "$@" > "$out"', "sh", errand.target / LISTED, *command]


def _openssh(errand: Errand) -> list[str | Path]:
    source, target, access = errand.source, errand.target, errand.access
    if errand.scene.what == "receive":
        lines = [f"@get {source} {target / source.name}"]
    elif errand.scene.what == "names":
        lines = [f"@ls -1f {source}"]
    else:
        files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
        root = source.parent if source.is_file() else source
        arrivals = [(path, target / path.relative_to(root)) for path in files]
        lines = [line for path, to in arrivals for line in (f"@put -f {path} {to}.part", f"@rename {to}.part {to}")]
    batch = errand.notes / "batch"
    batch.write_text("\n".join(lines) + "\n", encoding="ascii")
    options = ("-o", f"UserKnownHostsFile={access.known_hosts(errand.notes)}", "-o", "IdentitiesOnly=yes")
    command = ("sftp", "-q", "-b", batch, "-P", str(access.port), "-i", access.key, *options)
    if errand.scene.what == "names":
        return _listing_into(errand, *command, f"{access.user}@{access.host}")
    return [*command, f"{access.user}@{access.host}"]


def _rclone(errand: Errand) -> list[str | Path]:
    access, there, here = errand.access, f":sftp:{errand.source}", errand.target
    login = {
        "host": access.host,
        "port": str(access.port),
        "user": access.user,
        "key-file": str(access.key),
        "known-hosts-file": str(access.known_hosts(errand.notes)),
        "shell-type": "none",
    }
    options = [f"--sftp-{name}={value}" for name, value in login.items()]
    options += ["--quiet", "--config=/dev/null", f"--transfers={_STREAMS}", f"--checkers={_STREAMS}"]
    if errand.scene.what == "receive":
        return ["rclone", "copyto", there, here / errand.source.name, *options]
    if errand.scene.what == "names":
        return _listing_into(errand, "rclone", "lsf", there, *options)
    return ["rclone", "copy", errand.source, f":sftp:{here}", *options]


OURS = Contender("ours", "hash; up: fsync, read back, hash, rename; down: fsync, proven unchanged", _ours)
WRITTEN = Contender("ours, not read back", "hash, fsync, size", _ours_written, only="large file up")
OPENSSH = Contender("OpenSSH sftp", "up: fsync, rename", _openssh, "sftp", is_slow=True)
RCLONE = Contender(f"rclone, {_STREAMS} streams", "size, time", _rclone, "rclone")
PARAMIKO = Contender("paramiko get/put", "size; up: rename", _paramiko, is_slow=True)

CONTENDERS = (OURS, WRITTEN, OPENSSH, RCLONE, PARAMIKO)
REFERENCES = (OPENSSH, RCLONE)
"""The two that everybody is compared with."""
