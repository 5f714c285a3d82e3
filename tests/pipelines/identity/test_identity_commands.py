"""The liaison at the command line: what is open, and the answers to it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.config import read_config
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.door import publish
from sample_data import generate

Match = Callable[..., dict[str, dict[str, Any]]]
BY = ("--reason", "asked the referrer", "--by", "liaison", "--date", "2026-10-03")


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory, a_exchange: Any, person: Callable[[int], str], match: Match
) -> Path:
    """A plan's folder after a night that left a referral open: name and birth date fit, nothing more does."""
    out = generate(tmp_path_factory.mktemp("sample"), members=1, days=1).out
    config = read_config(out / "exchange.toml")
    with open_warehouse(config.home) as warehouse:
        exchange = type(a_exchange)(warehouse, config)
        exchange.seen("2026-10-01", person(1), last_name="Quillonbrax", birth_date="1984-03-12")
        exchange.seen("2026-10-01", person(2))
        exchange.referred(
            "2026-10-02", None, last_name="Quillonbrax", first_name="Ardith", dob="1984-03-12", referral_id="R1"
        )
        match(exchange)
        publish(warehouse)
    return out


@pytest.fixture
def command(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run `ecm-exchange identity` with arguments; gives exit code, stdout and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        config = ("--config", str(folder / "exchange.toml"))
        monkeypatch.setattr(sys, "argv", ["ecm-exchange", "identity", *arguments, *config])
        capfd.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capfd.readouterr()

    return run


def facts(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with open_warehouse(read_config(folder / "exchange.toml").home) as warehouse:
        return warehouse.rows(query)


def test_list_names_row_reason_proposal_and_what_to_do(
    command: Callable[..., tuple[int, str, str]], person: Callable[[int], str]
) -> None:
    code, told, _ = command("list", "--json")
    (question,) = json.loads(told)
    assert code == 0
    assert (question["question"], question["source"], question["key"]) == ("PROPOSAL", "community", "R1")
    assert (question["reason"], question["cin"]) == ("ONLY_NAME_AND_BIRTH_DATE", person(1))
    assert question["what_to_do"]
    code, told, _ = command("list")
    assert code == 0
    assert "ONLY_NAME_AND_BIRTH_DATE" in told


def test_each_answer_becomes_a_fact(
    command: Callable[..., tuple[int, str, str]], folder: Path, person: Callable[[int], str]
) -> None:
    for arguments in (
        ("accept", "community", "R1", person(1)),
        ("reject", "community", "R1"),
        ("reopen", "community", "R1"),
    ):
        assert command(*arguments, *BY)[0] == 0
    decided = facts(folder, "SELECT action, cin, decided_by FROM facts.identity_decisions ORDER BY sequence")
    assert decided == [("ACCEPT", person(1), "liaison"), ("REJECT", None, "liaison"), ("REOPEN", None, "liaison")]
    assert command("merge", person(2).lower(), person(1), *BY)[0] == 0
    assert command("unmerge", person(2), *BY)[0] == 0
    merged = facts(folder, "SELECT action, alias_cin, cin FROM facts.cin_merges ORDER BY sequence")
    assert merged == [("MERGE", person(2), person(1)), ("UNDO", person(2), person(1))]


def test_a_refusal_says_why_and_stores_nothing(
    command: Callable[..., tuple[int, str, str]], folder: Path, person: Callable[[int], str]
) -> None:
    before = facts(folder, "SELECT count(*) FROM facts.identity_decisions")
    code, told, said = command("accept", "community", "R9", person(1), *BY)
    assert (code, told) == (2, "")
    assert "I01" in said
    assert facts(folder, "SELECT count(*) FROM facts.identity_decisions") == before
