"""Looks between two nights: what starts a run, what waits, and what calls for a person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from dagster_project.defs.new_files import DIGEST_TAG, new_files
from dagster_project.failures import TickFailed
from dagster_project.look import ATTEMPTS, look, recorded_files
from dagster_project.partitions import BUSINESS_DATES
from dagster_project.resources import ExchangeHome
from pipelines.config import read_config
from pipelines.intake.pull_sources import pull_sources
from pipelines.nightly import publish_copy, receive
from pipelines.transfer.keys import ensure_keypair, known_hosts_line
from pipelines.warehouse import open_warehouse


@pytest.fixture(autouse=True)
def _files_are_there(plan: Any) -> None:
    plan.partners_leave_files(plan.dates[0])


@pytest.fixture
def store() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def tick(
    plan: Any, store: dg.DagsterInstance, cursor: str | None = None, config_file: Path | None = None
) -> dg.SensorResult | dg.SkipReason:
    exchange = ExchangeHome(config_file=str(config_file or plan.config_file))
    context = dg.build_sensor_context(instance=store, cursor=cursor, resources={"exchange": exchange})
    result = new_files(context)
    assert isinstance(result, dg.SensorResult | dg.SkipReason)
    return result


def digest_of(plan: Any) -> str:
    return look(read_config(plan.config_file), frozenset(), now=0).digest


def some_run(store: dg.DagsterInstance, digest: str, status: dg.DagsterRunStatus) -> None:
    store.add_run(
        dg.DagsterRun(
            job_name="nightly_exchange",
            status=status,
            tags={DIGEST_TAG: digest, "dagster/partition": str(BUSINESS_DATES.get_last_partition_key())},
        )
    )


def other_config(plan: Any, name: str, *replacements: tuple[str, str]) -> Path:
    config_file = plan.config_file.with_name(name)
    text = plan.config_file.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    config_file.write_text(text, encoding="utf-8")
    return config_file


def test_new_files_rest_from_one_look_to_the_next_before_a_run_starts(plan: Any, store: dg.DagsterInstance) -> None:
    first = tick(plan, store)
    assert isinstance(first, dg.SensorResult)
    assert not first.run_requests
    second = tick(plan, store, first.cursor)
    assert isinstance(second, dg.SensorResult)
    assert [request.partition_key for request in second.run_requests or ()] == [BUSINESS_DATES.get_last_partition_key()]


def test_a_file_that_still_grows_keeps_waiting(plan: Any, store: dg.DagsterInstance) -> None:
    first = tick(plan, store)
    assert isinstance(first, dg.SensorResult)
    inbox = plan.sftp / "brindlemoor_jail" / "outgoing"
    growing = inbox / "RELEASE_NOTICE_20261028_B.csv"
    growing.write_bytes(b"half")
    try:
        second = tick(plan, store, first.cursor)
    finally:
        growing.unlink()
    assert isinstance(second, dg.SensorResult)
    assert not second.run_requests
    assert second.cursor != first.cursor


def test_looking_fetches_nothing(plan: Any, store: dg.DagsterInstance) -> None:
    tick(plan, store)
    assert not plan.home.exists()


def test_a_night_need_not_wait_for_what_a_look_before_it_found_the_same(plan: Any) -> None:
    config = read_config(plan.config_file)
    patient = tuple(source.model_copy(update={"stable_for": 60}) for source in config.sources)
    config = config.model_copy(update={"sources": patient})
    config.home.mkdir()
    look(config, frozenset(), now=1000)
    with open_warehouse(config.home) as warehouse:
        taken = pull_sources(
            warehouse, config, plan.dates[0], sleep=lambda _: pytest.fail("slept"), clock=lambda: 1060.0
        )
    assert sum(result.received for result in taken) > 0
    assert {(result.problem, result.skipped) for result in taken} == {("", ())}


def test_neither_cursor_nor_run_key_shows_a_file_name(plan: Any, store: dg.DagsterInstance) -> None:
    digest = digest_of(plan)
    asked = tick(plan, store, digest)
    assert isinstance(asked, dg.SensorResult)
    assert [request.run_key for request in asked.run_requests or ()] == [
        f"{BUSINESS_DATES.get_last_partition_key()} {digest} 1"
    ]
    assert len(digest) == 16


def test_the_same_files_are_asked_for_again_after_a_failed_run_and_a_person_after_three(
    plan: Any, store: dg.DagsterInstance
) -> None:
    digest, keys = digest_of(plan), []
    for _ in range(ATTEMPTS):
        asked = tick(plan, store, digest)
        assert isinstance(asked, dg.SensorResult)
        keys += [request.run_key for request in asked.run_requests or ()]
        some_run(store, digest, dg.DagsterRunStatus.FAILURE)
    assert len(set(keys)) == ATTEMPTS
    with pytest.raises(TickFailed, match="K90"):
        tick(plan, store, digest)


def test_nothing_is_asked_for_while_a_night_is_at_work(plan: Any, store: dg.DagsterInstance) -> None:
    some_run(store, "another", dg.DagsterRunStatus.STARTED)
    waiting = tick(plan, store, digest_of(plan))
    assert isinstance(waiting, dg.SkipReason)


def test_a_server_that_is_down_is_tried_again_and_hides_nobody_elses_files(
    plan: Any, store: dg.DagsterInstance
) -> None:
    port = read_config(plan.config_file).sources[0].port
    keys = plan.exchange.out / "keys"
    lines = (keys / "known_hosts").read_text(encoding="ascii")
    (keys / "both_known_hosts").write_text(lines + lines.replace(f"]:{port} ", "]:1 "), encoding="ascii")
    pinned = ("keys/known_hosts", "keys/both_known_hosts")
    down = other_config(plan, "down.toml", (f"port = {port}", "port = 1"), pinned)
    skipped = tick(plan, store, config_file=down)
    assert isinstance(skipped, dg.SkipReason)
    assert "dhcs" in str(skipped.skip_message)
    one_down = other_config(plan, "one_down.toml", pinned)
    one_down.write_text(one_down.read_text(encoding="utf-8").replace(f"port = {port}", "port = 1", 1), encoding="utf-8")
    seen = look(read_config(one_down), frozenset(), now=0)
    assert seen.unreachable == ("dhcs",)
    assert seen.new_files > 0


def test_another_host_key_fails_the_look_instead_of_passing_for_an_empty_folder(
    plan: Any, store: dg.DagsterInstance
) -> None:
    keys = plan.exchange.out / "other_keys"
    shutil.copytree(plan.exchange.out / "keys", keys, dirs_exist_ok=True)
    port = read_config(plan.config_file).sources[0].port
    stranger = ensure_keypair(keys / "stranger_ed25519")
    (keys / "known_hosts").write_text(known_hosts_line("127.0.0.1", port, stranger) + "\n", encoding="ascii")
    with pytest.raises(TickFailed, match="T02"):
        tick(plan, store, config_file=other_config(plan, "other.toml", ("keys/known_hosts", "other_keys/known_hosts")))


def test_what_the_ledger_knows_is_not_new(plan: Any, store: dg.DagsterInstance) -> None:
    config = read_config(plan.config_file)
    assert recorded_files(config) == frozenset()
    exchange = ExchangeHome(config_file=str(plan.config_file))
    with exchange.night(plan.dates[0]) as night:
        receive(night)
        publish_copy(night)
    try:
        nothing = tick(plan, store)
    finally:
        shutil.rmtree(plan.home)
    assert isinstance(nothing, dg.SkipReason)
    assert nothing.skip_message == "No new files."
