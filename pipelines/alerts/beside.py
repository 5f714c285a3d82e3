"""What needs a person beside what a night found: sources that fell silent, backups left behind, keys that run out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from pipelines.backup.manifest import backups_in
from pipelines.config import ExchangeConfig, Roster
from pipelines.pgp import KeyUnusable, read_public_key
from pipelines.reporting.page import Matter, NightFigures, Theme

_OFTEN = 4
"""Nights with a file from which a source's rhythm can be told."""

_GRACE = 1
"""Days by which a source may outdo its longest silence: a holiday before or after a weekend."""

_BACKUP_BEHIND = timedelta(days=2)
"""A backup is made after the night: that of the night before is the newest when a night ends. One more may fail."""

_KEY_AHEAD = timedelta(days=30)
"""A provider needs about so long to make a new key and hand it over."""


def beside_night(config: ExchangeConfig, roster: Roster, figures: NightFigures) -> Iterator[Matter]:
    """Tell what needs a person and is not of this night alone."""
    on = figures.business_date
    if silent := silent_sources(figures, {source.name for source in config.sources if source.provider is None}):
        what = f"{_of(len(silent), 'source')} sent nothing for longer than at any time in the last 30 nights."
        do = "Ask the sender, and look whether files lie in its folder under other names."
        yield Matter(what, do, "ecm-exchange doctor", Theme.SILENT, about=silent)
    if (newest := _last_backup(config.backups)) is not None and newest < on - _BACKUP_BEHIND:
        what = f"The last backup is of the night of {newest}."
        yield Matter(what, "See why none was made since.", "ecm-exchange backup", Theme.BACKUP)
    if running_out := keys_running_out(roster, on):
        many = len(running_out) > 1
        what = f"The key{'s' * many} of {_of(len(running_out), 'provider')} run{'s' * (not many)} out within 30 days."
        do = "Ask for the next public key: without one such a provider gets nothing."
        yield Matter(what, do, "ecm-exchange doctor", Theme.KEY, about=running_out)


def silent_sources(figures: NightFigures, sources: set[str]) -> tuple[str, ...]:
    """Return the sources that have sent nothing for longer than between any two of their files before.

    One that cannot be read is told as such.
    """
    unread = {source for source, code, _ in figures.visits if code}
    nights: dict[str, list[date]] = {}
    for each in figures.sent:
        if each.files and each.source in sources - unread:
            nights.setdefault(each.source, []).append(each.night)
    return tuple(source for source, sent in sorted(nights.items()) if _is_silent(sent, figures.business_date))


def _is_silent(sent: Sequence[date], on: date) -> bool:
    longest = max((later - earlier for earlier, later in pairwise(sent)), default=timedelta(0))
    return len(sent) >= _OFTEN and on - sent[-1] > longest + timedelta(days=_GRACE)


def keys_running_out(roster: Roster, on: date) -> tuple[str, ...]:
    """Return the providers whose key can be used, and not for long; one that cannot be holds its files already."""
    found = []
    for provider in roster.providers:
        if provider.active and provider.pgp_key_file is not None:
            try:
                until = read_public_key(provider.pgp_key_file).until
            except KeyUnusable:
                continue
            if on <= until < on + _KEY_AHEAD:
                found.append(provider.npi)
    return tuple(found)


def _last_backup(folder: Path) -> date | None:
    nights = [manifest.business_date for _, manifest in backups_in(folder) if manifest.business_date is not None]
    return max(nights, default=None)


def _of(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
