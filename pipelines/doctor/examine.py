"""Examine a configured home: keys, partners' servers and folders, calendar, layouts, disk, unfinished runs."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from parsers.x12.profile_files import load_profile
from pipelines.config import ExchangeConfig, Roster
from pipelines.delivery.documents import layout_for
from pipelines.delivery.send import provider_endpoints
from pipelines.doctor.ailment import Ailment
from pipelines.doctor.alerts import examine_alerts
from pipelines.doctor.recovery import examine_backups, examine_record
from pipelines.doctor.returns import examine_returns
from pipelines.identity.proposals import require_splink
from pipelines.intake.endpoints import endpoint_of
from pipelines.pgp import KeyUnusable, read_public_key, seal
from pipelines.reporting.written import reports_due
from pipelines.runs import unfinished
from pipelines.transfer.connection import Endpoint
from pipelines.transfer.pull import RemoteFile, pull
from pipelines.warehouse import Warehouse, open_published
from schemas.layout import load_layout
from schemas.problems import ExchangeError

_ROOM = 2 * 1024**3
"""Bytes below which a night may not fit on the disk."""

_CALENDAR_AHEAD = timedelta(days=60)
"""Due dates reach this far ahead."""

_KEY_AHEAD = timedelta(days=30)
"""A provider needs about so long to make a new key and hand it over."""


def examine(config: ExchangeConfig, roster: Roster, today: date) -> Iterator[Ailment]:
    """Yield what was found, subject by subject; the servers are really visited, nothing is changed there."""
    yield from _home(config, today)
    yield from _calendar(config, today)
    for source in config.sources:
        if source.provider is None:
            yield examine_layout(source.name, source.kind, source.layout)
        yield _folder(f"source {source.name}", partial(endpoint_of, config, source), source.folder, source.pattern)
    yield from examine_returns(config, roster, examine_layout)
    yield _written_by(config, roster)
    endpoints = provider_endpoints(roster, config)
    for provider in roster.providers:
        if provider.active:
            name = f"provider {provider.npi}"
            yield _folder(name, partial(endpoints.__getitem__, provider.npi), provider.folder, "*")
            if provider.pgp_key_file is not None:
                yield examine_key(name, provider.pgp_key_file, today)
    yield from unused_servers(config, roster)
    yield from _coverage(config, roster)
    yield _proposals(config)
    yield from examine_alerts(config, os.environ)


def _home(config: ExchangeConfig, today: date) -> Iterator[Ailment]:
    home = config.home
    if not home.exists():
        yield Ailment("home", "look", "does not exist yet", "The first `ecm-exchange run` makes it.")
        return
    if home.stat().st_mode & 0o077:
        yield Ailment("home", "wrong", "others on this machine can read it", f"chmod -R go= '{home}'")
    free = shutil.disk_usage(home).free
    if free < _ROOM:
        yield Ailment("disk", "wrong", f"only {free // 1024**2} MiB are free", "Make room for the next night.")
    if left := unfinished(home):
        remedy = "Wait for it to end." if left.is_at_work else "Run that night or a later one: it goes on from there."
        yield Ailment("last run", "look" if left.is_at_work else "wrong", left.sentence(), remedy)
    try:
        with open_published(home) as warehouse:
            last_night = warehouse.value("SELECT max(business_date) FROM ledger.runs")
            record = examine_record(home, warehouse)
            unreported = list(_unreported(warehouse, config, today))
            held = warehouse.value("SELECT count(*) FROM ledger.files WHERE status = 'HELD'")
            waiting = warehouse.value(
                "SELECT count(*) FROM delivery.outbox WHERE status IN ('PREPARED', 'FAILED', 'HELD')"
            )
    except ExchangeError as problem:
        yield Ailment("last night", "look", problem.what, problem.remedy)
        return
    yield record
    yield from unreported
    yield examine_backups(config.backups, last_night)
    if held:
        yield Ailment("received files", "look", f"{held} files are held", "See `ecm-exchange status`.")
    if waiting:
        yield Ailment("outbox", "wrong", f"{waiting} files have not arrived", "See `ecm-exchange status`; run again.")
    if last_night is None:
        yield Ailment("last night", "look", "none has been run yet", "Run `ecm-exchange run`.")
    elif not (unfinished(home) or held or waiting):
        yield Ailment("last night", "fine", "finished, nothing held, nothing waiting")


def _unreported(warehouse: Warehouse, config: ExchangeConfig, today: date) -> Iterator[Ailment]:
    """Tell which months wait for their report to the state (R35), as far as the last night knows."""
    for report in reports_due(warehouse, config.reports, today).itertuples():
        month = f"{report.month:%Y-%m}"
        yield Ailment(
            f"report to the state on {month}",
            "look",
            f"{'was' if report.is_overdue else 'is'} due on {report.due:%Y-%m-%d}, and not written (R35)",
            f"`ecm-exchange report {report.report} --month {month}`, and send it.",
        )


def _calendar(config: ExchangeConfig, today: date) -> Iterator[Ailment]:
    last = max(config.plan.holidays, default=None)
    if last is None or last < today:
        yield Ailment("calendar", "look", "no holiday from today on", "Add the plan's holidays to [plan] holidays.")
    elif last < today + _CALENDAR_AHEAD:
        yield Ailment("calendar", "look", f"the last holiday is {last}", "Add next year's holidays to [plan] holidays.")
    else:
        yield Ailment("calendar", "fine", f"holidays known until {last}")


def examine_layout(name: str, kind: str, layout: str) -> Ailment:
    """Tell in which layout files are read, and its version: a wrong one is refused with the configuration."""
    found = load_profile(layout) if kind == "834" else load_layout(layout)
    return Ailment(f"layout of {name}", "fine", f"{found.name} {found.version}")


def _folder(subject: str, endpoint: Callable[[], Endpoint], folder: str, pattern: str) -> Ailment:
    seen: list[str] = []

    def look_only(remote: RemoteFile) -> bool:
        seen.append(remote.name)
        return True

    try:
        pull(endpoint(), folder, pattern, Path("/nonexistent"), is_known=look_only, stable_for=0, sleep=lambda _: None)
    except ExchangeError as problem:
        return Ailment(subject, "wrong", f"{problem.code} {problem.what}", problem.remedy)
    if not seen and pattern != "*":
        return Ailment(subject, "look", "reached, but no file matches the pattern", "Fine when nothing was sent yet.")
    return Ailment(subject, "fine", f"reached, {len(seen)} file{'s' * (len(seen) != 1)}")


def _written_by(config: ExchangeConfig, roster: Roster) -> Ailment:
    """Say in which layouts active providers get their files: a wrong one is refused with the configuration."""
    layouts = [layout_for(provider, config) for provider in roster.providers if provider.active]
    found = Counter(f"{layout.name} {layout.version}" for layout in layouts)
    told = ", ".join(f"{name} for {providers} of them" for name, providers in sorted(found.items()))
    return Ailment("layouts of providers' files", "fine", told or "no provider is active")


def examine_key(subject: str, path: Path, today: date) -> Ailment:
    """Examine the key that a provider's files are encrypted to."""
    try:
        key = read_public_key(path)
        seal(b"", key, today)
    except KeyUnusable as why:
        what, _, remedy = str(why).partition(": ")
        return Ailment(
            f"key of {subject}", "wrong", what, f"{remedy[:1].upper()}{remedy[1:]}; until then it gets nothing."
        )
    if key.until < today + _KEY_AHEAD:
        what = f"its last day is {key.until}"
        return Ailment(f"key of {subject}", "look", what, "Ask the provider for its next public key.")
    return Ailment(f"key of {subject}", "fine", f"can be encrypted to, fingerprint {key.fingerprint}")


