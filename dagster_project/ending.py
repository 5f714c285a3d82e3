"""What the last step does when the night is done: it tells how the plan stands, and lets Dagster forget old runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import dagster as dg

from dagster_project.forget import forget
from dagster_project.resources import ExchangeHome
from pipelines.containment import kind_and_place


def end_night(context: dg.AssetExecutionContext, exchange: ExchangeHome, on: date) -> None:
    """End a night; whatever goes wrong here is told and breaks none."""
    with _told(context, "how the plan stands could not be told"):
        for event in exchange.told_at_end(on):
            context.log_event(event)
    with _told(context, "old runs could not be forgotten"):
        if did := forget(context.instance, exchange):
            context.log.info(did)


@contextmanager
def _told(context: dg.AssetExecutionContext, what: str) -> Iterator[None]:
    try:
        yield
    except Exception as failure:  # noqa: BLE001 - the night is done, and its files are out
        kind, place = kind_and_place(type(failure), failure.__traceback__)
        context.log.warning("%s (%s in %s)", what, kind, place)
