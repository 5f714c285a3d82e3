"""Intake: every file a partner left, landed under its hash and entered into the ledger, whatever becomes of it."""

from __future__ import annotations

import dagster as dg

from dagster_project.partner_inboxes import inboxes
from dagster_project.station import station_assets, table
from pipelines.nightly import receive


@dg.definitions
def intake() -> dg.Definitions:
    """Tie the ledger to the inboxes it is filled from."""
    ledger = table(
        "ledger.files",
        "intake",
        reads=[".".join(inbox.key.path) for inbox in inboxes()],
        kinds={"sftp"},
        owner="data-exchange",
        description="Did every file arrive, and is every row of it accounted for? One row for each file that ever "
        "came: when, from whom, its hash, and what became of its rows. What comes again is a duplicate; "
        "a stale or conflicting file is held. What was found in the rows shows once all files of the "
        "night are read.",
    )
    return dg.Definitions(assets=[station_assets(receive, ledger)])
