"""What `[[servers]]` says of a server holds for everybody who is on it."""

from __future__ import annotations

import pytest

from pipelines.config import ExchangeConfig, read_config, read_roster
from pipelines.config.servers import ServerRules
from pipelines.delivery.send import provider_endpoints
from pipelines.doctor.roster import unused_servers
from pipelines.intake.endpoints import endpoint_of
from pipelines.transfer.protocol import FSYNC
from pipelines.transfer.restraint import NO_RESTRAINT, Restraint
from sample_data import generate
from schemas.problems import ConfigurationError


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> ExchangeConfig:
    return read_config(generate(tmp_path_factory.mktemp("sample"), members=1, days=1).out / "exchange.toml")


def test_senders_and_providers_on_a_server_are_treated_by_its_rules(config: ExchangeConfig) -> None:
    there = config.sources[0]
    rules = ServerRules(
        host=there.host,
        port=there.port,
        connections=3,
        time_limit=90,
        files_at_once=5,
        request_size=4096,
        without=("fsync",),
    )
    ruled = config.model_copy(update={"servers": (rules,)})
    endpoints = [endpoint_of(ruled, there), *provider_endpoints(read_roster(config.delivery.providers), ruled).values()]
    expected = (90, 3, Restraint(4096, 5, frozenset({FSYNC})))
    assert {(e.time_limit, e.at_once, e.restraint) for e in endpoints} == {expected}
    usual = endpoint_of(config, there)
    assert (usual.time_limit, usual.at_once, usual.restraint) == (1800, 1, NO_RESTRAINT)


def test_rules_for_a_server_that_nobody_is_on_are_told(config: ExchangeConfig) -> None:
    there, roster = config.sources[0], read_roster(config.delivery.providers)
    used, misspelt = ServerRules(host=there.host, port=there.port), ServerRules(host="sftp.exampel.org", connections=2)
    ruled = config.model_copy(update={"servers": (used, misspelt)})
    assert [ailment.subject for ailment in unused_servers(ruled, roster)] == ["server sftp.exampel.org:22"]


def test_a_password_that_is_not_set_is_told_by_its_variable(
    config: ExchangeConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = config.sources[0].model_copy(update={"key_file": None, "password_env": "NOT_SET_ANYWHERE"})
    with pytest.raises(ConfigurationError, match="NOT_SET_ANYWHERE"):
        endpoint_of(config, source)
    monkeypatch.setenv("NOT_SET_ANYWHERE", "hunter2")
    assert endpoint_of(config, source).password == "hunter2"
