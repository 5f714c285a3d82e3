"""What Dagster shows of a fleet: the graph of a plan, by plan as well, and each plan's own hours."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from dagster_project.fleet.definitions import assemble_fleet
from dagster_project.fleet.home import environment_of_fleet
from dagster_project.fleet.homes import FleetHomes
from dagster_project.partitions import PLAN_TAG
from dagster_project.resources import FLEET_VARIABLE
from schemas.kinds import KINDS
from schemas.problems import ConfigurationError
from tests.dagster_project.fleet.conftest import write_fleet
from tests.dagster_project.test_definitions import BLOCKING_CHECKS, EXTERNAL, GRAPH, TELLING_CHECKS

pytestmark = pytest.mark.filterwarnings("ignore:Non-compliant tag keys")  # Dagster's own tag for a part of a partition

EAST = "VALLEY\ntimezone = 'America/New_York'\nbegins_at = 00:30:00\ndone_by = 06:30:00"
MADE = {key for keys in GRAPH.values() for key in keys} - EXTERNAL


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet of which no plan's configuration is there."""
    return write_fleet(tmp_path_factory.mktemp("fleet"), EAST, "DELTA", "COAST")


@pytest.fixture(scope="module")
def definitions(file: Path) -> dg.Definitions:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FLEET_VARIABLE, str(file))
        return assemble_fleet()


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> AssetGraph:
    return definitions.resolve_asset_graph()


def test_the_graph_is_that_of_one_plan_and_reads_no_plans_configuration(graph: AssetGraph) -> None:
    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}
    inboxes = {f"partner_inbox/{kind}" for kind in KINDS}
    assert keys == MADE | EXTERNAL - {"partner_inbox"} | inboxes | {"plans/VALLEY", "plans/DELTA", "plans/COAST"}
    assert {key.name for key in graph.asset_check_keys} == BLOCKING_CHECKS.keys() | TELLING_CHECKS.keys()


def test_every_table_is_partitioned_by_plan_and_date_and_a_backfill_is_a_run_for_each(graph: AssetGraph) -> None:
    for key in MADE:
        partitions = graph.get(dg.AssetKey(key.split("/"))).partitions_def
        assert isinstance(partitions, dg.MultiPartitionsDefinition), key
        plans = partitions.get_partitions_def_for_dimension("plan").get_partition_keys()
        assert list(plans) == ["VALLEY", "DELTA", "COAST"]
    executable = [assets for assets in graph.assets_defs if assets.is_executable]
    assert {(assets.can_subset, assets.backfill_policy) for assets in executable} == {(True, None), (False, None)}


def test_a_months_report_follows_from_the_nights_of_its_own_plan(graph: AssetGraph) -> None:
    month, nights = dg.AssetKey(["facts", "reports"]), dg.AssetKey(["ledger", "runs"])
    by_month, by_night = graph.get(month).partitions_def, graph.get(nights).partitions_def
    assert by_month is not None
    assert by_night is not None
    with dg.partition_loading_context(effective_dt=datetime(2026, 12, 3, tzinfo=ZoneInfo("America/New_York"))):
        november = by_month.subset_with_partition_keys(["2026-11-01|DELTA"])
        mapping = graph.get_partition_mapping(month, nights)
        mapped = mapping.get_upstream_mapped_partitions_result_for_partitions(november, by_month, by_night)
    read = {str(key) for key in mapped.partitions_subset.get_partition_keys()}
    assert read == {f"{date(2026, 11, day)}|DELTA" for day in range(1, 31)}


