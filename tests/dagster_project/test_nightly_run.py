"""A whole night materialized for real: invented partners, real sFTP, real warehouse; and nights that must stop.

The tests of this module share one home and one event store, which the last ones search for what must never be there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from dagster_project.definitions import assemble
from dagster_project.partitions import BUSINESS_DATES
from dagster_project.resources import ExchangeHome
from dagster_project.station import station_assets, table
from pipelines.checks import CHECKS
from pipelines.delivery.outbox import OutboxFile, store
from pipelines.nightly import STATIONS, Counts, Night
from pipelines.runs import note_problems, unfinished
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.lock import run_lock
from sample_data import canaries
from tests.dagster_project.test_definitions import BLOCKING_CHECKS, EXTERNAL, GRAPH, TELLING_CHECKS

Run = Callable[..., dg.ExecuteInProcessResult]
RUNS = "SELECT list(status ORDER BY attempt) FROM ledger.runs"
AFTER_REFERRALS = {function.__name__ for _, function in STATIONS[4:]}


def failures(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    """The failed steps, each with the code a person is told, or the event's data where none is."""
    data = {e.step_key: e.event_specific_data for e in result.all_events if e.is_step_failure}
    return {
        str(step): told.user_failure_data.metadata["code"].value if told.user_failure_data else told
        for step, told in data.items()
    }


def steps_done(result: dg.ExecuteInProcessResult) -> list[str]:
    return [str(event.step_key) for event in result.all_events if event.is_step_success]


@pytest.fixture(scope="module")
def first_night(plan: Any, instance: dg.DagsterInstance, run: Run) -> Iterator[dg.ExecuteInProcessResult]:
    umask = os.umask(0o022)
    plan.partners_leave_files(plan.dates[0])
    yield run(plan.resource(), plan.dates[0], instance=instance)
    os.umask(umask)


def test_a_night_goes_through_its_stations_in_their_order(first_night: dg.ExecuteInProcessResult) -> None:
    assert failures(first_night) == {}
    assert steps_done(first_night) == [function.__name__ for _, function in STATIONS]


def test_providers_and_senders_find_their_files(plan: Any, first_night: dg.ExecuteInProcessResult) -> None:
    folders = {path.split("/")[1] for path in plan.delivered()}
    assert folders == {"assignments", "responses"}
    assert len(plan.delivered()) == plan.ask("SELECT count(*) FROM delivery.deliveries") > 10


def test_every_table_tells_its_rows_and_what_shows_whether_it_is_right(
    plan: Any, first_night: dg.ExecuteInProcessResult
) -> None:
    made = {
        e.asset_key.to_user_string(): e.materialization.metadata for e in first_night.get_asset_materialization_events()
    }
    by_a_job_of_its_own = {"facts/reports"}
    assert made.keys() == {key for keys in GRAPH.values() for key in keys} - EXTERNAL - by_a_job_of_its_own
    for key, metadata in made.items():
        rows = plan.count(key.replace("/", "."))
        assert metadata["dagster/row_count"].value == rows, key
        assert sum(isinstance(value, dg.IntMetadataValue) for value in metadata.values()) > 1, key
    clocks = {name: value.value for name, value in made["exchange/clocks"].items()}
    overdue = "SELECT count(*) FROM exchange.clocks WHERE is_target AND status = 'LATE' AND met_on IS NULL"
    assert clocks["overdue"] == plan.ask(overdue) > 0
    assert sum(record.data["overdue"] for record in clocks["by_clock"].records) == clocks["overdue"]


def test_once_all_files_are_read_the_ledger_tells_that_every_row_is_accounted_for(
    plan: Any, first_night: dg.ExecuteInProcessResult
) -> None:
    events = [e for e in first_night.get_asset_materialization_events() if e.asset_key.path == ["ledger", "files"]]
    assert [event.partition for event in events] == [plan.dates[0].isoformat()] * 2
    assert len({event.materialization.tags["dagster/data_version"] for event in events}) == 1
    told = {name: value.value for name, value in events[-1].materialization.metadata.items()}
    assert told["files_received"] > 0
    assert told["rows_in"] == told["rows_loaded"] + told["rows_rejected"] + told["rows_duplicate"] > 0
    assert told["rows_unaccounted"] == 0
    assert sum(record.data["files"] for record in told["files_of_the_night"].records) == plan.ask(
        "SELECT count(*) FROM ledger.files"
    )


