"""Two senders tell of the same people in their own dialects: the facts and the benefit months are the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from parsers.x12.profile_files import PROFILE_FOLDER
from pipelines.config import Source
from pipelines.enrollment import apply_enrollment
from sample_data.enrollment_834 import enrollment_file
from sample_data.enrollment_delegated import delegated_file
from sample_data.people import Statement
from sample_data.roster import nights

DAY = date(2026, 10, 28)
CHANGES = "DHCS834-DA-20261028-SHP-010-001.dat"
MEMBERS = """
    SELECT cin, last_name, first_name, middle_name, birth_date, gender, race, language, phone, address_1, city, state,
           zip, county, county_code, aid_code, case_number, reporting_month, death_date, ref_0f, mailing_address_1,
           mailing_city, mailing_zip, maintenance_type, employment_status
    FROM facts.enrollment_members JOIN ledger.files USING (file_id) WHERE source = $source ORDER BY cin
"""
COVERAGE = """
    SELECT cin, hcp_code, hcp_status, benefit_month, maintenance_type, insurance_line, aid_code, esc
    FROM facts.enrollment_coverage JOIN ledger.files USING (file_id) WHERE source = $source ORDER BY cin, benefit_month
"""
MONTHS = """
    SELECT cin, hcp_code, hcp_status, benefit_month, coverage_class, aid_code
    FROM classified_coverage JOIN ledger.files USING (file_id)
    WHERE source = $source AND benefit_month <= file_date ORDER BY cin, benefit_month
"""


@pytest.fixture(scope="module")
def statements() -> tuple[Statement, ...]:
    (night,) = nights([DAY], 60, 1)
    assert night.full is not None
    return night.full


def listen_to(plan: Any, layout: str, **settings: Any) -> None:
    """Let a delegating plan be a source, in a dialect."""
    known = plan.config.sources[0].model_dump()
    source = Source.model_validate(known | {"name": "orchard", "layout": layout, "pattern": "ORCHARD*"} | settings)
    plan.config = plan.config.model_copy(update={"sources": (*plan.config.sources, source)})


def both(plan: Any, query: str) -> tuple[list[Any], list[Any]]:
    ours, theirs = (plan.warehouse.rows(query, {"source": source}) for source in ("dhcs", "orchard"))
    return ours, theirs


def receive(plan: Any, statements: tuple[Statement, ...]) -> None:
    plan.receive("dhcs", CHANGES, enrollment_file(CHANGES.removesuffix(".dat"), DAY, 901, statements))
    plan.receive("orchard", "ORCHARD-20261028-001.dat", delegated_file("ORCHARD", DAY, 902, statements))
    plan.load()
    assert [row[:2] for row in plan.files("status, rows_loaded")] == [("ACCEPTED", len(statements))] * 2


def test_one_set_for_each_member_loads_into_the_same_facts(plan: Any, statements: tuple[Statement, ...]) -> None:
    listen_to(plan, "delegated")
    of_this_month = tuple(Statement(member, 1) for member, _ in statements)
    receive(plan, of_this_month)
    for query in (MEMBERS, COVERAGE):
        ours, theirs = both(plan, query)
        assert len(ours) == len(statements) > 50
        assert ours == theirs


def test_spans_of_months_come_to_the_same_benefit_months(plan: Any, statements: tuple[Statement, ...]) -> None:
    listen_to(plan, "delegated")
    receive(plan, statements)
    apply_enrollment(plan.warehouse, plan.config)
    ours, theirs = both(plan, MONTHS)
    assert ours == theirs
    facts, spans = both(plan, COVERAGE)
    assert len(spans) < len(facts) == len(ours)


def test_a_plan_s_own_dialect_is_a_file_beside_its_configuration(
    plan: Any, statements: tuple[Statement, ...], tmp_path: Path
) -> None:
    text = (PROFILE_FOLDER / "delegated.toml").read_text(encoding="utf-8")
    place = 'case_number = { at = "2000/REF*3H/02" }'
    assert place in text
    own = tmp_path / "orchard.toml"
    own.write_text(text.replace(place, 'case_number = { at = "2000/REF*3H/02", chars = "3-" }'), encoding="utf-8")
    listen_to(plan, str(own))
    receive(plan, statements)
    cases = "SELECT case_number FROM facts.enrollment_members JOIN ledger.files USING (file_id) WHERE source = $source"
    ours, theirs = both(plan, f"{cases} ORDER BY cin")
    assert theirs == [(case[2:],) for (case,) in ours]


def test_the_source_s_settings_say_where_the_cin_stands(plan: Any, statements: tuple[Statement, ...]) -> None:
    listen_to(plan, "delegated", cin_field="2000/REF*1L/02")
    plan.receive("orchard", "ORCHARD-20261028-001.dat", delegated_file("ORCHARD", DAY, 902, statements))
    plan.load()
    assert plan.files("status, reason") == [("HELD", "F13")], "REF*1L holds the group"
