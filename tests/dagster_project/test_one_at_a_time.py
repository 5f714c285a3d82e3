"""A step waits while another process is at work on the home, and says so when that goes on for too long."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from dagster_project.resources import ExchangeHome
from pipelines.config import read_config
from pipelines.warehouse.lock import run_lock
from sample_data import generate
from schemas.problems import AnotherRunActive


class Patient(ExchangeHome):
    """Instead of waiting it lets the other process end at its third look."""

    def sleep(self, seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            other.close()


looks: list[float] = []
other = ExitStack()


@pytest.mark.parametrize(("patience", "looked"), [(60.0, 3), (5.0, 1), (0.0, 0)])
def test_a_step_waits_for_its_turn_as_long_as_it_may(tmp_path: Path, patience: float, looked: int) -> None:
    generate(tmp_path, members=1, days=1)
    config = read_config(tmp_path / "exchange.toml")
    exchange = Patient(config_file=str(tmp_path / "exchange.toml"), patience=patience)
    looks.clear()
    with other:
        other.enter_context(run_lock(config.home))
        if looked == 3:
            with exchange.warehouse(config) as warehouse:
                assert warehouse.value("SELECT count(*) FROM ledger.files") == 0
        else:
            with pytest.raises(AnotherRunActive), exchange.warehouse(config):
                pass
    assert len(looks) == looked
