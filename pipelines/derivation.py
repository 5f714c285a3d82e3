"""What follows from the facts, in the order in which one thing follows from another: for the night and for a rebuild.

Each step fills tables of the exchange schema from the facts, the configuration, the roster of providers and the
business date, and from nothing else. A step does not run while a table it may read is empty only because a new version
of the store made it anew: it would take everybody for gone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from itertools import takewhile
from pathlib import Path
from typing import Protocol

from pipelines import directory
from pipelines.assignment import assign_members
from pipelines.authorization import derive_authorizations
from pipelines.checkpoints import Checkpoint, reached
from pipelines.clocks import derive_clocks
from pipelines.config import ExchangeConfig, Roster
from pipelines.config.table import Table
from pipelines.enrollment import apply_enrollment
from pipelines.enrollment.apply import TABLES as ENROLLMENT_TABLES
from pipelines.enrollment.locators import locator_counts
from pipelines.enrollment.roster import roster_counts
from pipelines.identity import match_identities, resolve_aliases
from pipelines.justice_involved import derive_episodes
from pipelines.needs import derive_needs
from pipelines.program import PROGRAM, program_text
from pipelines.returns import derive_reports
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note
from pipelines.warehouse.readings import note_reading
from pipelines.warehouse.remade import refuse_remade, settle_remade
from pipelines.work_lists import derive_work_items

Counts = dict[str, int]


class Setting(Protocol):
    """What a step works on."""

    @property
    def warehouse(self) -> Warehouse:
        """The open store."""

    @property
    def config(self) -> ExchangeConfig:
        """The plan's configuration."""

    @property
    def roster(self) -> Roster:
        """The plan's providers."""

    @property
    def business_date(self) -> date:
        """The date as of which everything is derived."""


@dataclass(frozen=True)
class AsOf:
    """One business date by itself: what a rebuild, a preview or a test derives."""

    warehouse: Warehouse
    config: ExchangeConfig
    roster: Roster
    business_date: date


Step = Callable[[Setting], Counts]

FILLS: dict[str, tuple[str, ...]] = {}
"""The tables that each step fills, by the name of its function."""

_NO_POLICY = ("alerts", "paths", "sources", "returns", "servers", "delivery", "justice_involved", "safety", "retention")
"""Tables of `exchange.toml` from which nothing is derived, or whose change is noted where an 834 is read."""


_DECISIONS = "SELECT count(*) FROM facts.assignment_decisions"


def fills(*tables: str, derived: Checkpoint, settled: Checkpoint) -> Callable[[Step], Step]:
    """Declare which tables a step fills, and its places: they are filled, and it is noted that they are."""

    def as_step(derive: Step) -> Step:
        @wraps(derive)
        def step(setting: Setting) -> Counts:
            before = takewhile(lambda each: each.__name__ != derive.__name__, DERIVATION)
            refuse_remade(setting.warehouse, [table for each in before for table in FILLS[each.__name__]])
            counts = derive(setting)
            reached(derived)
            settle_remade(setting.warehouse, tables)
            reached(settled)
            return counts

        FILLS[derive.__name__] = tables
        return step

    return as_step


def refuse_unfilled(warehouse: Warehouse) -> None:
    """Stop before what goes out to others, while any derived table is empty only because a new version emptied it."""
    refuse_remade(warehouse, [table for tables in FILLS.values() for table in tables])


def policy_text(policy: Table) -> str:
    """Say all of a policy in one text; of a file its name, because a home that is moved says nothing else."""
    return json.dumps(policy.model_dump(), default=lambda each: each.name if isinstance(each, Path) else str(each))


@fills(*ENROLLMENT_TABLES, derived=Checkpoint.MEMBERS_DERIVED, settled=Checkpoint.MEMBERS_SETTLED)
def update_members(setting: Setting) -> Counts:
    """Bring members, coverage months and JI evidence up to date for everyone the new files speak of."""
    with setting.warehouse.transaction():
        for name in sorted(set(ExchangeConfig.model_fields) - set(_NO_POLICY)):
            note_reading(setting.warehouse, name, policy_text(getattr(setting.config, name)))
        note_reading(setting.warehouse, PROGRAM, program_text())
    reached(Checkpoint.POLICIES_NOTED)
    touched = apply_enrollment(setting.warehouse, setting.config)
    return {
        "members_touched": touched,
        **roster_counts(setting.warehouse, setting.business_date),
        **locator_counts(setting.warehouse, setting.config.justice_involved, setting.business_date),
    }


