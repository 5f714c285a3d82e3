"""What Dagster is shown: a change of the graph, its checks or its hours is a decision, and is signed here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator  # the daemon's own idea of when a tick is due

from dagster_project.definitions import assemble
from dagster_project.partitions import BUSINESS_DATES, MONTHS, TIME_ZONE
from dagster_project.resources import CONFIG_VARIABLE
from pipelines.checks import CHECKS
from pipelines.nightly import STATIONS
from pipelines.warehouse import open_warehouse
from sample_data import generate
from sample_data.providers import PROVIDERS

GRAPH = {
    "intake": ["ledger/files", "partner_inbox"],
    "enrollment": [
        "exchange/coverage_months", "exchange/ji_evidence", "exchange/locator_disagreements", "exchange/locator_totals",
        "exchange/members", "exchange/roster_differences",
        "facts/enrollment_coverage", "facts/enrollment_members", "facts/enrollment_reporting",
    ],
    "referrals": [
        "exchange/cin_aliases", "exchange/identities", "exchange/identity_proposals", "exchange/prior_identifiers",
        "facts/care_plan_receipts", "facts/cin_merges", "facts/identity_decisions", "facts/mif_members",
        "facts/referrals", "facts/release_notices",
    ],
    "justice_involved": [
        "exchange/ji_contradictions", "exchange/ji_episodes", "exchange/ji_statements", "exchange/ji_steps",
        "exchange/release_needs",
    ],
    "authorization": ["exchange/ecm_authorizations"],
    "assignment": [
        "exchange/clocks", "exchange/county_coverage", "exchange/ecm_assignments", "exchange/network_overlap",
        "exchange/provider_directory", "exchange/unassigned", "exchange/unassigned_candidates",
        "facts/assignment_candidates", "facts/assignment_decisions", "facts/liaison_decisions", "facts/liaison_events",
        "facts/roster_entries",
    ],
    "returns": [
        "exchange/care_days", "exchange/contact_attempts", "exchange/provider_reports", "facts/outreach_attempts",
        "facts/return_transmissions",
    ],
    "delivery": ["delivery/deliveries", "delivery/outbox", "provider_folders", "sender_responses"],
    "reporting": ["exchange/work_items", "facts/reports", "ledger/runs"],
}  # fmt: skip
EXTERNAL = {
    "partner_inbox", "provider_folders", "sender_responses", "facts/cin_merges", "facts/identity_decisions",
    "facts/liaison_decisions", "facts/liaison_events",
}  # fmt: skip
BLOCKING_CHECKS = {
    "every_file_balances": "facts/referrals",
    "every_returned_row_is_in_the_facts": "facts/return_transmissions",
    "every_return_is_of_the_reporting_provider": "facts/return_transmissions",
    "every_loaded_member_is_in_the_facts": "facts/enrollment_members",
    "no_two_authorizations_overlap": "exchange/ecm_authorizations",
    "no_member_has_two_open_assignments": "exchange/ecm_assignments",
    "every_authorized_member_is_assigned_or_listed": "exchange/ecm_assignments",
    "every_row_goes_to_its_own_provider": "delivery/outbox",
    "every_referral_status_goes_to_its_own_source": "delivery/outbox",
    "no_locator_flags_too_many": "exchange/locator_totals",
    "every_row_has_one_identity": "exchange/identities",
    "no_proposal_is_taken_for_a_match": "exchange/identity_proposals",
    "every_alias_leads_to_one_cin": "exchange/cin_aliases",
    "steps_follow_one_another": "exchange/ji_steps",
    "no_member_has_two_open_episodes": "exchange/ji_episodes",
    "every_opening_is_an_episode": "exchange/ji_episodes",
    "no_alias_has_a_timeline_of_its_own": "exchange/ji_steps",
    "every_closed_authorization_has_a_known_reason": "exchange/ecm_authorizations",
    "every_release_has_its_clocks": "exchange/clocks",
    "no_provider_is_given_more_than_its_places": "facts/assignment_candidates",
    "every_assignment_says_who_was_considered": "facts/assignment_candidates",
}
TELLING_CHECKS = {
    "no_night_is_missing": "ledger/files",
    "no_daily_834_is_late": "facts/enrollment_members",
    "nobody_waits_since_an_earlier_night": "delivery/deliveries",
    "no_file_is_held": "facts/return_transmissions",
    "no_hcp_status_is_unknown": "facts/enrollment_coverage",
    "no_authorized_member_is_missing_from_a_full_file": "exchange/ecm_authorizations",
    "no_delivery_is_held": "delivery/outbox",
    "nothing_is_left_undelivered": "delivery/deliveries",
    "every_locator_finds_someone_in_a_full_file": "exchange/ji_evidence",
    "the_834_is_read_as_before": "exchange/ji_evidence",
    "policies_are_as_before": "exchange/members",
    "no_running_authorization_moves_without_a_release_date": "exchange/ecm_authorizations",
    "no_open_clock_runs_beyond_the_holiday_table": "exchange/clocks",
    "no_provider_lost_its_members_by_the_roster": "facts/assignment_decisions",
    "every_directory_change_is_published_in_time": "exchange/provider_directory",
    "other_networks_can_be_read": "exchange/network_overlap",
    "every_report_to_the_state_is_written_in_time": "exchange/work_items",
}


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return assemble()


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}


def test_the_graph_has_these_tables_in_these_groups(specs: dict[str, dg.AssetSpec]) -> None:
    groups: dict[str, list[str]] = {}
    for key, spec in sorted(specs.items()):
        groups.setdefault(str(spec.group_name), []).append(key)
    assert groups == GRAPH


def test_every_asset_that_the_exchange_makes_is_a_table_of_the_warehouse(
    specs: dict[str, dg.AssetSpec], tmp_path: Path
) -> None:
    with open_warehouse(tmp_path / "home") as warehouse:
        tables = {
            f"{schema}/{name}"
            for schema, name in warehouse.rows(
                "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'warehouse'"
            )
        }
    assert specs.keys() - EXTERNAL <= tables


def test_every_asset_says_what_it_is_who_owns_it_and_what_it_is_made_of(specs: dict[str, dg.AssetSpec]) -> None:
    for key, spec in specs.items():
        assert spec.description, key
        assert spec.owners, key
        assert spec.kinds, key


def test_every_table_is_partitioned_by_business_date_and_today_is_one(specs: dict[str, dg.AssetSpec]) -> None:
    assert {key for key, spec in specs.items() if spec.partitions_def is None} == EXTERNAL
    assert {key for key, spec in specs.items() if spec.partitions_def == MONTHS} == {"facts/reports"}
    assert {spec.partitions_def for spec in specs.values()} == {BUSINESS_DATES, MONTHS, None}
    noon = datetime(2026, 11, 1, 12, tzinfo=ZoneInfo(TIME_ZONE))
    with dg.partition_loading_context(effective_dt=noon):
        assert BUSINESS_DATES.get_partition_keys()[0] == "2026-10-01"
        assert BUSINESS_DATES.get_last_partition_key() == "2026-11-01"


def test_every_standing_question_is_a_check_and_those_that_stop_the_night_block(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    checks = {key.name: (key.asset_key.to_user_string(), graph.get(key).blocking) for key in graph.asset_check_keys}
    assert checks == {
        **{name: (asset, True) for name, asset in BLOCKING_CHECKS.items()},
        **{name: (asset, False) for name, asset in TELLING_CHECKS.items()},
    }
    assert {check.name: check.blocking for check in CHECKS} == {name: stops for name, (_, stops) in checks.items()}


def test_each_station_is_one_step_of_the_night(definitions: dg.Definitions) -> None:
    steps = {node.name for node in definitions.resolve_job_def("nightly_exchange").nodes}
    assert steps == {function.__name__ for _, function in STATIONS}


def test_every_table_shows_its_columns_and_what_they_mean(specs: dict[str, dg.AssetSpec]) -> None:
    made = [key for key in specs if key not in EXTERNAL and key != "facts/reports"]
    schemas = {key: specs[key].metadata["dagster/column_schema"].columns for key in made}
    assert [key for key, columns in schemas.items() if not all(column.description for column in columns)] == []
    assert [(c.name, c.type, c.constraints.nullable) for c in schemas["exchange/members"]][:1] == [
        ("cin", "VARCHAR", False)
    ]


def test_descriptions_begin_with_the_question_that_the_table_answers(specs: dict[str, dg.AssetSpec]) -> None:
    asked = {key: str(specs[key].description) for key in specs if key not in EXTERNAL}
    assert {key: text for key, text in asked.items() if not 10 < text.find("?") < 80} == {}


def test_tables_tell_at_which_place_of_the_night_they_are_made(specs: dict[str, dg.AssetSpec]) -> None:
    stations = {spec.tags["station"] for spec in specs.values() if "station" in spec.tags}
    assert sorted(stations) == [f"{place:02}_{each.__name__}" for place, (_, each) in enumerate(STATIONS, start=1)]


def test_of_the_nights_that_wait_the_earliest_goes_first(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("nightly_exchange")
    nights = ["2026-11-06", "2026-11-07", "2026-12-01"]
    priorities = [int(job.get_tags_for_partition_key(night, None)["dagster/priority"]) for night in nights]
    assert priorities == sorted(priorities, reverse=True)
    assert len(set(priorities)) == len(nights)


def test_a_backfill_is_a_run_for_each_night_and_takes_any_of_the_tables(definitions: dg.Definitions) -> None:
    stations = [assets for assets in definitions.resolve_asset_graph().assets_defs if assets.is_executable]
    nightly = [assets for assets in stations if assets.partitions_def == BUSINESS_DATES]
    assert len(nightly) == len(STATIONS)
    assert {(assets.can_subset, assets.backfill_policy) for assets in nightly} == {(True, None)}


def test_redelivering_touches_the_outbox_waiting_and_nothing_before_it(definitions: dg.Definitions) -> None:
    assert {node.name for node in definitions.resolve_job_def("redeliver").nodes} == {"deliver", "publish_copy"}


def test_nothing_starts_by_itself_before_somebody_switches_it_on(definitions: dg.Definitions) -> None:
    schedule = definitions.resolve_schedule_def("nightly_exchange")
    sensor = definitions.resolve_sensor_def("new_files")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("45 3 * * *", "America/Los_Angeles")
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED
    assert sensor.default_status is dg.DefaultSensorStatus.STOPPED
    assert schedule.job.name == sensor.job.name == "nightly_exchange"


def ticks(schedule: dg.ScheduleDefinition, first: date, last: date) -> Iterator[datetime]:
    zone = ZoneInfo(TIME_ZONE)
    begin = datetime(first.year, first.month, first.day, tzinfo=zone).timestamp()
    for tick in schedule_execution_time_iterator(begin, str(schedule.cron_schedule), TIME_ZONE, ascending=True):
        if tick.date() > last:
            return
        yield tick


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 10, 30), date(2026, 11, 3)), (date(2027, 3, 12), date(2027, 3, 16))],
    ids=["the clock goes back", "the clock goes forward"],
)
def test_every_date_has_one_night_also_when_the_clock_changes(
    definitions: dg.Definitions, first: date, last: date
) -> None:
    schedule = definitions.resolve_schedule_def("nightly_exchange")
    wanted = []
    for tick in ticks(schedule, first, last):
        context = dg.build_schedule_context(
            scheduled_execution_time=tick, repository_def=definitions.get_repository_def()
        )
        requests = schedule.evaluate_tick(context).run_requests or ()
        wanted += [(request.partition_key, request.run_key) for request in requests]
        with dg.partition_loading_context(effective_dt=tick):
            assert BUSINESS_DATES.has_partition_key(str(wanted[-1][0]))
    dates = [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
    assert wanted == [(on, on) for on in dates]


def test_the_month_before_is_reported_on_the_second_once_somebody_switches_it_on(definitions: dg.Definitions) -> None:
    schedule = definitions.resolve_schedule_def("monthly_report")
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED
    assert {node.name for node in definitions.resolve_job_def("monthly_report").nodes} == {"facts__reports"}
    wanted = []
    for tick in ticks(schedule, date(2026, 11, 1), date(2027, 1, 31)):
        context = dg.build_schedule_context(
            scheduled_execution_time=tick, repository_def=definitions.get_repository_def()
        )
        wanted += [request.partition_key for request in schedule.evaluate_tick(context).run_requests or ()]
        with dg.partition_loading_context(effective_dt=tick):
            assert MONTHS.has_partition_key(str(wanted[-1]))
    assert wanted == ["2026-10-01", "2026-11-01", "2026-12-01"]


def test_the_inboxes_are_those_of_the_configuration_and_one_by_kind_of_what_providers_return(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    generate(tmp_path, members=1, days=1, returns=True)
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "exchange.toml"))
    graph = assemble().resolve_asset_graph()
    inboxes = {"dhcs", "probation", "community", "prison", "delegate", "jail", "receipts"}
    inboxes |= {"providers_rtf", "providers_otf"}
    parents = {key.to_user_string() for key in graph.get(dg.AssetKey(["ledger", "files"])).parent_keys}
    assert parents == {f"partner_inbox/{name}" for name in inboxes}
    told = graph.get(dg.AssetKey(["partner_inbox", "providers_rtf"])).description
    assert f"in the accounts of {len(PROVIDERS)} providers" in str(told)
