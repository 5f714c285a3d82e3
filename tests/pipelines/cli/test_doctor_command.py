"""`ecm-exchange doctor` as a person reads it and as a monitoring system does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import doctor
from pipelines.cli.common import out
from pipelines.doctor import Ailment, fine, found
from tests.copies import copy_folder

Command = Callable[..., Any]


@pytest.fixture
def folder(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the finished demo."""
    return copy_folder(demo_folder, tmp_path / "copy")


def test_what_is_wrong_comes_first_with_what_to_type_and_what_is_fine_is_a_line_a_group(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out, "width", 80)
    key, table = folder / "keys" / "plan_ed25519", folder / "providers.csv"
    key.chmod(0o644)
    table.chmod(0o666)
    told = command("doctor", "--offline", "--config", folder / "exchange.toml")
    assert told.code == 1
    lines = told.out.splitlines()
    assert lines[0].startswith("2 wrong, ")
    assert lines[0].endswith("No server was visited.")
    order = [lines.index(title) for title in ("Wrong", "Worth a look", "Fine")]
    assert order == sorted(order)
    wrong = lines[order[0] : order[1]]
    assert f"      chmod 600 '{key}'" in wrong
    assert f"      chmod go-w '{table}'" in wrong
    typed = ("chmod", "ecm-exchange", "backups =", "ls -l")
    too_long = [line for line in lines if len(line) > 80 and len(line.split()) > 1]
    assert [line for line in too_long if not line.strip().startswith(typed)] == []
    assert len(lines[order[2] :]) < 16
    everything = command("doctor", "--offline", "--all", "--config", folder / "exchange.toml")
    assert len(everything.out.splitlines()) > len(lines)


def test_a_monitoring_system_reads_the_same_keys_of_every_finding(command: Command, folder: Path) -> None:
    told = command("doctor", "--offline", "--json", "--config", folder / "exchange.toml")
    findings = json.loads(told.out)
    assert told.code == 0
    assert {tuple(each) for each in findings} == {
        ("name", "group", "subject", "state", "what", "means", "remedy", "command"),
    }  # fmt: skip
    assert {"county-unserved", "backup-missing", "fine"} <= {each["name"] for each in findings}
    assert all(each["remedy"] for each in findings if each["state"] != "fine")


def test_servers_that_are_down_are_told_once_for_all_accounts_on_them(command: Command, folder: Path) -> None:
    told = command("doctor", "--config", folder / "exchange.toml")
    assert told.code == 1
    assert told.out.count("server-unreachable") == 1
    assert "source dhcs, source probation, source community, source prison and " in " ".join(told.out.split())


def test_what_is_the_same_of_several_is_put_together_in_the_order_of_the_groups() -> None:
    several = [
        found("disk-low", "home", "little", folder="/"),
        *(found("server-slow", name, "slow", limit=30) for name in ("a", "b")),
        Ailment("another-thing", "unheard of", "x", "look", "what"),
    ]
    assert [[each.subject for each in same] for same in doctor.folded(several)] == [["a", "b"], ["home"], ["x"]]
    assert fine("disk", "home", "enough").state == "fine"
