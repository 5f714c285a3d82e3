"""What the doctor says of the roster and the layouts, without a server."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.config import ExchangeConfig, Roster
from pipelines.config.servers import ServerRules
from pipelines.doctor.layouts import sources_that_overlap
from pipelines.doctor.roster import examine_key, examine_proposals, examine_roster, unused_servers
from tests.pipelines.doctor.conftest import ills

ON = date(2026, 11, 4)


def test_a_provider_without_places_and_a_county_without_a_provider_are_told(
    config: ExchangeConfig, roster: Roster
) -> None:
    full = roster.providers[0].model_copy(update={"capacity": 0})
    found = ills(examine_roster(config, Roster((full, *roster.providers[1:])), ON))
    assert found == {("provider-no-capacity", f"provider {full.npi}"), ("county-unserved", "county Madera")}


def test_a_roster_without_anybody_for_the_justice_involved_is_wrong(config: ExchangeConfig, roster: Roster) -> None:
    nobody = Roster(tuple(each.model_copy(update={"ji_provider": False}) for each in roster.providers))
    assert ("no-provider", "providers table") in ills(examine_roster(config, nobody, ON))


def test_a_key_that_nothing_can_be_encrypted_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key", encoding="ascii")
    for path in (tmp_path / "key", tmp_path / "none"):
        assert examine_key("provider 1", path, ON).name == "pgp-key-unusable"


def test_rules_of_a_server_that_nobody_is_on_are_told(config: ExchangeConfig, roster: Roster) -> None:
    ruled = config.model_copy(update={"servers": (ServerRules(host="sftp.exampel.org"),)})
    assert ills(unused_servers(ruled, roster)) == {("server-rules-unused", "server sftp.exampel.org:22")}


def test_two_sources_of_one_folder_that_may_take_the_same_file_are_told(config: ExchangeConfig) -> None:
    first = config.sources[0]
    near = first.model_copy(update={"name": "near", "pattern": "DHCS834-MO-*.dat"})
    apart = first.model_copy(update={"name": "apart", "pattern": "LIST*"})
    elsewhere = near.model_copy(update={"name": "elsewhere", "folder": "/other"})
    several = config.model_copy(update={"sources": (first, near, apart, elsewhere)})
    assert ills(sources_that_overlap(several)) == {("sources-overlap", f"sources {first.name} and near")}


def test_proposals_without_what_they_are_computed_with_are_wrong(
    config: ExchangeConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = config.model_copy(update={"identity": config.identity.model_copy(update={"proposals": True})})
    monkeypatch.setattr("pipelines.identity.proposals.find_spec", lambda _: None)
    assert examine_proposals(wanted).name == "proposals-not-installed"
    assert examine_proposals(config).name == "fine"
