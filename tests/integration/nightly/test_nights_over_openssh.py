"""Three nights against OpenSSH's own server, every partner shut in a folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.liaison_acts import follow_liaison
from pipelines.config import ExchangeConfig, Roster
from pipelines.nightly import Night, run_night
from pipelines.warehouse import open_warehouse
from tests.integration.nightly.openssh_partners import behind_openssh

NIGHTS = 3


def leave(files: Path, folder: Path) -> None:
    for file in files.iterdir():
        shutil.copyfile(file, folder / file.name)
        (folder / file.name).chmod(0o644)


@pytest.fixture(scope="module")
def folders(nights: Any, sshd: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Run the first nights of the same exchange over sshd; return the folder each partner looks into."""
    home = tmp_path_factory.mktemp("openssh") / "home"
    config: ExchangeConfig = nights.config
    roster: Roster = nights.roster
    partners = behind_openssh(config, roster, sshd, home, "nightly")
    for on in nights.exchange.dates[:NIGHTS]:
        for account in nights.exchange.servers(on).iterdir():
            leave(account / "outgoing", partners.inboxes[account.name])
        with open_warehouse(home) as warehouse:
            follow_liaison(warehouse, roster, nights.exchange.liaison_acts(on), on)
            night = Night(warehouse, partners.config, partners.roster, on, sleep=lambda _: None)
            list(run_night(night))
            assert night.problems == []
    return partners.looked_into


def test_providers_find_the_same_bytes_as_over_the_embedded_server(nights: Any, folders: dict[str, Path]) -> None:
    expected = {
        (provider.username, path.name): path.read_bytes()
        for provider in nights.roster.providers
        for path in nights.folder_of(provider.username).iterdir()
        if any(f"_{on:%Y%m%d}_" in path.name for on in nights.exchange.dates[:NIGHTS])
    }
    assert len(expected) > NIGHTS * 20
    found = {
        (provider.username, path.name): path.read_bytes()
        for provider in nights.roster.providers
        for path in folders[provider.username].iterdir()
    }
    assert found == expected


def test_senders_find_the_same_answers(nights: Any, folders: dict[str, Path]) -> None:
    for source in nights.config.sources:
        if source.responses is None:
            continue
        over_embedded = nights.served / source.username / "responses"
        answers = list(folders[source.username].iterdir())
        assert answers or not any(
            (nights.exchange.servers(on) / source.username).exists() for on in nights.exchange.dates[:NIGHTS]
        )
        for path in answers:
            expected = (over_embedded / path.name).read_bytes()
            assert path.read_bytes() == expected.replace(b'"folder": "/outgoing"', b'"folder": "outgoing"')
