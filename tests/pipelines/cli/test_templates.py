"""What `init` writes: every key of the configuration is there, in use or as a comment, and at its default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from pipelines.cli.beginning import begin
from pipelines.config import ExchangeConfig, read_config, read_roster
from pipelines.config.providers import Provider

TEMPLATES = Path(str(resources.files("pipelines.cli"))) / "templates"
MAY_BE_LEFT_OUT = [name for name, field in ExchangeConfig.model_fields.items() if not field.is_required()]


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def keys_of(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """Every key as a dotted path; tables stand for themselves only by their keys."""
    for name, field in model.model_fields.items():
        inner = list(models_in(field.annotation))
        here = f"{path}{field.alias or name}"
        if inner:
            yield from (key for each in inner for key in keys_of(each, f"{here}."))
        else:
            yield here


def keys_written() -> set[str]:
    """Every key of the template as a dotted path, commented ones included."""
    table, written = "", set()
    for line in (TEMPLATES / "exchange.toml").read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"(?:# )?\[+([a-z0-9_.]+)\]+", line):
            table = heading[1]
        elif key := re.match(r"(?:# )?([a-z_]+) = (\{.*)?", line):
            written.add(f"{table}.{key[1]}")
            written |= {f"{table}.{key[1]}.{inner}" for inner in re.findall(r"([a-z_]+) = ", key[2] or "")}
        for other in re.findall(r"\bor ([a-z_]+) = ", line):
            written.add(f"{table}.{other}")
    return written


def test_the_template_speaks_of_every_key_and_of_no_other() -> None:
    written = keys_written()
    inner = {key for key in keys_of(ExchangeConfig) if not key.startswith("justice_involved.hcp_status")}
    assert inner - written == set()
    meanings = {f"justice_involved.hcp_status.{name}" for name in ("active", "hold", "terminated", "not_covered")}
    assert written - inner - {"justice_involved.locators.date"} == meanings


def test_every_key_of_a_policy_is_explained_beside_it() -> None:
    policies = {name for name in MAY_BE_LEFT_OUT if name not in {"alerts", "authorization", "returns", "servers"}}
    text = (TEMPLATES / "exchange.toml").read_text(encoding="utf-8")
    for name in policies:
        block = text.split(f"\n[{name}]")[1].split("\n[")[0]
        silent = [line for line in block.splitlines()[1:] if " = " in line and "#" not in line.partition(" = ")[2]]
        assert silent == []


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan")
    begin(folder)
    return folder


@pytest.mark.parametrize("table", MAY_BE_LEFT_OUT)
def test_what_a_table_that_may_be_left_out_sets_is_the_default(begun: Path, table: str) -> None:
    assert getattr(read_config(begun / "exchange.toml"), table) == ExchangeConfig.model_fields[table].default


def test_the_roster_of_the_template_has_every_column_and_one_provider() -> None:
    header = (TEMPLATES / "providers.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert set(header) == set(Provider.model_fields)
    assert len(read_roster(TEMPLATES / "providers.csv").providers) == 1
