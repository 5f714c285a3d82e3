"""What gates measure a provider's rows by: what it was told before, and what the 834s behind them are worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from pipelines.config import ExchangeConfig
from pipelines.warehouse import Warehouse

_SCRIPT = Path(__file__).with_name("bounds.sql")

_ENOUGH_DAYS = 5
"""Days with new members after its first that a provider needs to be measured by its own history: a week of nights."""

_MANY = 20
"""An 834 with fewer rejected members is never doubted for them: a few bad rows are no sign of a wrong file."""


@dataclass(frozen=True)
class Surge:
    """Members assigned to a provider on one day, more than the floor of the gate."""

    day: date
    assignments: tuple[str, ...]
    """Those the provider has not been told of."""
    members: int
    """All of that day."""
    busiest: int
    """The most of any day before it."""
    allowed: float


@dataclass(frozen=True)
class Bounds:
    """What one provider's rows are measured by tonight."""

    open_before: int = 0
    """Open members it had been told of before this night."""
    ended_tonight: int = 0
    """Members whose end it has been told this night already."""
    surges: tuple[Surge, ...] = ()
    on_rejects: frozenset[str] = frozenset()
    """Assignments that rest on an 834 with too many rejects."""
    rejects: tuple[str, ...] = ()
    """Such files of the plan: source, day and counts."""
    on_old_word: frozenset[str] = frozenset()
    """Assignments that rest on the last word of a source that has been silent too long."""
    old_word: tuple[str, ...] = ()
    """Such sources of the plan: name and day of the last file."""


@dataclass(frozen=True)
class _Resting:
    """The assignments of tonight that rest on some files, by NPI, and what is to be said of those files."""

    assignments: Mapping[str, frozenset[str]] = field(default_factory=dict)
    told: tuple[str, ...] = ()


def bounds_of_the_night(warehouse: Warehouse, config: ExchangeConfig, on: date) -> Mapping[str, Bounds]:
    """Measure every provider; needs the table `compared` of tonight's rows (`changes.sql`)."""
    safety = config.safety
    warehouse.run_file(
        _SCRIPT, business_date=on, growth_floor=safety.growth_floor, growth_days=safety.growth_days,
        enough_days=_ENOUGH_DAYS,
    )  # fmt: skip
    before = dict(warehouse.rows("SELECT npi, members FROM open_before"))
    ended = dict(warehouse.rows("SELECT npi, members FROM ended_tonight"))
    surges: defaultdict[str, list[Surge]] = defaultdict(list)
    for npi, day, assignments, members, busiest in warehouse.rows(
        "SELECT npi, day, assignments, members, busiest FROM surges ORDER BY npi, day"
    ):
        surges[npi].append(Surge(day, tuple(assignments), members, busiest, safety.max_growth * busiest))
    rejects, silent = _on_rejects(warehouse, safety.doubtful_rejected_share), _on_old_word(warehouse, config, on)
    npis = {*before, *ended, *surges, *rejects.assignments, *silent.assignments}
    return {
        npi: Bounds(
            open_before=before.get(npi, 0),
            ended_tonight=ended.get(npi, 0),
            surges=tuple(surges.get(npi, ())),
            on_rejects=rejects.assignments.get(npi, frozenset()),
            rejects=rejects.told,
            on_old_word=silent.assignments.get(npi, frozenset()),
            old_word=silent.told,
        )
        for npi in npis
    }


def _on_rejects(warehouse: Warehouse, most: float) -> _Resting:
    """Find what rests on an 834 with too many rejects that nobody has answered for by releasing it.

    Lists that people type are left out: a row of theirs that is wrong says nothing of its neighbours.
    """
    files = warehouse.rows(
        """SELECT DISTINCT f.file_id, f.source, f.file_date, f.rows_rejected, f.rows_in, f.file_order
           FROM resting JOIN ledger.files AS f ON f.file_id = resting.file_id
           WHERE f.kind = '834' AND f.rows_rejected >= $many AND f.rows_rejected > $most * f.rows_in
             AND f.file_id NOT IN (SELECT subject FROM facts.releases WHERE code IN ('F13', 'F14'))
           ORDER BY f.file_order, f.file_id""",
        {"many": _MANY, "most": most},
    )
    told = tuple(
        f"{source} of {day}: {rejected} of {rows_in} rejected" for _, source, day, rejected, rows_in, _ in files
    )
    return _Resting(_resting(warehouse, "file_id", [file[0] for file in files]), told)


def _on_old_word(warehouse: Warehouse, config: ExchangeConfig, on: date) -> _Resting:
    """Find what rests on a source that sends changes daily, and whose last file is older than allowed."""
    last = warehouse.rows(
        """SELECT source, max(file_date) FROM ledger.files
           WHERE kind = '834' AND status LIKE 'ACCEPTED%'
           GROUP BY source HAVING bool_or(scope = 'DAILY') ORDER BY source"""
    )
    most, holidays = config.safety.enrollment_stale_days, np.array(config.plan.holidays, dtype="datetime64[D]")
    silent = [(source, day) for source, day in last if np.busday_count(day, on, holidays=holidays) > most]
    told = tuple(f"the last 834 of {source} is of {day}" for source, day in silent)
    return _Resting(_resting(warehouse, "source", [source for source, _ in silent]), told)


def _resting(warehouse: Warehouse, column: str, values: list[str]) -> dict[str, frozenset[str]]:
    if not values:
        return {}
    found = warehouse.rows(
        f"SELECT npi, list(assignment_id) FROM resting WHERE list_contains($values, {column}) GROUP BY npi",  # noqa: S608 - a name from above
        {"values": values},
    )
    return {npi: frozenset(assignments) for npi, assignments in found}
