"""How a problem reaches the orchestrator: as code, sentence and remedy, and never with the exception it came from.

Dagster keeps messages and chains of exceptions in its event store, and a library's message may quote a member's data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import dagster as dg

from pipelines.containment import as_problem
from schemas.problems import ExchangeError

T = TypeVar("T")


class TickFailed(dg.DagsterError):
    """A problem that a tick fails with. Dagster hides what any other exception of a sensor says."""


def safely(action: Callable[[], T]) -> T:
    """Do something; whatever goes wrong becomes a failure fit for the event store, never tried again by itself.

    Raises
    ------
    dagster.Failure
        With code, sentence and remedy of an `ExchangeError`; of any other exception its type and place in the code.
    """
    try:
        return action()
    except Exception as refusal:  # noqa: BLE001 - whatever it is, its message may hold data and must not go on
        problem = as_problem(refusal)
        told = {"code": problem.code, "what": problem.what, "remedy": problem.remedy}
        failure = dg.Failure(description=_in_words(problem), metadata=told, allow_retries=False)
    raise failure  # outside of the handler, so that the exception is not even its context


def safely_in_a_tick(action: Callable[[], T]) -> T:
    """Do something for a sensor; whatever goes wrong becomes a failure of the tick that says what a person needs.

    Raises
    ------
    TickFailed
        With what `safely` says of a failure.
    """
    try:
        return action()
    except Exception as refusal:  # noqa: BLE001 - whatever it is, its message may hold data and must not go on
        failure = TickFailed(_in_words(as_problem(refusal)))
    raise failure  # outside of the handler, so that the exception is not even its context


def _in_words(problem: ExchangeError) -> str:
    return f"[{problem.code}] {problem.what.rstrip('.')}. {problem.remedy}".strip()
