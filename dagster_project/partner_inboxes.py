"""Partner inboxes as external assets, read when the definitions are loaded: one for each configured source.

In a fleet it is one for each kind of file: whose sources there are is each plan's own, and no plan's mistake in telling
them may keep the others from being shown.

What providers return lies in an account of each of them: hundreds of inboxes, of which the graph shows one by kind.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import groupby

import dagster as dg

from dagster_project.resources import FLEET_VARIABLE, configured_path
from pipelines.config import Source, read_config
from schemas.kinds import KINDS, Kind


def inboxes() -> list[dg.AssetSpec]:
    """Describe the inbox of each source; one for all of them where there is no configuration to read yet."""
    if FLEET_VARIABLE in os.environ:
        return [_of_kind(kind) for kind in KINDS.values()]
    if not configured_path().exists():
        return [_inbox(["partner_inbox"], "csv", "Whatever partners leave for the plan on their sFTP servers.")]
    sources = read_config(configured_path()).sources
    partners = [
        _inbox(
            ["partner_inbox", source.name],
            _format(source),
            f"{KINDS[source.kind].holds}: `{source.pattern}` in `{source.folder}`.",
        )
        for source in sources
        if source.provider is None
    ]
    return [*partners, *_of_providers([source for source in sources if source.provider is not None])]


def _of_providers(sources: Sequence[Source]) -> Iterator[dg.AssetSpec]:
    for kind, group in groupby(sorted(sources, key=lambda source: source.kind), key=lambda source: source.kind):
        first, *others = group
        holds = f"{KINDS[kind].holds}, in the accounts of {len(others) + 1} providers."
        yield _inbox(["partner_inbox", f"providers_{kind}"], _format(first), holds)


def _of_kind(kind: Kind) -> dg.AssetSpec:
    file_format = "x12" if kind.name == "834" else "csv"
    return _inbox(["partner_inbox", kind.name], file_format, f"{kind.holds}, wherever a plan of the fleet gets them.")


def _inbox(key: list[str], file_format: str, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key, group_name="intake", kinds={"sftp", file_format}, owners=["team:partners"], description=description
    )


def _format(source: Source) -> str:
    if source.kind == "834":
        return "x12"
    return "excel" if source.pattern.endswith(".xlsx") else "csv"
