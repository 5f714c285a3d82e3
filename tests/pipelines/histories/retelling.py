"""The same files once more, arriving otherwise: what follows from them must be the same, but for decisions.

A decision is a fact of the night in which it was made, and so is what depends on it: assignments, who is without a
provider, clocks that an assignment meets or a provider bounds, and what waits for a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from pipelines.derivation import (
    authorize,
    find_episodes,
    find_needs,
    gather_reports,
    match,
    start_clocks,
    update_members,
)
from pipelines.rebuild.tables import derived_tables
from tests.pipelines.histories.tales import DECIDED, Tale
from tests.pipelines.histories.worlds import on

FILES = (
    "facts.enrollment_members", "facts.enrollment_coverage", "facts.enrollment_reporting", "facts.referrals",
    "facts.release_notices", "facts.care_plan_receipts", "facts.mif_members", "facts.return_transmissions",
    "facts.outreach_attempts", "ledger.files",
)  # fmt: skip
MERGES = "facts.cin_merges"
STEPS = (update_members, match, find_episodes, authorize, gather_reports, start_clocks, find_needs)
BY_DECISION = (
    "ecm_assignments", "unassigned", "unassigned_candidates", "work_items", "provider_directory", "county_coverage",
    "network_overlap", "facts.roster_entries", *DECIDED,
)  # fmt: skip
BY_PROVIDER = ("ASSIGNMENT", "HANDOFF_BEFORE_RELEASE", "HANDOFF_AFTER_RELEASE", "REENTRY_CARE_PLAN")
"""Clocks that depend on who has the person."""

Derived = dict[str, Any]


def derived(tale: Tale) -> Derived:
    """Return what follows from the facts but for decisions."""
    found = {name: rows for name, rows in tale.everything().items() if name not in BY_DECISION}
    clocks = tale.exchange.all("exchange.clocks")
    return found | {"clocks": [clock for clock in clocks if clock["name"] not in BY_PROVIDER]}


@dataclass(frozen=True)
class Retelling:
    """The facts of a tale that has been told, as of its last night."""

    tale: Tale
    files: list[str]

    def tell(self, *batches: Iterable[str], merges: Literal["as told", "undone", "never"] = "as told") -> Derived:
        """Let files arrive in batches, a night after each, and return what follows in the end.

        Merges are as they were told; or all undone in the end, or never told, and then the 834 merges none either.
        """
        warehouse, setting = self.tale.exchange.warehouse, self.tale.setting(self.tale.nights[-1])
        for table in (*FILES, *DECIDED, *(f"exchange.{name}" for name in derived_tables(warehouse))):
            warehouse.run(f"DELETE FROM {table}")  # noqa: S608 - own names
        if merges != "as told":
            identity = setting.config.identity.model_copy(update={"prior_identifier": "ignore"})
            setting = replace(setting, config=setting.config.model_copy(update={"identity": identity}))
        self._merge(merges)
        for number, batch in enumerate(batches, start=1):
            warehouse.lend("batch", pd.DataFrame({"file_id": list(batch)}, dtype="str"))
            for table in FILES:
                warehouse.run(
                    f"""INSERT INTO {table} FROM {_kept(table)}
                        WHERE file_id IN (FROM batch) ORDER BY hash(file_id, $salt)""",
                    {"salt": number},
                )
            warehouse.run("UPDATE ledger.files SET applied = false WHERE file_id IN (FROM batch)")
            for step in STEPS:
                step(setting)
        return derived(self.tale)

    def _merge(self, merges: str) -> None:
        warehouse = self.tale.exchange.warehouse
        warehouse.run(f"DELETE FROM {MERGES}")  # noqa: S608 - own name
        if merges != "never":
            warehouse.run(f"INSERT INTO {MERGES} FROM {_kept(MERGES)}")
        if merges == "undone":
            warehouse.run(
                f"""INSERT INTO {MERGES} BY NAME
                    SELECT 'undo ' || alias_cin AS merge_id, 9999 + row_number() OVER (ORDER BY alias_cin) AS sequence,
                           $on AS decided_on, 'UNDO' AS action, alias_cin, min(cin) AS cin, '' AS reason,
                           '' AS decided_by
                    FROM {MERGES} GROUP BY alias_cin""",  # noqa: S608 - own name
                {"on": on(self.tale.nights[-1])},
            )


def retelling(tale: Tale) -> Retelling:
    """Keep the facts of a tale, so that they can be told again."""
    warehouse = tale.exchange.warehouse
    for table in (*FILES, MERGES):
        warehouse.run(f"CREATE OR REPLACE TEMP TABLE {_kept(table)} AS FROM {table}")
    files = [file for (file,) in warehouse.rows("SELECT file_id FROM ledger.files ORDER BY file_id")]
    return Retelling(tale, files)


def _kept(table: str) -> str:
    return f"kept_{table.partition('.')[2]}"
