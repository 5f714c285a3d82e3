"""`ecm-exchange alerts`, and a night that is refused before it begins, on a plan without any night."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import read_config
from pipelines.doctor.alerts import examine_alerts
from pipelines.runs import begin
from pipelines.warehouse import open_warehouse
from sample_data import generate
from tests.pipelines.alerts.receivers import Mailbox

Command = Callable[..., Any]
ALERTS = '\n[[alerts]]\nto = "ON_CALL"\nby = "00:00"\n\n[[alerts]]\nto = "ECM_UNSET"\n'


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """The configuration of a plan that has two addresses, one of which nobody has set."""
    generate(tmp_path, members=1, days=1)
    path = tmp_path / "exchange.toml"
    path.write_text(path.read_text(encoding="utf-8") + ALERTS, encoding="utf-8")
    (tmp_path / "home").mkdir()
    return path


@pytest.fixture
def on_call(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        monkeypatch.setenv("ON_CALL", mailbox.address)
        yield mailbox


def test_every_address_can_be_tried(command: Command, plan: Path, on_call: Mailbox) -> None:
    told = command("alerts", "test", "--config", plan, "--json")
    assert told.code == 1
    assert json.loads(told.out) == [
        {"to": "ON_CALL", "code": "", "status": 0}, {"to": "ECM_UNSET", "code": "Y01", "status": 0},
    ]  # fmt: skip
    assert on_call.subjects == ["SHP: a trial, nothing is wrong"]


def test_a_look_tells_of_a_night_that_is_missing(command: Command, plan: Path, on_call: Mailbox) -> None:
    told = command("alerts", "check", "--config", plan)
    assert (told.code, told.out) == (1, "")
    assert "the night has not begun (Y11)" in told.err
    assert len(on_call.raw) == 1


def test_a_look_works_and_a_night_is_told_as_refused_where_the_configuration_is_wrong(
    command: Command, plan: Path, on_call: Mailbox
) -> None:
    plan.write_text(plan.read_text(encoding="utf-8").replace("[safety]", "[safety]\nmax_grwth = 5.0"), encoding="utf-8")
    told = command("run", "--date", "2026-11-03", "--config", plan)
    assert told.code == 78
    assert "alerts to ECM_UNSET" in " ".join(told.err.split())
    assert command("alerts", "check", "--config", plan).code == 1
    assert on_call.subjects[0] == "SHP: the night of 2026-11-03 did not begin (C03)"
    assert "did you mean `max_growth`?" in " ".join(on_call.mails[0].get_content().split())
    assert on_call.subjects[1].endswith("is not there (Y11)")


@pytest.mark.parametrize(
    ("at_work", "told"), [("2026-11-03", []), ("2026-11-02", ["SHP: the night of 2026-11-03 did not begin (L01)"])]
)
def test_a_second_run_of_a_night_that_is_at_work_wakes_nobody_and_one_that_another_night_keeps_waiting_does(
    command: Command, plan: Path, on_call: Mailbox, at_work: str, told: list[str]
) -> None:
    with open_warehouse(plan.parent / "home") as warehouse:
        begin(warehouse, date.fromisoformat(at_work))
        assert command("run", "--date", "2026-11-03", "--config", plan).code == 75
    assert on_call.subjects == told


def test_an_address_in_place_of_its_variable_is_refused_and_not_repeated(command: Command, plan: Path) -> None:
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace('"ON_CALL"', '"mailto://somebody:hunter2@mail.example"'), encoding="utf-8")
    told = command("alerts", "test", "--config", plan)
    assert told.code == 78
    assert "name an environment variable" in " ".join(told.err.split())
    assert f"line {text[: text.index('ON_CALL')].count(chr(10)) + 1}" in told.err
    assert "hunter2" not in told.err + told.out


def test_the_doctor_says_who_would_not_be_told(plan: Path, on_call: Mailbox) -> None:
    config = read_config(plan)
    found = list(examine_alerts(config, {"PATH": "", "ON_CALL": on_call.address}))
    assert [(each.subject, each.name) for each in found] == [
        ("alerts to ON_CALL", "fine"), ("alerts to ECM_UNSET", "alert-unusable"),
    ]  # fmt: skip
    nobody = config.model_copy(update={"alerts": ()})
    silent = ["nobody-told-of-stops", "nobody-told-of-silence"]
    assert [each.name for each in examine_alerts(nobody, {})] == silent
    assert on_call.raw == []
