"""Make everything derived anew from the facts by the present configuration, and say what differs from what stands.

A rebuild is the derivation of the last night once more, for everyone. Facts stay as they are: what was received,
decided and delivered. Where authorizations change, assignments end or are made as in a night: those are new decisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipelines.checks import CheckFailed, CheckResult, run_checks
from pipelines.config import ExchangeConfig, Roster
from pipelines.derivation import DERIVATION, AsOf
from pipelines.enrollment import apply_enrollment
from pipelines.program import PROGRAM
from pipelines.rebuild.standings import MemberDifference, StandingDifference, compare_standings, count_standings
from pipelines.rebuild.tables import TableDifference, compare_tables, put_aside
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note
from schemas.problems import ExchangeError


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found."""

    business_date: date
    """The night whose derivation was done once more: the last one."""
    policies: tuple[str, ...]
    """Parts of the configuration that say another thing than in the last night; `834` is how an 834 is read."""
    is_another_program: bool
    """Whether another version of the program ran the last night."""
    tables: tuple[TableDifference, ...]
    standings: tuple[StandingDifference, ...]
    members: tuple[MemberDifference, ...]
    failed: tuple[CheckResult, ...]
    """Standing questions that would stop a night."""

    @property
    def differs(self) -> bool:
        """Whether anything differs from what stood."""
        return any(table.differs for table in self.tables)


def rebuild(warehouse: Warehouse, config: ExchangeConfig, roster: Roster, *, apply: bool) -> Rebuilt:
    """Derive everything anew as of the last night and compare; without `apply` all of it is undone.

    Raises
    ------
    ExchangeError
        When no night has been run yet.
    CheckFailed
        When it is to be applied and a blocking check fails: nothing is applied then.
    """
    on = warehouse.value("SELECT max(business_date) FROM ledger.runs")
    if on is None:
        raise ExchangeError(
            "D02", "no night has come to its end yet", where=str(warehouse.home), remedy="Run `ecm-exchange run` first."
        )
    night = AsOf(warehouse, config, roster.as_of(on), on)
    with warehouse.transaction() if apply else warehouse.rehearsal():
        found = _derive(night)
        if apply:
            for result in found.failed:
                raise CheckFailed(result)
            note(warehouse, on, "REBUILT", on.isoformat(), _summary(found))
    return found


def _derive(night: AsOf) -> Rebuilt:
    warehouse = night.warehouse
    read_before = _readings(warehouse)
    put_aside(warehouse)
    apply_enrollment(warehouse, night.config, everyone=True)
    failed = []
    for step in DERIVATION:
        step(night)
        answers = run_checks(warehouse, night.business_date, after=step.__name__)
        failed += [answer for answer in answers if answer.violations and answer.check.blocking]
    read_now = _readings(warehouse)
    members = tuple(compare_standings(warehouse))
    return Rebuilt(
        business_date=night.business_date,
        policies=tuple(
            policy for policy in read_before if policy != PROGRAM and read_now[policy] != read_before[policy]
        ),
        is_another_program=read_before.get(PROGRAM) != read_now[PROGRAM],
        tables=tuple(compare_tables(warehouse)),
        standings=count_standings(members),
        members=members,
        failed=tuple(failed),
    )


def _readings(warehouse: Warehouse) -> dict[str, str]:
    return dict(warehouse.rows("SELECT policy, reading FROM ledger.readings ORDER BY policy"))


def _summary(found: Rebuilt) -> str:
    """Say in counts what was applied."""
    changed = [f"{each.table} +{each.added} -{each.removed} ~{each.changed}" for each in found.tables if each.differs]
    return "; ".join(changed) or "nothing differed"
