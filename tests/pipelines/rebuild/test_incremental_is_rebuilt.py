"""Whatever came in whatever order, night after night: what stands is what follows from the facts at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.derivation import DERIVATION
from pipelines.nightly import Night
from pipelines.rebuild import rebuild

FIRST = date(2026, 9, 28)
STATUSES = {"active": ["01"], "hold": ["05"], "terminated": ["00"], "not_covered": ["59"]}
LOCATORS = [
    {"name": "aid code", "segment": "2300/REF*CE", "slots": [3], "equals": "JX", "months": "current"},
    {"name": "category", "segment": "2750/N1*75", "equals": "JI", "date": {"segment": "2750/DTP*007"}},
    {"name": "capitated", "segment": "2300/REF*RB", "slots": [2], "equals": "JI"},
]

NIGHTS = [FIRST + timedelta(days=days) for days in (0, 3, 9)]

SEEN = st.fixed_dictionaries(
    {
        "person": st.integers(1, 3),
        "night": st.integers(0, 2),
        "days_before": st.integers(0, 12),
        "scope": st.sampled_from(["DAILY", "DAILY", "FULL"]),
        "month": st.sampled_from(["2026-08", "2026-09", "2026-10"]),
        "status": st.sampled_from(["01", "05", "00", "59", "77"]),
        "aid_code": st.booleans(),
        "category": st.sampled_from([None, "JI", "AGE"]),
        "capitated": st.sampled_from([None, "60", "60;JI"]),
    }
)
REFERRED = st.fixed_dictionaries({"person": st.integers(1, 4), "night": st.integers(0, 2)})
RETURNED = st.fixed_dictionaries(
    {
        "person": st.integers(1, 3),
        "provider": st.integers(1, 2),
        "night": st.integers(1, 2),
        "reached": st.sampled_from(["Y", "N"]),
        "phone": st.sampled_from([None, "5595550101", "5595550102"]),
        "ecm_status": st.sampled_from([None, "Enrolled", "Declined"]),
    }
)


def arrive(exchange: Any, number: int, seen: dict[str, Any], cin: str) -> None:
    dated = NIGHTS[seen["night"]] - timedelta(days=seen["days_before"])
    file = exchange.file(dated, number + 1, seen["scope"])
    month = exchange.coverage(seen["month"], seen["status"], ji=seen["aid_code"], ref_rb=seen["capitated"])
    reporting = [{"category": seen["category"], "date": dated}] if seen["category"] else []
    exchange.member(file, cin, [month], reporting)


def come_back(exchange: Any, number: int, told: dict[str, Any], cin: str, npi: str) -> None:
    on = NIGHTS[told["night"]] - timedelta(days=1)
    file = exchange.file(on, number + 1, kind="rtf")
    exchange.attempted(file, cin, npi, on, attempt_successful=told["reached"])
    exchange.returned(file, cin, npi, phone=told["phone"], ecm_status=told["ecm_status"], last_encounter_date=on)


@settings(max_examples=4, deadline=None)
@given(
    history=st.lists(SEEN, max_size=8),
    referrals=st.lists(REFERRED, max_size=2),
    returns=st.lists(RETURNED, max_size=4),
    locators=st.integers(1, 3),
)
def test_a_rebuild_of_any_history_of_nights_finds_nothing_that_differs(
    a_exchange: Any,
    person: Any,
    npi_of: Any,
    history: list[dict[str, Any]],
    referrals: list[dict[str, Any]],
    returns: list[dict[str, Any]],
    locators: int,
) -> None:
    exchange = a_exchange
    exchange.clear()
    exchange.configure(justice_involved={"locators": LOCATORS[:locators], "hcp_status": STATUSES})
    for night, on in enumerate(NIGHTS):
        for number, seen in enumerate(history):
            if seen["night"] == night:
                arrive(exchange, number, seen, person(seen["person"]))
        for number, referral in enumerate(referrals):
            if referral["night"] == night:
                exchange.referred(on, person(referral["person"]), number + 1)
        for number, told in enumerate(returns):
            if told["night"] == night:
                come_back(exchange, number, told, person(told["person"]), npi_of(told["provider"]))
        exchange.warehouse.run("INSERT INTO ledger.runs VALUES ('r', $on, 1, 'FINISHED', 0)", {"on": on})
        for step in DERIVATION:
            step(Night(exchange.warehouse, exchange.config, exchange.roster, on))
    found = rebuild(exchange.warehouse, exchange.config, exchange.roster, apply=False)
    assert {table.table: table for table in found.tables if table.differs} == {}
    assert (found.policies, found.members) == ((), ())
