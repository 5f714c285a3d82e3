"""The machines of a rehearsal: each has processes, a work folder, an address and a plug that can be pulled.

Where root may, a machine is a process and a network namespace with one link to the rehearsal, whose own network holds
nothing else: its link can be cut, and what its processes see of others is what comes through it. Elsewhere a machine is
a process group on loopback. Either lives for as long as its plug is held, a pipe of the rehearsal's: however that ends,
the kernel ends every process, network and link of it. Nothing has a name outside, so nothing can be left behind.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

LOOPBACK = "127.0.0.1"
MIDDLE = "198.18.0.1"
"""Where the rehearsal's own servers are in its network: an address for trials, which no real machine has."""

_NEW_NETWORK = 0x40000000
"""CLONE_NEWNET of <linux/sched.h>."""
_HERE = "/proc/thread-self/ns/net"
_NAMESPACES = ("--net", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc")
_ALONE = 'hostname "$1" && ip link set lo up && echo held && exec cat >/dev/null'
_GROUP = "echo held && cat >/dev/null; kill -9 0"


@dataclass
class Machine:
    """One machine. A process that was started on it ends with it at the latest."""

    name: str
    work: Path
    """A folder of its own, which survives it as a disk does."""
    _plug: subprocess.Popen[bytes]
    _link: str = ""
    """What the rehearsal calls its end of the link; none on loopback."""
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> Path:
        """What its processes say."""
        return self.work / f"{self.name}.log"

    @property
    def can_be_cut_off(self) -> bool:
        """Whether it has a link of its own."""
        return bool(self._link)

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start a process on it, in its work folder; what it says is added to the machine's log there."""
        with self.log.open("ab") as told:
            process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                [*self._enter(), *command],
                env=dict(environment),
                cwd=self.work,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                process_group=None if self._link else self._plug.pid,
            )
        self._started.append(process)
        return process

    def pull_plug(self) -> None:
        """End all its processes at once, as `kill -9` and a power cut do; none of them can do anything about it."""
        if self._plug.stdin is not None:
            self._plug.stdin.close()
        for process in (self._plug, *self._started):
            process.wait()

    def cut_off(self) -> None:
        """Take its link away: it goes on, and reaches nobody."""
        _run("ip", "link", "set", self._link, "down")

    def join_again(self) -> None:
        """Give its link back."""
        _run("ip", "link", "set", self._link, "up")

    def _enter(self) -> tuple[str, ...]:
        # Whoever enters a namespace of mounts finds itself at the root.
        return (*_entering(self._plug.pid), "env", "-C", str(self.work)) if self._link else ()


@dataclass
class Site:
    """Where a rehearsal takes place."""

    address: str
    """Where its servers are, for themselves and for every machine."""
    _machine: Callable[[str, int, Path], Machine]
    _stack: ExitStack
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def machine(self, name: str, work: Path) -> Machine:
        """Set up a machine; the work folder is made where it is not there, and one of before is gone on with."""
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
        machine = self._machine(name, next(self._numbers), work)
        self._stack.callback(machine.pull_plug)
        return machine

    def middle(self, work: Path) -> Machine:
        """Set up a machine at the servers' address: it reaches them and all others, whatever is cut."""
        machine = _machine_here("middle", 0, work)
        self._stack.callback(machine.pull_plug)
        return machine


def can_be_apart() -> bool:
    """Whether this process may give machines networks of their own; within a container root often may not."""
    if os.geteuid() != 0 or not all(shutil.which(program) for program in ("ip", "nsenter", "unshare")):
        return False
    return _run("unshare", *_NAMESPACES, "true", must=False) == 0


@contextmanager
def site(*, apart: bool) -> Iterator[Site]:
    """Open a place for machines, with networks of their own where they are to be `apart`; at the end all are gone.

    Whatever is started or opened meanwhile by the thread that entered it is in the rehearsal's network.
    """
    with ExitStack() as stack:
        if apart:
            stack.enter_context(_own_network())
            yield Site(MIDDLE, _machine_apart, stack)
        else:
            yield Site(LOOPBACK, _machine_here, stack)


@contextmanager
def _own_network() -> Iterator[None]:
    """Let this thread, and what it starts, be in a new network, which ends with the last process in it."""
    before = os.open(_HERE, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _ask_kernel("unshare", _NEW_NETWORK)
        try:
            _run("ip", "link", "set", "lo", "up")
            _run("ip", "address", "add", f"{MIDDLE}/32", "dev", "lo")
            yield
        finally:
            _ask_kernel("setns", before, _NEW_NETWORK)
    finally:
        os.close(before)


def _machine_apart(name: str, number: int, work: Path) -> Machine:
    address, link = f"198.18.1.{number}", f"machine{number}"
    plug = _held("unshare", *_NAMESPACES, "sh", "-c", _ALONE, "sh", name)
    _run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", str(plug.pid))
    _run("ip", "address", "add", f"{MIDDLE}/32", "peer", f"{address}/32", "dev", link)
    _run("ip", "link", "set", link, "up")
    _run(*_entering(plug.pid), "ip", "address", "add", f"{address}/32", "peer", f"{MIDDLE}/32", "dev", "eth0")
    _run(*_entering(plug.pid), "ip", "link", "set", "eth0", "up")
    return Machine(name, work, plug, link)


def _machine_here(name: str, number: int, work: Path) -> Machine:  # noqa: ARG001 - as one apart is made
    return Machine(name, work, _held("sh", "-c", _GROUP, process_group=0))


def _held(*command: str, process_group: int | None = None) -> subprocess.Popen[bytes]:
    """Start what lives until its standard input ends; returns once it holds."""
    plug = subprocess.Popen(  # noqa: S603 - programs of the system, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=process_group, bufsize=0
    )
    if plug.stdout is not None:
        with plug.stdout as told:
            told.readline()
    return plug


def _entering(pid: int) -> tuple[str, ...]:
    """Say how a command begins that runs in the namespaces below the process that made them."""
    made = f"/proc/{pid}/ns"
    return ("nsenter", f"--net={made}/net", f"--uts={made}/uts", f"--mount={made}/mnt",
            f"--pid={made}/pid_for_children", "--")  # fmt: skip


def _run(*command: str, must: bool = True) -> int:
    """Run a program of the system to its end, and raise when it must not fail and does."""
    return subprocess.run(command, check=must, stderr=None if must else subprocess.DEVNULL).returncode  # noqa: S603


def _ask_kernel(call: str, *arguments: int) -> None:
    """Make a call of the C library that Python has a name for only from 3.12 on."""
    if getattr(ctypes.CDLL(None, use_errno=True), call)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), call)
