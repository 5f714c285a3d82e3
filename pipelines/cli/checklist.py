"""The checklist of a plan that begins: the boxes for its partners, made from its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.config import ExchangeConfig, Roster
from pipelines.config.providers import Provider
from pipelines.config.sources import Source

_INVENTED = ("example.org", "example.com", "example.net", ".example")
"""How hosts of the template end: nobody is there."""

_LATER = "\n## Partners that came later\n\n"


@dataclass(frozen=True)
class Box:
    """One thing to do about one partner; `subject` tells which partner, and is how an earlier box is found again."""

    subject: str
    does: str

    def __str__(self) -> str:
        return f"- [ ] **{self.subject}**: {self.does}\n"


def checklist(template: str, config: ExchangeConfig, roster: Roster, public_key: str) -> str:
    """Fill the template with the boxes of all partners that the configuration names."""
    return template.format(
        public_key=public_key,
        senders="".join(map(str, senders(config))),
        receivers="".join(map(str, receivers(config, roster))),
    )


def with_newcomers(before: str, config: ExchangeConfig, roster: Roster) -> str:
    """Add boxes for partners of whom a checklist says nothing; all else stays as it is, byte for byte."""
    new = [box for box in (*senders(config), *receivers(config, roster)) if f"**{box.subject}**" not in before]
    heading = "" if not new or _LATER in before else _LATER
    return f"{before}{heading}{''.join(map(str, new))}"


def senders(config: ExchangeConfig) -> Iterator[Box]:
    """Yield what is to be done about each sender, and about each server once."""
    sources = [source for source in config.sources if source.provider is None and not _is_invented(source.host)]
    yield from _servers({(source.host, source.port) for source in sources})
    for source in sources:
        yield Box(
            f"source {source.name}",
            f"the account `{source.username}` is open and has the key; `{source.folder}` holds files like "
            f"`{source.pattern}` and nobody else's; {_when_whole(source)}",
        )


def receivers(config: ExchangeConfig, roster: Roster) -> Iterator[Box]:
    """Yield what is to be done about each provider, and about servers where no sender is."""
    known = {(source.host, source.port) for source in config.sources}
    providers = {p.npi: p for p in roster.providers if not _is_invented(p.host)}
    yield from _servers({(p.host, p.port) for p in providers.values()} - known)
    for npi, provider in sorted(providers.items()):
        yield Box(f"provider {npi}", f"{_place(provider)}; they said the NPI and the name on the account themselves.")


def _servers(places: set[tuple[str, int]]) -> Iterator[Box]:
    for host, port in sorted(places):
        yield Box(
            f"server {host}:{port}",
            f"somebody there has read the fingerprint of its host key to you, by phone and under a number that you had "
            f"before; it is what `ssh-keyscan -p {port} {host} | ssh-keygen -lf -` shows, and only then did you do "
            f"`ssh-keyscan -p {port} {host} >> keys/known_hosts`.",
        )


def _when_whole(source: Source) -> str:
    if source.kind == "834":
        return "who is called when none comes."
    if source.marker or source.trailer or source.lines_end:
        return "the sender keeps to the sign that a file is whole."
    return "how one knows that a file is whole (`lines_end`, `trailer` or `marker`)."


def _place(provider: Provider) -> str:
    return f"the account `{provider.username}` is open, has the key and may write to `{provider.folder}`"


def _is_invented(host: str) -> bool:
    return host.lower().endswith(_INVENTED)
