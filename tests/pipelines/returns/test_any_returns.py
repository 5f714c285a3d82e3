"""Whatever providers return, in whatever order it arrives: the reports are those of a plain reading, file by file."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.returns import derive_reports

VALUES = ("phone", "address", "ecm_status", "last_encounter_date", "reauthorization_request")
ROW = st.fixed_dictionaries(
    {
        "person": st.integers(1, 2),
        "phone": st.sampled_from([None, "5595550101", "5595550102"]),
        "address": st.sampled_from([None, "1 Elm Way", "2 Oak Way"]),
        "city": st.sampled_from([None, "Fresno", "Clovis"]),
        "ecm_status": st.sampled_from([None, "Enrolled", "Declined", "purple"]),
        "last_encounter_date": st.sampled_from([None, date(2026, 1, 4), date(2026, 1, 9)]),
        "reauthorization_request": st.sampled_from([None, "Y", "N"]),
        "attempt": st.sampled_from([None, ("PHONE", None, "Y"), ("PHONE", "10:00", "N"), ("MAIL", None, "Y")]),
    }
)
FILE = st.tuples(st.integers(1, 2), st.lists(ROW, min_size=1, max_size=3))
TABLES = ("provider_reports", "contact_attempts", "care_days")


def arrive(exchange: Any, npi_of: Any, person: Any, number: int, file: tuple[int, list[dict[str, Any]]]) -> None:
    provider, rows = file
    received = exchange.file(date(2026, 1, 10 + number), kind="rtf", name=f"rtf-{number}")
    for row_no, row in enumerate(rows, start=1):
        exchange.rows = number * 10 + row_no
        told = {name: value for name, value in row.items() if name not in ("person", "attempt")}
        exchange.returned(received, person(row["person"]), npi_of(provider), **told)
        if row["attempt"]:
            method, time, reached = row["attempt"]
            columns = {"attempt_method": method, "attempt_time": time, "attempt_successful": reached}
            exchange.attempted(received, person(row["person"]), npi_of(provider), "2026-01-08", **columns)


def plainly(
    files: list[tuple[int, list[dict[str, Any]]]], npi_of: Any, person: Any
) -> dict[tuple[str, str], dict[str, Any]]:
    """Read the files one after the other, each value over the one before unless it is blank."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for provider, rows in files:
        for row in rows:
            known = found.setdefault((person(row["person"]), npi_of(provider)), dict.fromkeys(VALUES))
            known |= {name: row[name] for name in VALUES if row[name] is not None}
    return found


@settings(max_examples=15, deadline=None)
@given(files=st.lists(FILE, min_size=1, max_size=5), order=st.randoms(use_true_random=False), merged=st.booleans())
def test_any_returns_in_any_order_are_read_as_one_after_the_other(
    a_exchange: Any, person: Any, npi_of: Any, files: list[Any], order: Any, merged: Any
) -> None:
    exchange, ends = a_exchange, []
    for shuffled in (False, True):
        exchange.clear()
        arrivals = list(enumerate(files))
        if shuffled:
            order.shuffle(arrivals)
        for number, file in arrivals:
            arrive(exchange, npi_of, person, number, file)
        if merged:
            exchange.warehouse.run(
                "INSERT INTO exchange.cin_aliases VALUES ($alias, $cin, DATE '2026-03-01', 'LIAISON')",
                {"alias": person(2), "cin": person(1)},
            )
        derive_reports(exchange.warehouse)
        ends.append({table: exchange.all(f"exchange.{table}") for table in TABLES})
    assert ends[0] == ends[1]
    reports = {(row["cin"], row["npi"]): {name: row[name] for name in VALUES} for row in ends[0]["provider_reports"]}
    assert reports == plainly(files, npi_of, lambda number: person(1 if merged else number))
    together = {(row["address"], row["city"]) for _, rows in files for row in rows}
    beside = {(row["address"], row["city"]) for row in ends[0]["provider_reports"] if row["address"] and row["city"]}
    assert beside <= together, "no city stands beside a street that it was not told with"
