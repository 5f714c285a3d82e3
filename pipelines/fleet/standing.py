"""How one plan stands: its last night that was published, and whether the one that is due by now is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.config import ExchangeConfig
from pipelines.fleet.read import FleetPlan
from pipelines.reporting.page.concerns import State, Verdict, judge
from pipelines.reporting.page.figures import NightFigures, night_figures
from pipelines.runs import Unfinished, unfinished
from pipelines.warehouse import open_published
from schemas.problems import ExchangeError


class Stands(StrEnum):
    """How a plan stands, the worst first."""

    UNREADABLE = "unreadable"
    MISSING = "missing"
    BROKEN_OFF = "broken off"
    UNSERVED = "no worker"
    WRONG = "needs a person"
    AT_WORK = "at work"
    RIGHT = "right"


_WORST_FIRST = tuple(Stands)


@dataclass(frozen=True)
class PlanStanding:
    """One line of the fleet: counts and codes, no one's name."""

    plan: str
    config: Path
    name: str
    """Of the plan; empty where its configuration could not be read."""
    stands: Stands
    says: str
    do: str = ""
    """What to do now; empty where there is nothing."""
    night: date | None = None
    """The night that the figures are of."""
    files_in: int = 0
    rows_in: int = 0
    rows_rejected: int = 0
    files_held: int = 0
    providers_told: int = 0
    """Providers that found tonight's files in their folders."""
    files_owed: int = 0
    """Files that were written and have not arrived, of this and of earlier nights."""
    matters: int = 0
    """Things that need a person now."""
    unassigned: int = 0
    clocks_overdue: int = 0


def worst_first(standings: Iterable[PlanStanding]) -> list[PlanStanding]:
    """Put those first that need a person most, plans of a kind by their ids."""
    return sorted(standings, key=lambda each: (_WORST_FIRST.index(each.stands), each.plan))


def worse(one: Stands, other: Stands) -> Stands:
    """Return the one of two that needs a person more."""
    return min(one, other, key=_WORST_FIRST.index)


def night_due(now: datetime, zone: str, done_by: time) -> date:
    """Return the night that must have ended by `now`: today's from `done_by` on, by the plan's own clock."""
    there = now.astimezone(ZoneInfo(zone))
    return there.date() if there.time() >= done_by else there.date() - timedelta(days=1)


def standing_of(plan: FleetPlan, config: ExchangeConfig, due: date) -> PlanStanding:
    """Tell how a plan stands when the night of `due` should have ended; a home that cannot be read is told as that."""
    left = unfinished(config.home)
    try:
        with open_published(config.home) as warehouse:
            night = warehouse.value("SELECT max(business_date) FROM ledger.runs WHERE status = 'FINISHED'")
            if night is None:
                return _without_a_night(plan, config, left)
            own = [source.name for source in config.sources if source.provider is None]
            figures = night_figures(warehouse, night, own)
    except ExchangeError as problem:
        if problem.code == "D02":
            return _without_a_night(plan, config, left)
        return unreadable(plan, problem, config.plan.name)
    return _standing(plan, config, figures, left, due)


def unreadable(plan: FleetPlan, problem: ExchangeError, name: str = "") -> PlanStanding:
    """Say that of a plan nothing can be told, and why."""
    return PlanStanding(
        plan.id, plan.config, name, Stands.UNREADABLE, f"{problem.what} ({problem.code})", problem.remedy
    )


def _without_a_night(plan: FleetPlan, config: ExchangeConfig, left: Unfinished | None) -> PlanStanding:
    if left is not None:
        return PlanStanding(plan.id, plan.config, config.plan.name, *_of_run(left))
    says, do = "no night has ended yet", "Run its first night: `ecm-exchange run`."
    return PlanStanding(plan.id, plan.config, config.plan.name, Stands.MISSING, says, do)


def _standing(
    plan: FleetPlan, config: ExchangeConfig, figures: NightFigures, left: Unfinished | None, due: date
) -> PlanStanding:
    verdict = judge(figures)
    stands, says, do = _judged(figures, verdict, left, due)
    return PlanStanding(
        plan.id,
        plan.config,
        config.plan.name,
        stands,
        says,
        do,
        night=figures.business_date,
        files_in=figures.summary.files_in,
        rows_in=figures.summary.rows_in,
        rows_rejected=figures.summary.rows_rejected,
        files_held=figures.summary.files_held,
        providers_told=sum(1 for each in figures.went if each.delivered),
        files_owed=sum(number for *_, number in figures.owed),
        matters=len(verdict.matters),
        unassigned=figures.waiting["UNASSIGNED"],
        clocks_overdue=figures.waiting["CLOCKS_OVERDUE"],
    )


def _judged(figures: NightFigures, verdict: Verdict, left: Unfinished | None, due: date) -> tuple[Stands, str, str]:
    if left is not None:
        return _of_run(left)
    if figures.business_date < due:
        nights = (due - figures.business_date).days
        many = "a night is" if nights == 1 else f"{nights} nights are"
        return Stands.MISSING, f"{many} missing, the last was {figures.business_date}", "Run it: `ecm-exchange run`."
    if verdict.state is State.RIGHT:
        return Stands.RIGHT, verdict.says, ""
    first = verdict.matters[0]
    return Stands.WRONG, first.what, first.do


def _of_run(left: Unfinished) -> tuple[Stands, str, str]:
    if left.is_at_work:
        return Stands.AT_WORK, left.sentence(), ""
    return Stands.BROKEN_OFF, left.sentence(), f"Run it again: `ecm-exchange run --date {left.run.business_date}`."
