"""The report to the state tells what was so on the month's last day, fits its schema, and never changes afterwards."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipelines.config.policy import Reports
from pipelines.reporting.months import MonthRefused
from pipelines.reporting.state_report import ReportUnfit
from schemas.problems import ConfigurationError
from schemas.reports import SCHEMA, TEMPLATE


def of(document: dict[str, Any], cin: str) -> dict[str, Any]:
    (member,) = [each for each in document["members"] if each["cin"] == cin]
    return member


def authorizations(member: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for episode in member["episodes"] for each in episode["authorizations"]]


def inside(plan: Any, cin: str, month: str = "2026-10", on: str = "2026-10-05") -> None:
    plan.exchange.seen(on, cin, plan.exchange.coverage(month, "05", ji=True))


def released(plan: Any, cin: str, on: str, month: str) -> None:
    plan.exchange.seen(on, cin, plan.exchange.coverage(month, "01", ji=True))


def test_the_schema_is_one_of_draft_2020_12() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_the_report_fits_its_schema_and_tells_the_members_of_the_month(plan: Any, person: Any) -> None:
    inside(plan, person(1))
    plan.exchange.seen("2026-10-06", person(2), plan.exchange.coverage("2026-10", "01"), sequence=2)
    plan.night("2026-10-07")
    document = plan.document("2026-10")
    assert [member["cin"] for member in document["members"]] == [person(1)]
    member = of(document, person(1))
    assert (member["state"], member["basis"], member["knownSince"]) == (
        "PENDING_RELEASE", "PRESUMPTIVE_JI_834", "2026-10-05",
    )  # fmt: skip
    assert [(each["kind"], each["source"]) for each in member["indicator"]] == [("834", "special aid code")]
    assert [each["status"] for each in authorizations(member)] == ["PENDING_RELEASE"]
    assert [each["assignedOn"] for each in member["assignments"]] == ["2026-10-07"]
    assert document["totals"] == {"members": 1, "authorizations": 1, "assignments": 1, "providers": 2}


def test_what_comes_later_changes_nothing_in_a_month_that_is_over(plan: Any, person: Any, a_provider: Any) -> None:
    inside(plan, person(1))
    plan.night("2026-10-07")
    before = plan.reported("2026-10", today="2026-11-01")
    released(plan, person(1), "2026-11-04", "2026-11")
    plan.exchange.referred("2026-11-04", person(1), actual_release_date=date(2026, 10, 20))
    plan.exchange.decision(person(1), a_provider(2).npi, "2026-11-04")
    plan.exchange.providers(a_provider(1, name="Renamed"), a_provider(2), a_provider(3))
    plan.night("2026-11-05")
    stands = plan.exchange.state()
    assert plan.reported("2026-10") == before
    assert plan.exchange.state() == stands, "looking back changes nothing"
    now = of(plan.document("2026-11"), person(1))
    assert (now["state"], now["episodes"][0]["releaseDate"]) == ("RELEASED", "2026-10-20")
    assert len(plan.document("2026-11")["providers"]) == 3


def test_a_file_of_the_month_that_came_after_its_last_night_shows_in_the_next(plan: Any, person: Any) -> None:
    inside(plan, person(1))
    plan.night("2026-10-07")
    released(plan, person(1), "2026-10-31", "2026-10")
    plan.night("2026-11-02")
    assert of(plan.document("2026-10"), person(1))["state"] == "PENDING_RELEASE"
    assert of(plan.document("2026-11"), person(1))["state"] == "RELEASED"


def test_an_authorization_that_ran_out_after_the_last_night_is_expired_on_the_last_day(plan: Any, person: Any) -> None:
    released(plan, person(1), "2025-11-15", "2025-11")
    plan.night("2026-10-20")
    assert [(each["end"], each["status"]) for each in authorizations(of(plan.document("2026-10"), person(1)))] == [
        ("2026-10-31", "ACTIVE")
    ]
    plan.night("2026-11-20")
    assert [each["status"] for each in authorizations(of(plan.document("2026-11"), person(1)))] == ["EXPIRED"]


def test_who_left_the_plan_before_the_month_is_not_in_it_nor_are_clocks_of_another(plan: Any, person: Any) -> None:
    released(plan, person(1), "2026-10-05", "2026-10")
    plan.exchange.seen("2026-10-20", person(1), plan.exchange.coverage("2026-10", "00", ji=True))
    plan.night("2026-10-21")
    plan.night("2026-11-03")
    october, november = plan.document("2026-10"), plan.document("2026-11")
    assert of(october, person(1))["state"] == "CLOSED"
    clocks = {each["rule"]: each for each in october["clocks"]}
    assert (clocks["R16"]["due"], clocks["R16"]["void"] + clocks["R16"]["metLate"]) == (1, 1)
    assert (clocks["R9"]["due"], clocks["R9"]["void"]) == (1, 1)
    assert (november["members"], november["clocks"]) == ([], [])


def test_the_order_in_which_files_came_does_not_show(plan: Any, person: Any) -> None:
    steps = (
        lambda: inside(plan, person(1)),
        lambda: plan.exchange.noticed("2026-10-06", person(1), expected_release_date=date(2026, 11, 20)),
        lambda: plan.exchange.referred("2026-10-06", person(1)),
    )
    made = set()
    for order in (steps, steps[::-1]):
        plan.exchange.clear()
        for step in order:
            step()
        plan.night("2026-10-07")
        made.add(plan.reported("2026-10"))
    assert len(made) == 1


def test_a_provider_stands_with_its_ji_attributes(plan: Any, a_provider: Any) -> None:
    plan.exchange.providers(
        a_provider(1, service_scope="HANDOFF_ONLY", ffs_enrolled=True, facility_contracts=("Brindlemoor Jail",)),
        a_provider(2, ji_provider=False),
    )
    plan.night("2026-10-07")
    first, second = sorted(plan.document("2026-10")["providers"], key=lambda each: str(each["name"]))
    assert (first["jiProvider"], first["preReleaseServices"], first["warmHandoff"]) == (True, False, True)
    assert (first["ffsEnrolled"], first["facilityContracts"]) == (True, ["Brindlemoor Jail"])
    assert (second["jiProvider"], second["warmHandoff"], second["ffsEnrolled"]) == (False, False, None)


def test_a_month_that_is_not_over_or_had_no_night_is_refused(plan: Any) -> None:
    plan.night("2026-10-07")
    with pytest.raises(MonthRefused, match="V02"):
        plan.reported("2026-10", today="2026-10-31")
    with pytest.raises(MonthRefused, match="V03"):
        plan.reported("2026-09")


def own(plan: Any, folder: Path, template: Any, schema: Any) -> None:
    """Give the plan a template and a schema of its own."""
    for name, content in (("own.json", template), ("own.schema.json", schema)):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    plan.exchange.config = plan.exchange.config.model_copy(
        update={"reports": Reports(dhcs_template=folder / "own.json", dhcs_schema=folder / "own.schema.json")}
    )


def test_a_plan_may_lay_the_report_out_as_it_likes(plan: Any, person: Any, tmp_path: Path) -> None:
    inside(plan, person(1))
    plan.night("2026-10-07")
    own(
        plan, tmp_path,
        {"Version": "$$2", "ECM_JI": [{"$each": "authorizations", "Client": "$cin", "Of": "$month"}]},
        {"type": "object", "required": ["ECM_JI"]},
    )  # fmt: skip
    assert plan.document("2026-10") == {"Version": "$2", "ECM_JI": [{"Client": person(1), "Of": "2026-10"}]}


def test_a_document_that_does_not_fit_is_told_by_place_and_never_by_value(
    plan: Any, person: Any, tmp_path: Path
) -> None:
    inside(plan, person(1))
    plan.night("2026-10-07")
    template = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    template["members"][0]["birthDate"] = "$last_name"
    own(plan, tmp_path, template, json.loads(SCHEMA.read_text(encoding="utf-8")))
    with pytest.raises(ReportUnfit) as refused:
        plan.reported("2026-10")
    assert "$.members[0].birthDate (anyOf)" in refused.value.what
    assert f"Quillon{person(1)}" not in str(refused.value)


def test_a_schema_that_is_none_is_told(plan: Any, tmp_path: Path) -> None:
    plan.night("2026-10-07")
    own(plan, tmp_path, {}, {"type": "nonsense"})
    with pytest.raises(ConfigurationError, match="C09"):
        plan.reported("2026-10")