def unused_servers(config: ExchangeConfig, roster: Roster) -> Iterator[Ailment]:
    """Tell of rules that apply to nobody: the partner's host or port is written otherwise elsewhere."""
    used = {(source.host.lower(), source.port) for source in config.sources}
    used |= {(provider.host.lower(), provider.port) for provider in roster.providers}
    for server in config.servers:
        if (server.host.lower(), server.port) not in used:
            yield Ailment(
                f"server {server.host}:{server.port}",
                "look",
                "no source and no provider is on it",
                "Write host and port of the [[servers]] table as they stand with the partner.",
            )


def _coverage(config: ExchangeConfig, roster: Roster) -> Iterator[Ailment]:
    served = {county for p in roster.providers if p.active and p.ji_provider for county in p.counties}
    for county in config.plan.counties:
        if county not in served:
            yield Ailment(
                f"county {county}", "look", "no active JI provider serves it (R20)", "Its members will be unassigned."
            )


def _proposals(config: ExchangeConfig) -> Ailment:
    if not config.identity.proposals:
        return Ailment("identity", "fine", "no members are proposed by probability")
    try:
        require_splink()
    except ExchangeError as problem:
        return Ailment("identity", "wrong", problem.what, problem.remedy)
    return Ailment("identity", "fine", "members are proposed by probability, for the liaison to judge")
