"""`README.md` names every command, station and setting as it is called, and none that there is not."""

from __future__ import annotations

import re

import pytest
from typer.main import get_group

from pipelines.cli.app import app
from pipelines.config import ExchangeConfig
from pipelines.warehouse.facts import facts_ddl
from schemas.assignment import COLUMN_NAMES
from tests.docs.generated import DOCS, texts

ROOT = DOCS.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = texts()
_SCRIPTS = (path.read_text(encoding="utf-8") for path in (ROOT / "pipelines" / "warehouse" / "tables").glob("*.sql"))
TABLES = set(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+\.\w+)", "".join([facts_ddl(), *_SCRIPTS])))


def stations() -> dict[str, str]:
    """What each station of the README's table leads to, by its folder."""
    told = README.partition("| station in `pipelines/` |")[2].partition("\n\n")[0]
    return dict(re.findall(r"^\| `(\w+)/` \|.*\| (.*) \|$", told, re.MULTILINE))


def test_every_command_stands_in_the_list_and_no_other() -> None:
    told = README.partition("## The command line\n\n```sh\n")[2].partition("```")[0]
    named = [line.split()[1] for line in told.splitlines()]
    assert sorted(named) == sorted(get_group(app).commands)


def test_every_station_is_a_folder() -> None:
    assert stations()
    assert [name for name in stations() if not (ROOT / "pipelines" / name / "__init__.py").is_file()] == []


def test_every_table_that_a_station_leads_to_is_one() -> None:
    for leads_to in stations().values():
        schema = ""
        for name in re.findall(r"`([a-z_.]+)`", leads_to):
            schema = name.partition(".")[0] if "." in name else schema
            assert (name if "." in name else f"{schema}.{name}") in TABLES


@pytest.mark.parametrize("page", PAGES)
def test_a_table_of_the_store_that_is_named_is_one(page: str) -> None:
    assert set(re.findall(r"`((?:exchange|facts|ledger|quarantine)\.(?!toml\b)[a-z_]+)", PAGES[page])) <= TABLES


@pytest.mark.parametrize("page", PAGES)
def test_a_link_leads_to_a_file(page: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", PAGES[page]) if "://" not in link]
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_table_of_the_configuration_is_one(page: str) -> None:
    named = set(re.findall(r"`\[{1,2}(\w+)[.\w]*\]{1,2}`", PAGES[page]))
    assert named <= {*ExchangeConfig.model_fields, "columns"}, "one of the configuration, or of a layout"


def test_the_file_of_a_provider_has_as_many_columns_as_told_and_those_that_are_shown() -> None:
    (shown, told), *_ = re.findall(r"(\d+) of its (\d+)\ncolumns", README)
    (heading,) = re.findall(r"^\| (record_action \|.*) \|$", README, re.MULTILINE)
    names = heading.split(" | ")
    assert (len(names), set(names) <= set(COLUMN_NAMES), len(COLUMN_NAMES)) == (int(shown), True, int(told))
