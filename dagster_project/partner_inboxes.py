"""Partner inboxes as external assets: one for each configured source, read when the definitions are loaded."""

from __future__ import annotations

import dagster as dg

from dagster_project.resources import configured_path
from pipelines.config import Source, read_config
from schemas.kinds import KINDS


def inboxes() -> list[dg.AssetSpec]:
    """Describe the inbox of each source; one for all of them where there is no configuration to read yet."""
    if not configured_path().exists():
        return [_inbox(["partner_inbox"], "csv", "Whatever partners leave for the plan on their sFTP servers.")]
    return [
        _inbox(
            ["partner_inbox", source.name],
            _format(source),
            f"{KINDS[source.kind].holds}: `{source.pattern}` in `{source.folder}`.",
        )
        for source in read_config(configured_path()).sources
    ]


def _inbox(key: list[str], file_format: str, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key, group_name="intake", kinds={"sftp", file_format}, owners=["team:partners"], description=description
    )


def _format(source: Source) -> str:
    if source.kind == "834":
        return "x12"
    return "excel" if source.pattern.endswith(".xlsx") else "csv"
