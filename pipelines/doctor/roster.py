"""What is wrong with the roster as a whole: counties without anybody, providers without places, keys that run out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from pipelines.config import ExchangeConfig, Roster
from pipelines.doctor.ailment import Ailment, fine, found
from pipelines.identity.proposals import require_splink
from pipelines.pgp import KeyUnusable, read_public_key, seal
from schemas.problems import ExchangeError

_KEY_AHEAD = timedelta(days=30)
"""A provider needs about so long to make a new key and hand it over."""


def examine_roster(config: ExchangeConfig, roster: Roster, today: date) -> Iterator[Ailment]:
    """Look at the roster as of today; no server is visited."""
    serving = [each for each in roster.providers if each.active and each.ji_provider]
    if not serving:
        yield found("no-provider", "providers table", "no active provider serves people who are justice-involved")
    for provider in serving:
        if provider.capacity == 0:
            yield found(
                "provider-no-capacity", f"provider {provider.npi}", "its capacity is 0: nobody is assigned to it"
            )
    served = {county for provider in serving for county in provider.counties}
    for county in config.plan.counties:
        if county not in served:
            yield found("county-unserved", f"county {county}", "no active JI provider serves it (R20)", county=county)
    yield fine(
        "providers", "providers table", f"{len(serving)} of {len(roster.providers)} providers are active JI providers"
    )
    for provider in roster.providers:
        if provider.active and provider.pgp_key_file is not None:
            yield examine_key(f"provider {provider.npi}", provider.pgp_key_file, today)


def examine_key(subject: str, path: Path, today: date) -> Ailment:
    """Examine the key that a provider's files are encrypted to."""
    subject = f"key of {subject}"
    try:
        key = read_public_key(path)
        seal(b"", key, today)
    except KeyUnusable as why:
        return found("pgp-key-unusable", subject, str(why).partition(": ")[0], path=path)
    if key.until < today + _KEY_AHEAD:
        return found("pgp-key-ends", subject, f"its last day is {key.until}", path=path)
    return fine("providers", subject, f"can be encrypted to, fingerprint {key.fingerprint}")


def unused_servers(config: ExchangeConfig, roster: Roster) -> Iterator[Ailment]:
    """Tell of rules that apply to nobody: the partner's host or port is written otherwise elsewhere."""
    used = {(source.host.lower(), source.port) for source in config.sources}
    used |= {(provider.host.lower(), provider.port) for provider in roster.providers}
    for server in config.servers:
        if (server.host.lower(), server.port) not in used:
            yield found(
                "server-rules-unused", f"server {server.host}:{server.port}", "no source and no provider is on it"
            )


def examine_proposals(config: ExchangeConfig) -> Ailment:
    """Tell whether what proposes members by probability is installed, where the plan wants it."""
    if not config.identity.proposals:
        return fine("layouts", "proposals", "no members are proposed by probability")
    try:
        require_splink()
    except ExchangeError as problem:
        return found("proposals-not-installed", "proposals", f"{problem.what} [{problem.code}]")
    return fine("layouts", "proposals", "members are proposed by probability, for the liaison to judge")
