"""Codes of what is asked of a home on which one night was run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines import runs
from pipelines.config import read_config
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.door import publish
from tests.codes.sample import Meeting, Sample, Stage

_NIGHT = date(2026, 11, 3)


def _home(stage: Stage) -> Path:
    stage.command("init", "--dir", stage.folder)
    config = stage.folder / "exchange.toml"
    with open_warehouse(read_config(config).home) as warehouse:
        runs.begin(warehouse, _NIGHT)
        runs.finish(warehouse, _NIGHT, [])
        publish(warehouse)
    return config


def _asked(code: str, says: str, *arguments: str, told: str) -> Sample:
    def scene(stage: Stage) -> Meeting:
        return stage.command(*arguments, "--config", _home(stage))

    return Sample(code, says, scene, told=told, shown=f"ecm-exchange {' '.join(arguments)}", form="sh")


SAMPLES = (
    _asked("E04", "a Sunday", "status", "--date", "2026-11-08", told="The last one was that of 2026-11-03."),
    _asked(
        "K20", "a year that is mistyped", "run", "--date", "2062-11-03", told="the last night was that of 2026-11-03"
    ),
)
