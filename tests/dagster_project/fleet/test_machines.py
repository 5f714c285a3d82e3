"""The machines of a rehearsal: what a pulled plug and a cut link do, and that nothing of them is ever left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project.fleet.rehearsal.machines import Machine, Site, can_be_apart, site

_CALLS = "import os, socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 2).recv(1)"
_CALLS_TWICE = f"import os; os.fork(); {_CALLS}"


@pytest.fixture(params=[True, False], ids=["apart", "on loopback"])
def place(request: pytest.FixtureRequest) -> Iterator[Site]:
    if request.param and not can_be_apart():
        pytest.skip("networks of their own take root and the right to make them")
    with site(apart=request.param) as opened:
        yield opened


class Switchboard:
    """Where processes on machines call, and stay on the line."""

    def __init__(self, at: Site) -> None:
        self.listener = socket.create_server((at.address, 0))
        self.listener.settimeout(10)
        self.address = at.address, str(self.listener.getsockname()[1])

    def called_by(self, machine: Machine, program: str, lines: int = 1) -> list[socket.socket]:
        machine.start([sys.executable, "-c", program, *self.address], os.environ)
        return [self.listener.accept()[0] for _ in range(lines)]


@pytest.fixture
def switchboard(place: Site) -> Iterator[Switchboard]:
    board = Switchboard(place)
    with board.listener:
        yield board


def test_a_pulled_plug_ends_every_process_of_its_machine_and_of_no_other(
    place: Site, switchboard: Switchboard, tmp_path: Path
) -> None:
    one, other = (place.machine(name, tmp_path / name) for name in ("one", "other"))
    (parent, child), (stays,) = switchboard.called_by(one, _CALLS_TWICE, lines=2), switchboard.called_by(other, _CALLS)
    one.pull_plug()
    with parent, child, stays:
        assert parent.recv(1) == child.recv(1) == b""
        stays.settimeout(0.2)
        with pytest.raises(TimeoutError):
            stays.recv(1)


@pytest.mark.parametrize("place", [True], indirect=True)
def test_a_machine_that_is_cut_off_goes_on_and_reaches_nobody_until_it_is_back(
    place: Site, switchboard: Switchboard, tmp_path: Path
) -> None:
    machine = place.machine("one", tmp_path / "one")
    (line,) = switchboard.called_by(machine, _CALLS)
    machine.cut_off()
    assert machine.start([sys.executable, "-c", _CALLS, *switchboard.address], os.environ).wait(20) == 1
    machine.join_again()
    (again,) = switchboard.called_by(machine, _CALLS)
    with line, again:
        line.sendall(b"x")
        assert line.recv(1) == b""  # what was there before the cut has heard it


_REHEARSAL = """
import os, sys
from pathlib import Path
from dagster_project.fleet.rehearsal.machines import site
with site(apart=sys.argv[1] == "True") as place:
    machine = place.machine("one", Path(sys.argv[2]))
    machine.start(["sh", "-c", "echo begun; sleep 600"], os.environ)
    while not machine.log.stat().st_size:
        pass
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("apart", ["True", "False"])
def test_nothing_is_left_of_a_rehearsal_that_is_killed(apart: str, tmp_path: Path) -> None:
    if apart == "True" and not can_be_apart():
        pytest.skip("networks of their own take root and the right to make them")
    work = str(tmp_path / "work of a killed one")
    command = [sys.executable, "-c", _REHEARSAL, apart, work]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as rehearsal:
        assert rehearsal.stdout is not None
        assert rehearsal.stdout.readline() == b"ready\n"
        assert at_work_in(work) > 0
        rehearsal.send_signal(signal.SIGKILL)
    until = time.monotonic() + 10
    while at_work_in(work) and time.monotonic() < until:
        time.sleep(0.02)
    assert at_work_in(work) == 0


def at_work_in(folder: str) -> int:
    """Count the processes whose working directory is the folder."""
    found = 0
    for process in Path("/proc").glob("[0-9]*/cwd"):
        try:
            found += str(process.readlink()) == folder
        except OSError:
            continue  # it has ended, or is another's
    return found
