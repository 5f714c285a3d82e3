"""The units of the handbook start what there is, when Dagster would, and are shut in all alike."""

from __future__ import annotations

import configparser
import re
from typing import Any

import pytest
from typer.main import get_group

from dagster_project.defs.nightly_exchange import nightly_schedule
from dagster_project.ui import HOST
from pipelines.cli.app import app
from tests.docs.generated import DOCS

FOLDER = DOCS / "operations" / "systemd"
PROXIES = DOCS / "operations" / "proxy"
OURS = sorted(path.name for path in FOLDER.glob("*.service") if "failed@" not in path.name)


class _Unit(configparser.RawConfigParser):
    """A unit file: keys may come several times; the last one counts here."""

    def __init__(self, name: str) -> None:
        super().__init__(strict=False)
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.read(FOLDER / name)


@pytest.mark.parametrize("name", OURS)
def test_a_unit_starts_a_command_that_there_is(name: str) -> None:
    program, *words = _Unit(name)["Service"]["ExecStart"].split()
    if program.endswith("/ecm-exchange"):
        command: Any = get_group(app)
        while words and words[0] in getattr(command, "commands", ()):
            command = command.commands[words.pop(0)]
        assert not hasattr(command, "commands"), name
        assert {word for word in words if word.startswith("--")} <= {
            opt for each in command.params for opt in each.opts
        }
    else:
        assert (program.rpartition("/")[2], words[:2]) == ("python", ["-m", "dagster_project.ui"])
        assert words[words.index("--part") + 1] in name


@pytest.mark.parametrize("name", OURS)
def test_every_unit_is_shut_in_as_the_night_is(name: str) -> None:
    def shut_in(unit: str) -> dict[str, str]:
        return {
            key: value
            for key, value in _Unit(unit)["Service"].items()
            if re.match(r"UMask|NoNew|Protect|Private|Restrict(?!SU)|Lock|System|Capability|Limit|User", key)
            and key not in {"Restart", "RestartSec"}
        }

    assert shut_in(name) == shut_in("ecm-exchange.service") | ({"User": "ecm-%i"} if "@" in name else {})
    assert len(shut_in(name)) > 15


def test_a_worker_may_shut_its_nights_in() -> None:
    """Systemd's own sets of system calls leave these out."""
    text = (FOLDER / "ecm-exchange-fleet-worker@.service").read_text(encoding="utf-8")
    assert "SystemCallFilter=@system-service landlock_create_ruleset landlock_add_rule landlock_restrict_self" in text


def test_the_timer_runs_the_night_when_dagster_would() -> None:
    minute, hour, *_ = nightly_schedule.cron_schedule.split()
    first = re.findall(r"^OnCalendar=(.*)$", (FOLDER / "ecm-exchange.timer").read_text("utf-8"), re.MULTILINE)[0]
    assert first == f"*-*-* {int(hour):02}:{int(minute):02}:00 {nightly_schedule.execution_timezone}"


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_passes_on_to_the_port_of_the_webserver_and_keeps_the_password(name: str) -> None:
    port = _Unit("ecm-exchange-webserver.service")["Service"]["ExecStart"].partition("--port ")[2].split()[0]
    text = (PROXIES / name).read_text(encoding="utf-8")
    assert f"{HOST}:{port}" in text
    assert re.search(r'Authorization ""|-Authorization', text)
