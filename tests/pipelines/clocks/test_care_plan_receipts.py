"""The reentry care plan has arrived once the plan and the provider after release both have it (R14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

Night = Callable[..., dict[int, dict[str, Any]]]
PLAN_HAS = {"receipt_id": "PLAN"}


@pytest.fixture
def to_provider(npi_of: Any) -> dict[str, str]:
    """What a receipt says of the provider that the rule chooses."""
    return {"receipt_id": "PROVIDER", "received_by": "PROVIDER", "recipient_npi": npi_of(1)}


@pytest.fixture
def care_plans(exchange: Any, person: Callable[[int], str], npi_of: Any, a_provider: Any) -> Night:
    """Function that derives a night and returns the clocks of R14, R12 and R13 of people who left on the 10th."""
    exchange.providers(a_provider(1))

    def clocks(*told: Callable[[str], None], night: str = "2026-11-13") -> dict[int, dict[str, Any]]:
        for number, tell in enumerate(told, start=1):
            cin = person(number)
            exchange.seen("2026-11-02", cin, exchange.coverage("2026-11", "05", ji=True))
            exchange.seen("2026-11-10", cin, exchange.coverage("2026-11", "01", ji=True))
            exchange.noticed("2026-11-10", cin, actual_release_date="2026-11-10", pre_release_cm_npi=npi_of(9))
            tell(cin)
        exchange.derive(night)
        rows = {(row["cin"], row["name"]): row for row in exchange.all("exchange.clocks")}
        names = ("REENTRY_CARE_PLAN", "HANDOFF_AFTER_RELEASE")
        return {n: {name: rows[person(n), name] for name in names} for n in range(1, len(told) + 1)}

    return clocks


def test_both_must_have_the_care_plan_and_the_later_of_the_two_days_counts(
    exchange: Any, care_plans: Night, to_provider: dict[str, str], npi_of: Any
) -> None:
    def receipt(day: str, cin: str, **says: Any) -> None:
        exchange.received(
            day, cin, **{key: f"{value}-{cin}" if key == "receipt_id" else value for key, value in says.items()}
        )

    def sent(cin: str) -> None:
        exchange.noticed("2026-11-11", cin, notice_id=f"sent-{cin}", reentry_care_plan_sent_date="2026-11-11")

    def referred(cin: str) -> None:
        exchange.referred("2026-11-11", cin, reentry_care_plan_received_date="2026-11-11")

    def with_the_providers(plan: Callable[[str], None], day: str = "2026-11-11") -> Callable[[str], None]:
        return lambda cin: (plan(cin), receipt(day, cin, **to_provider))[0]

    told: tuple[tuple[str, Callable[[str], None], tuple[str, date | None]], ...] = (
        ("nobody tells of it", lambda _: None, ("LATE", None)),
        ("the plan alone has it", lambda cin: receipt("2026-11-11", cin, **PLAN_HAS), ("LATE", None)),
        ("the provider alone has it", lambda cin: receipt("2026-11-11", cin, **to_provider), ("LATE", None)),
        ("the facility sent it, and the provider is not heard of", sent, ("LATE", None)),
        ("a referral brought it to the plan alone", referred, ("LATE", None)),
        ("both have it", with_the_providers(lambda cin: receipt("2026-11-10", cin, **PLAN_HAS)),
         ("MET", date(2026, 11, 11))),
        ("the provider has it a day later", with_the_providers(sent, "2026-11-12"), ("LATE", date(2026, 11, 12))),
        ("sent by the facility, and received by the provider", with_the_providers(sent), ("MET", date(2026, 11, 11))),
        ("brought by a referral, and received by the provider", with_the_providers(referred),
         ("MET", date(2026, 11, 11))),
        ("another provider has it",
         lambda cin: (sent(cin), receipt("2026-11-11", cin, **to_provider | {"recipient_npi": npi_of(8)}))[0],
         ("LATE", None)),
    )  # fmt: skip
    found = care_plans(*(tell for _, tell, _ in told))
    outcomes = [found[number]["REENTRY_CARE_PLAN"] for number in range(1, len(told) + 1)]
    assert [(name, (c["status"], c["met_on"])) for (name, *_), c in zip(told, outcomes, strict=True)] == [
        (name, outcome) for name, _, outcome in told
    ]


def test_what_is_taken_back_or_moved_to_another_person_has_not_arrived(
    exchange: Any, person: Callable[[int], str], care_plans: Night, to_provider: dict[str, str]
) -> None:
    def both(cin: str) -> None:
        exchange.received("2026-11-11", cin, **to_provider | {"receipt_id": f"P-{cin}"})
        exchange.noticed("2026-11-11", cin, notice_id=f"sent-{cin}", reentry_care_plan_sent_date="2026-11-11")

    def receipt_voided(cin: str) -> None:
        both(cin)
        exchange.received("2026-11-12", cin, **to_provider | {"receipt_id": f"P-{cin}", "record_action": "VOID"})

    def receipt_voided_and_told_anew(cin: str) -> None:
        receipt_voided(cin)
        exchange.received("2026-11-13", cin, **to_provider | {"receipt_id": f"P-{cin}"})

    def notice_voided(cin: str) -> None:
        both(cin)
        exchange.noticed("2026-11-12", cin, notice_id=f"sent-{cin}", record_action="VOID")

    def receipt_moved(cin: str) -> None:
        both(cin)
        exchange.received("2026-11-12", person(6), **to_provider | {"receipt_id": f"P-{cin}"})

    def corrected_to_the_plans_copy(cin: str) -> None:
        both(cin)
        exchange.received("2026-11-12", cin, receipt_id=f"P-{cin}")

    told = (both, receipt_voided, receipt_voided_and_told_anew, notice_voided, receipt_moved, lambda _: None,
            corrected_to_the_plans_copy)  # fmt: skip
    found = care_plans(*told)
    assert [found[n]["REENTRY_CARE_PLAN"]["status"] for n in found] == [
        "MET", "LATE", "LATE", "LATE", "LATE", "LATE", "LATE",
    ]  # fmt: skip
    assert found[3]["REENTRY_CARE_PLAN"]["met_on"] == date(2026, 11, 13)


def test_a_referral_that_was_taken_back_brought_no_care_plan(
    exchange: Any, care_plans: Night, to_provider: dict[str, str]
) -> None:
    def voided(cin: str) -> None:
        exchange.received("2026-11-11", cin, **to_provider)
        exchange.referred("2026-11-11", cin, reentry_care_plan_received_date="2026-11-11")
        exchange.referred("2026-11-12", cin, record_action="VOID")

    assert care_plans(voided)[1]["REENTRY_CARE_PLAN"]["met_on"] is None


def test_a_receipt_that_tells_the_hand_off_meets_its_clock_until_it_is_voided(
    exchange: Any, person: Callable[[int], str], care_plans: Night, to_provider: dict[str, str], npi_of: Any
) -> None:
    says = to_provider | {"warm_handoff_date": "2026-11-12"}
    to_another = says | {"recipient_npi": npi_of(8)}
    found = care_plans(
        lambda cin: exchange.received("2026-11-12", cin, **says | {"receipt_id": "H1"}),
        lambda cin: exchange.received("2026-11-12", cin, **to_another | {"receipt_id": "H2"}),
    )
    clock = found[1]["HANDOFF_AFTER_RELEASE"]
    assert (clock["status"], clock["met_on"]) == ("MET", date(2026, 11, 12))
    assert clock["met_by"].startswith(f"handoff:receipts-2026-11-12-{person(1)}")
    assert found[2]["HANDOFF_AFTER_RELEASE"]["met_on"] is None, "another provider took part"
    exchange.received("2026-11-13", person(1), **says | {"receipt_id": "H1", "record_action": "VOID"})
    exchange.derive("2026-11-13")
    clocks = {row["name"]: row for row in exchange.all("exchange.clocks", person(1))}
    assert clocks["HANDOFF_AFTER_RELEASE"]["status"] == "OPEN"


def test_a_hand_off_before_the_release_that_a_receipt_tells_leaves_no_care_plan_to_wait_for(
    exchange: Any, care_plans: Night, to_provider: dict[str, str]
) -> None:
    def handed_off(cin: str) -> None:
        dates = {"warm_handoff_date": "2026-11-06", "reentry_care_plan_received_date": "2026-11-06"}
        exchange.received("2026-11-06", cin, **to_provider | dates)

    found = care_plans(handed_off)[1]
    assert [found[name]["status"] for name in ("HANDOFF_AFTER_RELEASE", "REENTRY_CARE_PLAN")] == ["MET", "VOID"]


def test_a_receipt_alone_makes_nobody_justice_involved(exchange: Any, person: Callable[[int], str]) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01"))
    exchange.received("2026-11-05", person(1))
    exchange.derive("2026-11-06")
    assert exchange.one("exchange.identities", person(1))["kind"] == "care_plan_receipt"
    assert exchange.episodes(person(1)) == []