def test_no_name_of_a_file_is_told(plan: Any, first_night: dg.ExecuteInProcessResult) -> None:
    told = " ".join(
        repr(event.event_specific_data) for event in first_night.all_events if event.event_specific_data is not None
    )
    names = plan.ask("SELECT list(name) FROM (SELECT name FROM ledger.files UNION SELECT name FROM delivery.outbox)")
    assert "files_of_the_night" in told
    assert [name for name in names if name in told] == []


def test_every_standing_question_is_answered(first_night: dg.ExecuteInProcessResult) -> None:
    answers = {answer.check_name: answer for answer in first_night.get_asset_check_evaluations()}
    assert answers.keys() == {check.name for check in CHECKS}
    for name, answer in answers.items():
        assert answer.passed == (answer.metadata["violations"].value == 0), name
        assert answer.metadata["remedy"].value, name
        assert answer.passed or answer.severity is dg.AssetCheckSeverity.WARN, name


def test_a_question_can_be_asked_again_by_itself_and_nothing_is_done_or_sent(
    plan: Any, first_night: dg.ExecuteInProcessResult
) -> None:
    before = plan.delivered()
    with open_warehouse(plan.home) as warehouse:
        warehouse.run("UPDATE delivery.outbox SET status = 'FAILED' WHERE recipient_kind = 'SOURCE'")
    asked = (
        assemble(plan.resource())
        .resolve_implicit_global_asset_job_def()
        .get_subset(
            asset_selection=set(),
            asset_check_selection={
                dg.AssetCheckKey(dg.AssetKey(asset.split("/")), name)
                for name, asset in {**BLOCKING_CHECKS, **TELLING_CHECKS}.items()
            },
        )
        .execute_in_process(raise_on_error=False)
    )
    with open_warehouse(plan.home) as warehouse:
        warehouse.run("UPDATE delivery.outbox SET status = 'DELIVERED' WHERE recipient_kind = 'SOURCE'")
        assert warehouse.value("SELECT count(*) FROM ledger.runs") == 1
    assert failures(asked) == {}
    assert asked.get_asset_materialization_events() == []
    answers = {answer.check_name: answer.metadata["violations"].value for answer in asked.get_asset_check_evaluations()}
    assert answers.keys() == {check.name for check in CHECKS}
    assert answers["nothing_is_left_undelivered"] > 0
    assert plan.delivered() == before


def test_the_run_is_entered_with_the_problems_of_all_its_stations(
    plan: Any, first_night: dg.ExecuteInProcessResult
) -> None:
    told = first_night.asset_materializations_for_node("publish_copy")[0].metadata["problems"].value
    assert plan.ask("SELECT problems FROM ledger.runs WHERE status = 'FINISHED'") == told


def test_the_run_tells_where_the_page_of_the_night_lies(plan: Any, first_night: dg.ExecuteInProcessResult) -> None:
    told = first_night.asset_materializations_for_node("publish_copy")[0].metadata["page_of_the_night"].value
    assert told == str(plan.home / "reports" / "nightly" / f"{plan.dates[0]}.html")
    assert "Night of" in Path(told).read_text(encoding="utf-8")


def test_the_same_night_again_sends_nothing(plan: Any, first_night: dg.ExecuteInProcessResult, run: Run) -> None:
    before = plan.delivered()
    again = run(plan.resource(), plan.dates[0])
    assert failures(again) == {}
    assert plan.delivered() == before
    stations = again.asset_materializations_for_node("publish_copy")[0].metadata["stations"].value.records
    assert {record.data["station"]: record.data["did"] for record in stations}["deliver"] == "nothing new"


def test_delivering_again_keeps_what_else_the_night_told_a_person_to_look_at(
    plan: Any, first_night: dg.ExecuteInProcessResult, run: Run
) -> None:
    with open_warehouse(plan.home) as warehouse:
        note_problems(
            warehouse, plan.dates[0], ["files are held (1): See the list.", "2916482120: 2 files not delivered (T01)"]
        )
    runs = plan.ask(RUNS)
    again = run(plan.resource(), plan.dates[0], job="redeliver")
    assert failures(again) == {}
    assert again.asset_materializations_for_node("publish_copy")[0].metadata["problems"].value == 1
    assert plan.ask("SELECT list(problem) FROM ledger.problems") == ["files are held (1): See the list."]
    assert plan.ask(RUNS) == runs


