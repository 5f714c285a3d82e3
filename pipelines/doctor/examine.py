"""Examine a configured home: what lies on this machine, and partners' servers as a night would find them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from pipelines.config import ExchangeConfig, Roster
from pipelines.doctor.accounts import accounts_of, one_folder_for_two
from pipelines.doctor.ailment import Ailment, found
from pipelines.doctor.alerts import examine_alerts
from pipelines.doctor.dagster_home import examine_dagster
from pipelines.doctor.disk import examine_backup_disk, examine_disk
from pipelines.doctor.keys import examine_keys, examine_pins
from pipelines.doctor.layouts import examine_layout, sources_that_overlap, written_by
from pipelines.doctor.machine import (
    examine_calendar,
    examine_clock,
    examine_limits,
    examine_skew,
    examine_writing,
)
from pipelines.doctor.modes import examine_modes
from pipelines.doctor.returns import examine_returns
from pipelines.doctor.roster import examine_proposals, examine_roster, unused_servers
from pipelines.doctor.servers import Told, examine_visits, visit_all
from pipelines.doctor.shared import examine_shared
from pipelines.doctor.store import examine_files_of_store, examine_nights, examine_runs, last_night_of


def examine(
    config: ExchangeConfig,
    roster: Roster,
    today: date,
    *,
    config_file: Path | None = None,
    clock: Callable[[], float] = time.time,
    servers: bool = True,
    told: Told = lambda _: None,
) -> Iterator[Ailment]:
    """Yield what was found. Partners' servers are visited unless told otherwise or a run is; nothing stays there.

    `roster` is as of today. `clock` tells seconds since 1970. `told` gets the name of what was just looked at, also
    from other threads.
    """
    home = list(_guarded(lambda: _home(config, roster, today, config_file, clock)))
    yield from home
    yield from _configuration(config, roster, today)
    is_at_work = any(each.name == "run-at-work" for each in home)
    yield from examine_partners(config, roster, clock=clock, servers=servers and not is_at_work, told=told)


def examine_partners(
    config: ExchangeConfig, roster: Roster, *, clock: Callable[[], float], servers: bool = True, told: Told
) -> Iterator[Ailment]:
    """Yield what is wrong with keys and, unless told otherwise, with partners' servers and folders."""
    accounts, lacking = accounts_of(config, roster)
    yield from lacking
    yield from one_folder_for_two(accounts)
    yield from examine_keys(accounts)
    yield from examine_pins(accounts)
    if servers:
        visits = visit_all(accounts, clock, told)
        yield from dict.fromkeys(examine_visits(visits))  # a folder with two uses is told once
        yield from examine_shared(visits)
        yield from examine_skew(visits)


def _home(
    config: ExchangeConfig, roster: Roster, today: date, config_file: Path | None, clock: Callable[[], float]
) -> Iterator[Ailment]:
    home = config.home
    if not home.is_dir():
        yield found("home-missing", str(home), "it does not exist yet")
    last_night = last_night_of(home)
    looks: list[Callable[[], Iterable[Ailment]]] = [
        lambda: examine_modes(config, roster, config_file),
        lambda: examine_writing(config),
        examine_limits,
        lambda: examine_calendar(config, today, last_night),
        lambda: examine_clock(config, clock(), os.environ),
        lambda: examine_dagster(home, os.environ),
    ]
    if home.is_dir():
        looks += [
            lambda: examine_disk(config),
            lambda: examine_backup_disk(config),
            lambda: examine_files_of_store(home),
            lambda: examine_runs(home, clock()),
            lambda: examine_nights(config, today, last_night),
        ]
    for look in looks:
        yield from _guarded(look)


def _configuration(config: ExchangeConfig, roster: Roster, today: date) -> Iterator[Ailment]:
    for source in config.sources:
        if source.provider is None:
            yield examine_layout(source.name, source.kind, source.layout)
    yield from examine_returns(config, roster, examine_layout)
    yield from sources_that_overlap(config)
    yield written_by(config, roster)
    yield from examine_roster(config, roster, today)
    yield from unused_servers(config, roster)
    yield examine_proposals(config)
    yield from examine_alerts(config, os.environ)


def _guarded(look: Callable[[], Iterable[Ailment]]) -> Iterator[Ailment]:
    """Go on where the system refuses a look: that one thing cannot be seen says nothing of the others."""
    try:
        yield from look()
    except OSError as refusal:
        where = refusal.filename if isinstance(refusal.filename, str) else "the plan's home"
        yield found("cannot-look", where, f"looking at it was refused: {os.strerror(refusal.errno or 0)}")
