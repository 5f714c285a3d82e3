"""Partner inboxes as external assets: one for each configured source, read when the definitions are loaded."""

from __future__ import annotations

import dagster as dg

from dagster_project.resources import configured_path
from pipelines.config import Source, read_config

_CONTENT = {
    "834": "Enrollment (834) from DHCS: daily changes and the monthly full file",
    "mini_mif": "Referrals of people who are or were in custody (mini-MIF)",
    "mif": "Members that a delegating plan assigned (MIF)",
    "release_notice": "Release notices of a correctional facility",
    "care_plan_receipt": "Receipts: when a reentry care plan reached the plan or the provider",
    "rtf": "What a provider reports of its members (RTF)",
    "otf": "A provider's attempts to reach its members (OTF)",
}


def inboxes() -> list[dg.AssetSpec]:
    """Describe the inbox of each source; one for all of them where there is no configuration to read yet."""
    if not configured_path().exists():
        return [_inbox(["partner_inbox"], "csv", "Whatever partners leave for the plan on their sFTP servers.")]
    return [
        _inbox(
            ["partner_inbox", source.name],
            _format(source),
            f"{_CONTENT[source.kind]}: `{source.pattern}` in `{source.folder}`.",
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
