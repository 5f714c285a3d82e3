"""Justice involvement adds a population of focus and drops none, whoever named the others."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipelines.delivery.prepare import due_rows

NIGHT = date(2026, 11, 3)


def told(exchange: Any) -> dict[str, str | None]:
    exchange.derive(NIGHT)
    (row,) = (row for due in due_rows(exchange.warehouse, exchange.config, exchange.roster, NIGHT) for row in due.delta)
    return {name.removeprefix("pof_"): value for name, value in row.items() if name.startswith("pof_") and value}


def test_what_a_referrer_and_a_delegating_plan_name_both_reach_the_provider(exchange: Any, person: Any) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01", ji=True))
    exchange.referred("2026-11-02", person(1), pof_homelessness="Y", pof_ccs="N")
    exchange.mif(
        exchange.file("2026-11-02", kind="mif", source="delegate"), person(1), pof_smi_sud="Y", pof_homelessness="N"
    )
    assert told(exchange) == {"justice_involved": "Y", "homelessness": "Y", "smi_sud": "Y", "ccs": "N"}


def test_what_was_told_under_a_merged_cin_counts_for_the_person(exchange: Any, person: Any) -> None:
    exchange.seen("2026-11-01", person(2), exchange.coverage("2026-11", "05", ji=True), last_name="Quillon")
    exchange.referred("2026-11-01", person(2), last_name="Quillon", first_name="Ardith", pof_homelessness="Y")
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01"), last_name="Quillon", sequence=2)
    exchange.derive(NIGHT)
    exchange.warehouse.run(
        """INSERT INTO facts.cin_merges
           VALUES ('m', 1, DATE '2026-11-02', 'MERGE', $old, $new, 'one person', 'liaison')""",
        {"old": person(2), "new": person(1)},
    )
    assert told(exchange)["homelessness"] == "Y"
