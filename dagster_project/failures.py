"""How a problem reaches the orchestrator: as code, sentence and remedy, and never with the exception it came from.

Dagster keeps messages and chains of exceptions in its event store, and a library's message may quote a member's data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import dagster as dg

from pipelines.containment import as_problem

T = TypeVar("T")


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
        failure = _failure(problem.code, problem.what, problem.remedy)
    raise failure  # outside of the handler, so that the exception is not even its context


def _failure(code: str, what: str, remedy: str) -> dg.Failure:
    return dg.Failure(
        description=f"[{code}] {what.rstrip('.')}. {remedy}".strip(),
        metadata={"code": code, "what": what, "remedy": remedy},
        allow_retries=False,
    )
