"""Partner inboxes as external assets: one for each configured source, read when the definitions are loaded."""

from __future__ import annotations

import dagster as dg

from dagster_project.resources import configured_path
from pipelines.config import read_config

_KINDS = {
    "834": {"sftp", "x12"},
    "mini_mif": {"sftp", "csv"},
    "mif": {"sftp", "excel"},
    "release_notice": {"sftp", "csv"},
}
_SAY = {
    "834": "Enrollment (834) from DHCS: daily changes and the monthly full file",
    "mini_mif": "Referrals of people who are or were in custody (mini-MIF)",
    "mif": "Members that a delegating plan assigned (MIF)",
    "release_notice": "Release notices from a correctional facility",
}


def inboxes() -> list[dg.AssetSpec]:
    """Describe the inbox of each source; one for all of them where there is no configuration to read yet."""
    if not configured_path().exists():
        return [_inbox(["partner_inbox"], {"sftp"}, "Whatever partners leave for the plan on their sFTP servers.")]
    return [
        _inbox(
            ["partner_inbox", source.name],
            _KINDS[source.kind],
            f"{_SAY[source.kind]}: `{source.pattern}` in `{source.folder}`.",
        )
        for source in read_config(configured_path()).sources
    ]


def _inbox(key: list[str], kinds: set[str], description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key, group_name="intake", kinds=kinds, owners=["team:partners"], description=description,
    )  # fmt: skip
