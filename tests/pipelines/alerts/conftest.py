"""Services and a mail server on loopback, and nights whose figures are written into a store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from pipelines.alerts.beside import beside_night
from pipelines.alerts.decide import due, outlived
from pipelines.alerts.matters import Standing, after_night, at_stop
from pipelines.alerts.memory import Memory
from pipelines.alerts.words import Letter, letter
from pipelines.config import Alert, Roster
from pipelines.reporting.page import Stop, night_figures, page_of
from tests.pipelines.alerts.receivers import Authority, Mailbox, Services
from tests.pipelines.reporting.page.conftest import connection, nights

__all__ = ["connection", "nights"]


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def _all_services(authority: Authority) -> Iterator[Services]:
    with Services(authority) as services:
        yield services


@pytest.fixture
def services(_all_services: Services) -> Services:
    """Every service answers, and has received nothing."""
    _all_services.forget()
    return _all_services


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def outside(services: Services) -> dict[str, str]:
    """The environment of a process that sends: where Python is, and the way to the services."""
    return {"PATH": os.environ["PATH"], **services.environment}


@dataclass
class OnCall:
    """Somebody who is told of nights, one after the other, and takes every message."""

    nights: Any
    memory: Memory = field(default_factory=dict)
    roster: Roster = field(default_factory=lambda: Roster(()))

    def after(self, night: str, **wishes: Any) -> list[Letter]:
        """Return what this night tells at its end; it is remembered as taken."""
        config, day = self.nights.config, date.fromisoformat(night)
        figures = night_figures(self.nights.warehouse, day, [source.name for source in config.sources])
        return self._told(
            after_night("SHP", figures, page_of(config, day), beside_night(config, self.roster, figures)), wishes
        )

    def at_stop(self, night: str, station: str = "assign", code: str = "K01", **wishes: Any) -> list[Letter]:
        """Return what a night tells that a station stopped."""
        day = date.fromisoformat(night)
        stop = Stop(station, code, "a member is assigned to two providers (1)", "Report it: this is a defect.")
        return self._told(at_stop("SHP", day, page_of(self.nights.config, day), stop), wishes)

    def _told(self, standing: Standing, wishes: dict[str, Any]) -> list[Letter]:
        found = list(due([Alert(to="ON_CALL", **wishes)], standing, self.memory))
        after = dict(outlived(standing, self.memory))
        for each in found:
            after.pop((each.alert.to, each.kind), None)
            if each.told is not None:
                after[(each.alert.to, each.kind)] = each.told
        self.memory = after
        return [letter(standing, each) for each in found]


@pytest.fixture
def on_call(nights: Any) -> OnCall:
    return OnCall(nights)
