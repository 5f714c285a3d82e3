"""One page on a member: every line says by which rule, and the page holds together whichever CIN is asked for."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from pipelines.directory import update_directory
from pipelines.explain import Explanation, explain
from pipelines.identity.merges import merge
from pipelines.needs import derive_needs
from pipelines.work_lists import derive_work_items
from schemas.problems import ExchangeError
from schemas.rules import RULES

NIGHT = date(2026, 11, 5)


@pytest.fixture
def page(exchange: Any, person: Any) -> Explanation:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.referred("2026-11-03", person(1), preferred_ecm_provider_npi=exchange.roster.providers[1].npi)
    exchange.noticed("2026-11-03", person(1), actual_release_date=date(2026, 11, 3), transportation_needed="Y")
    exchange.received("2026-11-04", person(1), transportation_arranged="Y")
    exchange.derive(NIGHT)
    derive_needs(exchange.warehouse, exchange.config.needs, NIGHT)
    update_directory(exchange.warehouse, exchange.config, exchange.roster, NIGHT)
    derive_work_items(exchange.warehouse, exchange.config.work_lists, exchange.config.reports, NIGHT)
    return explain(exchange.warehouse, person(1))


def lines(page: Explanation, name: str) -> list[dict[str, Any]]:
    return page.as_dict().get(name, [])


def test_every_line_of_the_page_names_a_rule_and_the_page_says_what_it_is(page: Explanation) -> None:
    named = {rule.id for rule in page.rules}
    for section in page.sections:
        assert "rule" in section.columns, section.name
        assert all(row[section.columns.index("rule")] for row in section.rows), section.name
    assert {"R1", "R3", "R8", "R31"} <= named <= set(RULES)


def test_the_facts_stand_in_the_order_of_their_days_with_file_and_place(page: Explanation) -> None:
    facts = lines(page, "facts")
    assert [fact["what"] for fact in facts] == [
        "834",
        "JI indicator",
        "referral",
        "release notice",
        "care plan receipt",
    ]
    assert [fact["date"] for fact in facts] == sorted(fact["date"] for fact in facts)
    assert all(fact["place"] for fact in facts)


def test_each_event_and_the_state_after_it_can_be_followed(page: Explanation) -> None:
    steps = lines(page, "states")
    assert steps[0]["from"] == "UNSEEN"
    assert [step["from"] for step in steps[1:]] == [step["to"] for step in steps[:-1]]


def test_what_is_needed_at_the_release_and_who_had_the_last_word_is_told(page: Explanation) -> None:
    needs = {line["need"]: (line["rule"], line["status"], bool(line["place"])) for line in lines(page, "needs")}
    assert needs["TRANSPORTATION"] == ("R27", "ARRANGED", True)
    assert needs["APPOINTMENTS"] == ("R29", "UNKNOWN", False)


def test_where_sources_disagree_is_told(page: Explanation) -> None:
    assert lines(page, "contradictions")


def test_the_choice_of_the_provider_names_who_was_passed_over(page: Explanation, npi_of: Any) -> None:
    outcomes = {line["npi"]: line["outcome"] for line in lines(page, "candidates") if line["npi"]}
    chosen = lines(page, "assignments")[0]["npi"]
    assert outcomes[chosen] == "CHOSEN"
    assert chosen == npi_of(2)


def test_what_a_provider_reports_stands_on_the_page_with_what_it_counts_for(exchange: Any, person: Any) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01", ji=True))
    exchange.derive("2026-11-02")
    npi = exchange.open_assignment(person(1))["npi"]
    file = exchange.file("2026-11-05", kind="rtf")
    exchange.attempted(file, person(1), npi, "2026-11-03", contact_outcome="no answer")
    exchange.attempted(file, person(1), npi, "2026-11-04", attempt_method="IN_PERSON", attempt_successful="Y")
    exchange.attempted(file, person(1), npi, "2026-11-01", attempt_successful="Y")
    told = {"ecm_status": "Enrolled", "ecm_benefit_start": date(2026, 11, 4), "assessment_date": date(2026, 11, 4)}
    exchange.returned(file, person(1), npi, referral_status="Accepted", phone="5595550199", **told)
    exchange.derive(NIGHT)
    page = explain(exchange.warehouse, person(1))
    assert [fact["what"] for fact in lines(page, "facts")][-4:] == ["OTF", "OTF", "OTF", "RTF"]
    assert {(each["what"], each["says"], each["rule"]) for each in lines(page, "reports")} == {
        ("ECM status", "Enrolled, taken for served", "R17"), ("ECM benefit", "from 2026-11-04", "R6"),
        ("phone", "(559) 555-0199", "R10"), ("referral", "Accepted", "R33"),
    }  # fmt: skip
    contacts = lines(page, "contacts")
    assert [(each["date"][-2:], each["what"], each["says"], each["counts"]) for each in contacts] == [
        ("01", "phone", "reached", "for no clock: not assigned to this provider on that day"),
        ("03", "phone", "in vain, no answer", "for no clock"),
        ("04", "assessment", None, "for no clock"),
        ("04", "in person", "reached", "FIRST_CONTACT_BUSINESS, FIRST_CONTACT_CALENDAR"),
    ]
    assert all(each["rule"] and each["place"] for each in contacts)
    (authorization,) = lines(page, "authorizations")
    assert authorization["first_service"] is None, "what a provider reports moves no date of the plan's own (R6)"
    assert authorization["first_service_reported"] == f"2026-11-04 ({npi})"


def test_the_page_can_be_read_by_a_machine(page: Explanation, person: Any) -> None:
    read = json.loads(json.dumps(page.as_dict(), default=str))
    assert (read["cin"], read["also_known_as"]) == (person(1), [])


def test_a_merged_cin_shows_the_page_of_the_person(exchange: Any, person: Any) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.seen("2026-11-03", person(2), exchange.coverage("2026-11", "05"), sequence=2)
    exchange.derive(NIGHT)
    merge(exchange.warehouse, person(1), person(2), on=NIGHT, reason="the same person", decided_by="liaison")
    exchange.derive(NIGHT)
    pages = [explain(exchange.warehouse, known) for known in (person(1), person(2))]
    assert pages[0] == pages[1]
    assert (pages[0].cin, pages[0].also_known_as) == (person(2), (person(1),))
    assert "CINs merged" in [fact["what"] for fact in lines(pages[0], "facts")]


def test_a_cin_of_which_no_fact_speaks_is_refused(exchange: Any) -> None:
    with pytest.raises(ExchangeError, match="no fact speaks of this CIN"):
        explain(exchange.warehouse, "99999999B")
