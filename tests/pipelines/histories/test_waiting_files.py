"""A file that waits for a provider out of reach while the people in it turn out to be others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.checks import run_checks
from pipelines.delivery.prepare import prepare
from pipelines.identity.merges import merge, unmerge

FIRST = date(2026, 10, 20)
THEN = FIRST + timedelta(days=1)


@pytest.fixture
def waiting(exchange: Any, person: Callable[[int], str]) -> Iterator[Any]:
    """Two members with one provider each, whose files were prepared on the first night and never left."""
    for number in (1, 2):
        exchange.seen(FIRST, person(number), exchange.coverage("2026-10", "01", ji=True))
    exchange.derive(FIRST)
    yield exchange
    for table in ("outbox", "outbox_rows"):
        exchange.warehouse.run(f"DELETE FROM delivery.{table}")  # noqa: S608 - own names


def stopped(exchange: Any) -> list[str]:
    """Fill the outbox on the second night and name the checks that stop it."""
    prepare(exchange.warehouse, exchange.config, exchange.roster, THEN)
    answers = run_checks(exchange.warehouse, THEN, after="fill_outbox")
    return [answer.check.name for answer in answers if answer.violations and answer.check.blocking]


def test_a_merge_does_not_stop_the_night_for_everybody(waiting: Any, person: Callable[[int], str]) -> None:
    prepare(waiting.warehouse, waiting.config, waiting.roster, FIRST)
    merge(waiting.warehouse, person(2), person(1), on=THEN, reason="same", decided_by="liaison")
    waiting.derive(THEN)
    assert stopped(waiting) == []


def test_a_merge_undone_does_not_either(waiting: Any, person: Callable[[int], str]) -> None:
    merge(waiting.warehouse, person(1), person(2), on=FIRST, reason="same", decided_by="liaison")
    waiting.derive(FIRST)
    prepare(waiting.warehouse, waiting.config, waiting.roster, FIRST)
    unmerge(waiting.warehouse, person(1), on=THEN, reason="not the same", decided_by="liaison")
    waiting.derive(THEN)
    assert stopped(waiting) == []


@pytest.mark.parametrize("night", [FIRST, THEN])
def test_a_row_for_another_provider_stops_the_night_also_in_a_file_that_waits(
    waiting: Any, npi_of: Callable[[int], str], night: date
) -> None:
    prepare(waiting.warehouse, waiting.config, waiting.roster, FIRST)
    waiting.derive(night)
    waiting.warehouse.run(
        """UPDATE delivery.outbox_rows SET assignment_id = (
               SELECT assignment_id FROM exchange.ecm_assignments WHERE npi <> $npi LIMIT 1) WHERE npi = $npi""",
        {"npi": npi_of(1)},
    )
    answers = run_checks(waiting.warehouse, night, after="fill_outbox")
    assert "every_row_goes_to_its_own_provider" in [each.check.name for each in answers if each.violations]
