"""How a problem reaches the orchestrator: as code, sentence and remedy, and never with the exception it came from.

Dagster keeps messages and chains of exceptions in its event store, and a library's message may quote a member's data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import dagster as dg

from pipelines.containment import kind_and_place
from schemas.problems import ExchangeError, refused_by_system

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
    except ExchangeError as problem:
        failure = _failure(problem.code, problem.what, problem.remedy)
    except (OSError, MemoryError) as refusal:
        told = refused_by_system(refusal)
        failure = _failure(told.code, told.what, told.remedy)
    except Exception as defect:  # noqa: BLE001 - whatever it is, its message may hold data and must not go on
        kind, place = kind_and_place(type(defect), defect.__traceback__)
        failure = _failure(
            "K99",
            f"{kind} in {place}",
            "This is a defect: report it with the line above, and run the night again.",
        )
    raise failure  # outside of the handlers, so that the exception is not even its context


def _failure(code: str, what: str, remedy: str) -> dg.Failure:
    return dg.Failure(
        description=f"[{code}] {what.rstrip('.')}. {remedy}".strip(),
        metadata={"code": code, "what": what, "remedy": remedy},
        allow_retries=False,
    )
