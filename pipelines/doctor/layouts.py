"""In which layouts files are read and written, and whether two sources would read the same ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from parsers.x12.profile_files import load_profile
from pipelines.config import ExchangeConfig, Roster
from pipelines.config.patterns import may_match_one_name
from pipelines.delivery.documents import layout_for
from pipelines.doctor.ailment import Ailment, fine, found
from schemas.layout import load_layout


def examine_layout(name: str, kind: str, layout: str) -> Ailment:
    """Tell in which layout files are read, and its version: a wrong one is refused with the configuration."""
    read = load_profile(layout) if kind == "834" else load_layout(layout)
    return fine("layouts", f"layout of {name}", f"{read.name} {read.version}")


def written_by(config: ExchangeConfig, roster: Roster) -> Ailment:
    """Say in which layouts active providers get their files: a wrong one is refused with the configuration."""
    layouts = [layout_for(provider, config) for provider in roster.providers if provider.active]
    names = Counter(f"{layout.name} {layout.version}" for layout in layouts)
    told = ", ".join(f"{name} for {providers} of them" for name, providers in sorted(names.items()))
    return fine("layouts", "layouts of providers' files", told or "no provider is active")


def sources_that_overlap(config: ExchangeConfig) -> Iterator[Ailment]:
    """Tell of two sources that would take the same file, as their patterns are; the folders are not looked into."""
    for place, one in enumerate(config.sources):
        for other in config.sources[place + 1 :]:
            if one.place == other.place and may_match_one_name(one.pattern, other.pattern):
                what = f"both read `{one.folder}`, and a name can match `{one.pattern}` and `{other.pattern}`"
                yield found("sources-overlap", f"sources {one.name} and {other.name}", what)
