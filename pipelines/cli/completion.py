"""What the shell offers for a value when TAB is pressed: names and codes. A member's CIN is never among them.

The plan's own names are read from its configuration; where that cannot be read, nothing is offered.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import typer

from parsers.x12.profile_files import available_profiles
from pipelines.backup.manifest import backups_in
from pipelines.config import ExchangeConfig, read_config, read_roster
from pipelines.liaison.kinds import KINDS, VOID
from pipelines.work_lists import WORK_LISTS
from schemas.layout import available_layouts
from schemas.problems import ExchangeError

Offer = tuple[str, str]
"""A value, and a word about it."""


def work_list_names(incomplete: str) -> list[Offer]:
    """Offer the work lists."""
    return _beginning_with(incomplete, ((name.lower(), each.says) for name, each in WORK_LISTS.items()))


def record_kinds(incomplete: str) -> list[Offer]:
    """Offer what can be recorded of a person."""
    offers = [(kind.kind, kind.says) for kind in KINDS.values()]
    return _beginning_with(incomplete, [*offers, (VOID, "takes a record back")])


def layouts(incomplete: str) -> list[Offer]:
    """Offer the layouts of lists and the profiles of 834s."""
    offers = [(name, "a profile of 834s") for name in available_profiles()]
    return _beginning_with(incomplete, [*offers, *((name, "a layout of lists") for name in available_layouts())])


def provider_npis(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the NPIs of the providers table."""
    with suppress(ExchangeError, OSError):
        providers = read_roster(_config_of(ctx).delivery.providers).providers
        return _beginning_with(incomplete, ((provider.npi, provider.name) for provider in providers))
    return []


def source_names(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the names of the sources."""
    with suppress(ExchangeError, OSError):
        return _beginning_with(incomplete, ((source.name, source.kind) for source in _config_of(ctx).sources))
    return []


def backups(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the backups that lie where backups are kept, the newest first."""
    with suppress(ExchangeError, OSError):
        found = reversed(backups_in(_config_of(ctx).backups))
        return _beginning_with(incomplete, ((str(place), f"{len(kept.files)} files") for place, kept in found))
    return []


def _config_of(ctx: typer.Context) -> ExchangeConfig:
    return read_config(Path(ctx.params.get("config") or "exchange.toml"))


def _beginning_with(incomplete: str, offers: Iterable[Offer]) -> list[Offer]:
    return [(value, about) for value, about in dict(offers).items() if value.startswith(incomplete)]