def test_a_run_says_whose_it_is_and_of_a_plans_own_nights_the_earliest_goes_first(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("nightly_exchange")
    tags = [job.get_tags_for_partition_key(night, None) for night in ("2026-11-06|DELTA", "2026-11-07|DELTA")]
    assert {each[PLAN_TAG] for each in tags} == {"DELTA"}
    assert int(tags[0]["dagster/priority"]) > int(tags[1]["dagster/priority"])


def test_one_plans_runs_wait_for_one_another_and_for_no_other_plans(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    environment = environment_of_fleet(file)
    assert environment["DAGSTER_HOME"] == str(file.parent / "fleet" / "dagster")
    with dg.DagsterInstance.from_config(environment["DAGSTER_HOME"]) as instance:
        queue = instance.get_concurrency_config().run_queue_config
        assert queue is not None
        assert queue.max_concurrent_runs > 1
        (limit,) = queue.tag_concurrency_limits
    assert (limit["key"], limit["value"], limit["limit"]) == (PLAN_TAG, {"applyLimitPerUniqueValue": True}, 1)


def wanted(definitions: dg.Definitions, schedule: str, tick: str, zone: str) -> list[str | None]:
    """What a schedule asks for at a tick; it must be there by then."""
    at = datetime.fromisoformat(tick).replace(tzinfo=ZoneInfo(zone))
    context = dg.build_schedule_context(scheduled_execution_time=at, repository_def=definitions.get_repository_def())
    with dg.partition_loading_context(effective_dt=at):
        requests = definitions.resolve_schedule_def(schedule).evaluate_tick(context).run_requests or ()
        return [request.partition_key for request in requests]


def test_each_night_begins_by_its_own_plans_clock_and_belongs_to_its_own_date(definitions: dg.Definitions) -> None:
    schedules = {plan: definitions.resolve_schedule_def(f"nightly_exchange_{plan}") for plan in ("VALLEY", "DELTA")}
    assert {plan: (each.cron_schedule, each.execution_timezone) for plan, each in schedules.items()} == {
        "VALLEY": ("30 0 * * *", "America/New_York"),
        "DELTA": ("45 3 * * *", "America/Los_Angeles"),
    }
    assert {each.default_status for each in schedules.values()} == {dg.DefaultScheduleStatus.STOPPED}
    # Half past midnight in New York is yesterday in Los Angeles.
    tick = "2026-11-04T00:30:00"
    assert wanted(definitions, "nightly_exchange_VALLEY", tick, "America/New_York") == ["2026-11-04|VALLEY"]
    tick = "2026-11-04T03:45:00"
    assert wanted(definitions, "nightly_exchange_DELTA", tick, "America/Los_Angeles") == ["2026-11-04|DELTA"]


def test_every_plans_month_is_reported_on_the_second(definitions: dg.Definitions) -> None:
    tick = "2026-12-02T09:00:00"
    assert wanted(definitions, "monthly_report_COAST", tick, "America/Los_Angeles") == ["2026-11-01|COAST"]


def test_dagster_tells_by_each_plans_own_clock_whether_its_night_was_there_in_time(graph: AssetGraph) -> None:
    policies = {plan: graph.get(dg.AssetKey(["plans", plan])).freshness_policy for plan in ("VALLEY", "DELTA")}
    assert {plan: (each.deadline_cron, each.timezone) for plan, each in policies.items()} == {  # type: ignore[union-attr]
        "VALLEY": ("30 6 * * *", "America/New_York"),
        "DELTA": ("0 7 * * *", "America/Los_Angeles"),
    }
    assert [key for key in MADE if graph.get(dg.AssetKey(key.split("/"))).freshness_policy is not None] == []


def test_nothing_starts_by_itself_before_somebody_switches_it_on(definitions: dg.Definitions) -> None:
    repository = definitions.get_repository_def()
    assert {each.default_status for each in repository.schedule_defs} == {dg.DefaultScheduleStatus.STOPPED}
    assert {each.default_status for each in repository.sensor_defs} == {dg.DefaultSensorStatus.STOPPED}
    assert len(repository.sensor_defs) == 3 * len(("VALLEY", "DELTA", "COAST"))


@pytest.mark.parametrize("hours", ["begins_at = 07:00:00", "begins_at = 03:45:30"])
def test_a_night_that_would_end_on_another_day_than_it_began_is_refused(hours: str, tmp_path: Path) -> None:
    file = write_fleet(tmp_path, f"VALLEY\n{hours}")
    with pytest.raises(ConfigurationError, match="begins_at"):
        assemble_fleet(FleetHomes(fleet_file=str(file)))


def test_dates_are_there_when_they_begin_for_the_first_plan(graph: AssetGraph) -> None:
    nights = graph.get(dg.AssetKey(["ledger", "files"])).partitions_def
    evening = datetime(2026, 11, 3, 22, tzinfo=ZoneInfo("America/Los_Angeles"))
    with dg.partition_loading_context(effective_dt=evening):
        assert nights is not None
        assert nights.has_partition_key(f"{date(2026, 11, 4)}|VALLEY")
