"""Watches every test: none may print, or let a library log, an invented person's name or number.

A test of what people are meant to see carries the mark `shows_people`.
"""

from __future__ import annotations

import logging
from collections.abc import Generator

import pytest

from tests.security.canaries import people_in

_RECORDED = pytest.StashKey["_Records"]()


class _Records(logging.Handler):
    """Remembers which loggers let somebody show, whatever their level."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.leaking: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if people_in(self.format(record)):
            self.leaking.add(record.name)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "shows_people: what the test prints or logs is meant for eyes that may see it")
    handler = config.stash[_RECORDED] = _Records()
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)


def pytest_sessionstart(session: pytest.Session) -> None:
    # Only the guard wants to hear of so much: what a failing test shows of the log stays short.
    session.config.pluginmanager.getplugin("logging-plugin").report_handler.setLevel(logging.WARNING)


def pytest_unconfigure(config: pytest.Config) -> None:
    logging.getLogger().removeHandler(config.stash[_RECORDED])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    logs = item.config.stash[_RECORDED].leaking
    new = (section for section in report.sections if section[0].endswith(str(report.when)))
    places = [name for name, text in new if people_in(text)] + [f"the log of {name}" for name in sorted(logs)]
    logs.clear()
    if places and not report.failed and item.get_closest_marker("shows_people") is None:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: an invented person shows in {', '.join(dict.fromkeys(places))}"
    return report
