"""Plans whose nights wait for a worker that is not there: nothing fails, and nothing comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pipelines.fleet.read import Fleet
from pipelines.fleet.standing import PlanStanding, Stands, worse
from schemas.problems import ExchangeError


def with_seats(fleet: Fleet, standings: Iterable[PlanStanding], seats: Mapping[str, int]) -> Iterator[PlanStanding]:
    """Tell of plans that no worker of their queue has a seat for, before what else ails them."""
    queue_of = {plan.id: plan.queue for plan in fleet.plans}
    for each in standings:
        queue = queue_of[each.plan]
        yield each if seats.get(queue) else unserved(each, _no_worker(queue))


def unserved(standing: PlanStanding, problem: ExchangeError) -> PlanStanding:
    """Say of a plan that its next night would not begin, and why, before what else ails it."""
    says = f"{problem.what} ({problem.code})"
    return replace(
        standing,
        stands=worse(standing.stands, Stands.UNSERVED),
        says=f"{says}; {standing.says}" if standing.do else says,
        do=problem.remedy,
    )


def _no_worker(queue: str) -> ExchangeError:
    return ExchangeError(
        "S19",
        f"no worker serves its queue {queue}",
        remedy=f"Start one: `ecm-exchange fleet worker --queue {queue}`.",
    )
