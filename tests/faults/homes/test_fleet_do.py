"""Commands on a home that moves, by two machines that share a real database of leases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.cli.app import app
from pipelines.homes.lease import take_lease
from schemas.problems import ExchangeError
from tests.faults.homes.conftest import Moved

Typed = Callable[..., str]


@pytest.fixture
def typed(moved: Moved, database: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Function that types a command of the fleet on a machine, and returns what it says and how it ends."""
    moved.set_back()
    (moved.root / "fleet.toml").write_text('name = "one"\n[[plans]]\nid = "SHP"\nconfig = "exchange.toml"\n', "utf-8")
    monkeypatch.setenv("ECM_EXCHANGE_DATABASE", str(database.url))  # type: ignore[attr-defined]

    def on(machine: str, *words: str) -> str:
        monkeypatch.setenv("ECM_EXCHANGE_WORK", str(moved.root / machine))
        name, *rest = words
        capsys.readouterr()
        code = app(["fleet", name, "--fleet", str(moved.root / "fleet.toml"), *rest], standalone_mode=False)
        told = capsys.readouterr()
        return " ".join(f"{told.out}{told.err} [{code or 0}]".split())

    return on


def test_a_home_is_taken_where_it_is_wanted(moved: Moved, typed: Typed, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="S25"):
        typed("a", "do", "SHP", "verify-audit")
    assert "In the depot" in typed("a", "begin", "SHP", "--from-depot")
    assert typed("a", "do", "SHP", "verify-audit").endswith("[0]")
    assert typed("b", "do", "SHP", "rebuild").endswith("[0]")
    assert [path.name for path in sorted((moved.root / "b" / "SHP" / "home").glob("w*.duckdb"))] == ["warehouse.duckdb"]
    assert "2026-10-28" in typed("c", "do", "--reading", "SHP", "status", "--json")
    assert "2026-10-28" in typed("c", "status", "--json")
    with pytest.raises(ExchangeError, match="S21"):
        typed("c", "do", "--reading", "SHP", "verify-audit")
    assert "verified" in typed("c", "fetch", "SHP", "--to", str(tmp_path))
    [backup] = tmp_path.glob("BACKUP_*")
    assert typed("a", "do", "SHP", "restore", str(backup)).endswith("[0]")
    assert typed("b", "do", "SHP", "verify-audit").endswith("[0]")
    with pytest.raises(ExchangeError, match="S27"):
        typed("a", "begin", "SHP", "--new")


def test_a_home_that_another_holds_is_left_alone(moved: Moved, typed: Typed, database: object) -> None:
    with take_lease(database.url, "SHP", "run"), pytest.raises(ExchangeError, match="S10"):  # type: ignore[attr-defined]
        typed("a", "do", "SHP", "verify-audit")
    assert not (moved.root / "a").exists()
    with pytest.raises(ExchangeError, match="S20"):
        app(["status", "--config", str(moved.root / "exchange.toml")], standalone_mode=False)
