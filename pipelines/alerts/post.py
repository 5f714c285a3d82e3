"""The door to the world outside: letters go to a process of their own, which has so many seconds and no data.

Of what came of it a closed list of outcomes is told. What a service, a library or an address says never comes back.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.alerts.codes import ALERT_CODES
from pipelines.alerts.words import Letter, broken

SECONDS = 25.0
"""How long a night waits for all that is sent at its end."""

_CHILD = Path(__file__).with_name("post_child.py")
_NEEDED = ("LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE",
           "SSL_CERT_DIR", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "https_proxy", "http_proxy",
           "all_proxy", "no_proxy")  # fmt: skip
_CODES = {"uninstalled": "Y05", "unwritable": "Y02", "refused": "Y03", "silent": "Y04"}


@dataclass(frozen=True)
class Outcome:
    """What became of a letter."""

    to: str
    code: str = ""
    """Why it was not taken; nothing where it was."""
    status: int = 0
    """HTTP status by which a service refused it."""

    def sentence(self) -> str:
        """Say it in one line fit for a log."""
        return f"alerts to {self.to}: {self.finding}. {ALERT_CODES[self.code].remedy}"

    @property
    def finding(self) -> str:
        """Why it was not taken."""
        status = f", HTTP status {self.status}" if self.status else ""
        return f"{ALERT_CODES[self.code].meaning} ({self.code}{status})"


def post(letters: Sequence[Letter], environment: Mapping[str, str], seconds: float = SECONDS) -> tuple[Outcome, ...]:
    """Send letters to the addresses that the environment holds; tell of each what became of it, in their order."""
    told = [(each.to, each.title, each.text, broken(each.text), each.severity, each.key) for each in letters]
    return _ask(told, environment, seconds)


def look(addresses: Sequence[str], environment: Mapping[str, str], seconds: float = SECONDS) -> tuple[Outcome, ...]:
    """Tell of variables whether an address stands in each that can be written to; nothing is sent."""
    return _ask([(each, "", "", "", "info", "") for each in addresses], environment, seconds)


def _ask(
    letters: Sequence[tuple[str, str, str, str, str, str]], environment: Mapping[str, str], seconds: float
) -> tuple[Outcome, ...]:
    keys = ("address", "title", "text", "mail", "severity", "key")
    sent = {
        place: dict(zip(keys, (address, *rest), strict=True))
        for place, (to, *rest) in enumerate(letters)
        if (address := environment.get(to, "").strip())
    }
    answers = dict(zip(sent, _answers(list(sent.values()), environment, seconds), strict=True)) if sent else {}
    return tuple(
        Outcome(to, *answers[place]) if place in answers else Outcome(to, "Y01")
        for place, (to, *_) in enumerate(letters)
    )


def _answers(
    letters: Sequence[Mapping[str, str]], environment: Mapping[str, str], seconds: float
) -> list[tuple[str, int]]:
    """Code and status of each letter; whoever has not answered by the end of the time did not answer."""
    process = subprocess.Popen(  # noqa: S603  # our own script; addresses go through the pipe, where no list shows them
        [sys.executable, "-P", "-W", "ignore", str(_CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, encoding="ascii", env=_environment(environment), start_new_session=True,
    )  # fmt: skip
    try:
        told, _ = process.communicate(json.dumps(letters), timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        told, _ = process.communicate()
    finally:
        process.kill()
        process.wait()
    found = {number: (outcome, status) for number, outcome, status in map(json.loads, _whole_lines(told))}
    return [
        (_CODES.get(outcome, ""), status)
        for outcome, status in (found.get(number, ("silent", 0)) for number in range(len(letters)))
    ]


def _whole_lines(text: str) -> list[str]:
    return [line.rstrip("\n") for line in text.splitlines(keepends=True) if line.endswith("\n")]


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Give what Python and the way out need, and nothing else: no home, so that no stray settings are found there."""
    needed = {name: environment[name] for name in _NEEDED if name in environment}
    return needed | {"HOME": os.devnull, "LANG": "C.UTF-8"}