@fills(
    "exchange.cin_aliases",
    "exchange.prior_identifiers",
    "exchange.identities",
    "exchange.identity_proposals",
    derived=Checkpoint.IDENTITIES_DERIVED,
    settled=Checkpoint.IDENTITIES_SETTLED,
)
def match(setting: Setting) -> Counts:
    """Resolve which CINs are one person, then match referrals, notices and MIF rows to members."""
    resolved = resolve_aliases(setting.warehouse, setting.config, setting.business_date)
    reached(Checkpoint.ALIASES_RESOLVED)
    return {**resolved, **match_identities(setting.warehouse, setting.config, setting.business_date)}


@fills(
    "exchange.ji_statements",
    "exchange.ji_steps",
    "exchange.ji_episodes",
    "exchange.ji_contradictions",
    derived=Checkpoint.EPISODES_DERIVED,
    settled=Checkpoint.EPISODES_SETTLED,
)
def find_episodes(setting: Setting) -> Counts:
    """Derive the JI episodes."""
    return derive_episodes(setting.warehouse, setting.config, setting.business_date)


@fills(
    "exchange.ecm_authorizations", derived=Checkpoint.AUTHORIZATIONS_DERIVED, settled=Checkpoint.AUTHORIZATIONS_SETTLED
)
def authorize(setting: Setting) -> Counts:
    """Derive the ECM authorizations."""
    holidays = setting.config.plan.holidays
    return derive_authorizations(setting.warehouse, setting.config.authorization, setting.business_date, holidays)


@fills(
    "exchange.ecm_assignments",
    "exchange.unassigned",
    "exchange.unassigned_candidates",
    derived=Checkpoint.ASSIGNMENTS_DERIVED,
    settled=Checkpoint.ASSIGNMENTS_SETTLED,
)
def assign(setting: Setting) -> Counts:
    """Decide assignments; who cannot be assigned stands on the work list."""
    warehouse, on = setting.warehouse, setting.business_date
    with warehouse.transaction():
        before = warehouse.value(_DECISIONS)
        made = assign_members(warehouse, setting.config.assignment, setting.roster, on)
        if decided := warehouse.value(_DECISIONS) - before:
            note(warehouse, on, "ASSIGNED", on.isoformat(), f"{decided} decisions")
    return {**made, "UNASSIGNED": setting.warehouse.value("SELECT count(*) FROM exchange.unassigned")}


@fills(
    "exchange.provider_reports",
    "exchange.contact_attempts",
    "exchange.care_days",
    derived=Checkpoint.REPORTS_DERIVED,
    settled=Checkpoint.REPORTS_SETTLED,
)
def gather_reports(setting: Setting) -> Counts:
    """Gather what each provider reports of its members: values, attempts to reach them, days of care."""
    return derive_reports(setting.warehouse)


@fills("exchange.clocks", derived=Checkpoint.CLOCKS_DERIVED, settled=Checkpoint.CLOCKS_SETTLED)
def start_clocks(setting: Setting) -> Counts:
    """Compute what is due when for every episode."""
    plan, policy = setting.config.plan, setting.config.clocks
    return derive_clocks(setting.warehouse, policy, setting.business_date, plan.holidays, plan.timezone)


@fills("exchange.release_needs", derived=Checkpoint.NEEDS_DERIVED, settled=Checkpoint.NEEDS_SETTLED)
def find_needs(setting: Setting) -> Counts:
    """Say what each person needs at the release, and what of it is missing."""
    return derive_needs(setting.warehouse, setting.config.needs, setting.business_date)


@fills(
    "exchange.provider_directory",
    "exchange.county_coverage",
    "exchange.network_overlap",
    derived=Checkpoint.DIRECTORY_DERIVED,
    settled=Checkpoint.DIRECTORY_SETTLED,
)
def update_directory(setting: Setting) -> Counts:
    """Note how the roster changed, and see what the network covers."""
    return directory.update_directory(setting.warehouse, setting.config, setting.roster, setting.business_date)


@fills("exchange.work_items", derived=Checkpoint.WORK_DERIVED, settled=Checkpoint.WORK_SETTLED)
def list_work(setting: Setting) -> Counts:
    """List what waits for a person."""
    config = setting.config
    return derive_work_items(setting.warehouse, config.work_lists, config.reports, setting.business_date)


DERIVATION: tuple[Step, ...] = (
    update_members, match, find_episodes, authorize, assign, gather_reports, start_clocks, find_needs, update_directory,
    list_work,
)  # fmt: skip
"""The steps in their order."""