def test_a_past_date_is_refused_since_it_would_tell_what_is_overtaken(
    plan: Any, first_night: dg.ExecuteInProcessResult, instance: dg.DagsterInstance, run: Run
) -> None:
    backfilled = run(plan.resource(), date(2026, 10, 27), instance=instance)
    assert failures(backfilled) == {"receive": "K03"}
    assert steps_done(backfilled) == []


def test_a_second_run_says_that_another_one_is_active(
    plan: Any, first_night: dg.ExecuteInProcessResult, instance: dg.DagsterInstance, run: Run
) -> None:
    with run_lock(plan.home):
        second = run(plan.resource(), plan.dates[0], job="redeliver", instance=instance)
    assert failures(second) == {"deliver": "L01"}


def test_a_mistake_in_the_configuration_is_told_by_its_code(
    plan: Any, first_night: dg.ExecuteInProcessResult, instance: dg.DagsterInstance, run: Run, tmp_path: Path
) -> None:
    missing = ExchangeHome(config_file=str(tmp_path / "exchange.toml"))
    assert failures(run(missing, plan.dates[0], job="redeliver", instance=instance)) == {"deliver": "C01"}


def waiting_for_outside(plan: Any, config_file: Path) -> str:
    """Let a file wait for a provider whose server is not on this machine; 192.0.2.0/24 exists in documents only."""
    roster = (plan.exchange.out / "providers.csv").read_text(encoding="utf-8")
    npi = roster.splitlines()[1].split(",")[0]
    lines = [line.replace("127.0.0.1", "192.0.2.1") if line.startswith(npi) else line for line in roster.splitlines()]
    (plan.exchange.out / "providers_outside.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = plan.config_file.read_text(encoding="utf-8").replace("providers.csv", "providers_outside.csv")
    config_file.write_text(config, encoding="utf-8")
    with open_warehouse(plan.home) as warehouse:
        store(warehouse, OutboxFile("PROVIDER", npi, plan.dates[0], 9, "DELTA", 1, "waits.csv", "/assignments", b"", 0))
    return npi


@pytest.fixture
def outside(plan: Any, first_night: dg.ExecuteInProcessResult) -> Iterator[Path]:
    config_file = plan.exchange.out / "outside.toml"
    npi = waiting_for_outside(plan, config_file)
    yield config_file
    with open_warehouse(plan.home) as warehouse:
        warehouse.run("DELETE FROM delivery.outbox WHERE recipient = $npi AND sequence = 9", {"npi": npi})


def test_a_laptop_sends_nothing_to_partners(plan: Any, outside: Path, instance: dg.DagsterInstance, run: Run) -> None:
    before = plan.delivered()
    refused = run(ExchangeHome(config_file=str(outside)), plan.dates[0], job="redeliver", instance=instance)
    assert failures(refused) == {"deliver": "K02"}
    assert steps_done(refused) == []
    assert plan.delivered() == before


@pytest.mark.parametrize(("value", "allowed"), [(None, False), ("0", False), ("1", True)])
def test_delivering_to_partners_is_switched_on_by_the_environment(
    monkeypatch: pytest.MonkeyPatch,
    value: str | None,
    allowed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    if value is not None:
        monkeypatch.setenv("ECM_EXCHANGE_DELIVER", value)
    assert ExchangeHome.from_environment().deliver_to_partners is allowed


@pytest.fixture
def lost_row(plan: Any, first_night: dg.ExecuteInProcessResult) -> Iterator[None]:
    """A ledger in which one row of one file is accounted for by nothing."""
    one = """UPDATE ledger.files SET rows_in = rows_in + $more
             WHERE file_id = (SELECT min(file_id) FROM ledger.files WHERE status LIKE 'ACCEPTED%')"""
    with open_warehouse(plan.home) as warehouse:
        warehouse.run(one, {"more": 1})
    yield
    with open_warehouse(plan.home) as warehouse:
        warehouse.run(one, {"more": -1})


@pytest.mark.usefixtures("lost_row")
def test_a_row_that_is_not_accounted_for_stops_the_night_before_anything_is_decided(
    plan: Any, instance: dg.DagsterInstance, run: Run
) -> None:
    stopped = run(plan.resource(), plan.dates[0], instance=instance)
    assert list(failures(stopped)) == ["load_referrals"]
    assert not AFTER_REFERRALS & set(steps_done(stopped))
    broken = [a for a in stopped.get_asset_check_evaluations() if not a.passed and a.severity.value == "ERROR"]
    assert [(a.check_name, a.metadata["violations"].value) for a in broken] == [("every_file_balances", 1)]
    assert_that_a_redelivery_sends_nothing_of_it(plan, instance, run)


@pytest.mark.usefixtures("lost_row")
def test_it_stops_there_too_where_only_other_tables_of_that_station_were_asked_for(
    plan: Any, instance: dg.DagsterInstance
) -> None:
    of_the_night = {key for keys in GRAPH.values() for key in keys} - EXTERNAL - {"facts/reports"}
    asked = [dg.AssetKey(key.split("/")) for key in of_the_night - {"facts/referrals"}]
    stopped = (
        assemble(plan.resource())
        .resolve_job_def("nightly_exchange")
        .execute_in_process(
            partition_key=plan.dates[0].isoformat(), instance=instance, asset_selection=asked, raise_on_error=False
        )
    )
    assert failures(stopped) == {"load_referrals": "K01"}
    assert not AFTER_REFERRALS & set(steps_done(stopped))


def assert_that_a_redelivery_sends_nothing_of_it(plan: Any, instance: dg.DagsterInstance, run: Run) -> None:
    """What waits may be what the night was stopped for; and a night that broke off is not finished by sending."""
    delivered = plan.delivered()
    with open_warehouse(plan.home) as warehouse:
        before = warehouse.value(RUNS)
    assert before[-1] == "STARTED"
    refused = run(plan.resource(), plan.dates[0], job="redeliver", instance=instance)
    assert failures(refused) == {"deliver": "K10"}
    published = (
        assemble(plan.resource())
        .resolve_job_def("redeliver")
        .execute_in_process(
            partition_key=plan.dates[0].isoformat(),
            instance=instance,
            asset_selection=[dg.AssetKey(["ledger", "runs"])],
        )
    )
    assert published.success
    assert (plan.ask(RUNS), plan.delivered()) == (before, delivered)
    assert unfinished(plan.home) is not None


def crash(plan: Any, instance: dg.DagsterInstance, message: str) -> dg.ExecuteInProcessResult:
    def receive(night: Night) -> Counts:
        raise ValueError(f"could not convert {message!r}")

    ledger = table("ledger.files", "intake", reads=[], kinds=set(), owner="tests", description="Made to fail.")
    assets = station_assets(receive, ledger)
    return dg.materialize(
        [assets], resources={"exchange": plan.resource()}, partition_key=plan.dates[0].isoformat(),
        instance=instance, raise_on_error=False,
    )  # fmt: skip


def test_a_defect_is_told_by_kind_and_place_and_without_what_it_stumbled_over(
    plan: Any, first_night: dg.ExecuteInProcessResult, instance: dg.DagsterInstance
) -> None:
    crashed = crash(plan, instance, next(iter(canaries(plan.exchange))))
    told = next(e for e in crashed.all_events if e.is_step_failure).event_specific_data.user_failure_data
    assert told.metadata["code"].value == "K99"
    assert re.fullmatch(r"ValueError in test_nightly_run.py line \d+", told.metadata["what"].value)


def test_no_member_shows_in_the_event_store_whatever_went_wrong(
    plan: Any, first_night: dg.ExecuteInProcessResult, instance: dg.DagsterInstance, run: Run, capfd: Any
) -> None:
    people = sorted(set(canaries(plan.exchange)))
    crash(plan, instance, people[0])
    run(plan.resource(), date(2026, 10, 27), instance=instance)
    said = capfd.readouterr()
    stored = [path for path in Path(instance.root_directory).rglob("*") if path.is_file()]
    kept = b"".join(path.read_bytes() for path in stored) + (said.out + said.err).encode()
    assert b"every_file_balances" in kept
    assert b"K99" in kept
    assert [person for person in people if person.encode() in kept] == []


def test_what_a_night_writes_is_for_the_plans_user_alone(plan: Any, first_night: dg.ExecuteInProcessResult) -> None:
    open_to_others = [p for p in plan.home.rglob("*") if p.is_file() and p.stat().st_mode & 0o077]
    assert open_to_others == []
    assert BUSINESS_DATES.has_partition_key(plan.dates[0].isoformat())
