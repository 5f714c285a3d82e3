"""Every table and column of the store says what it means, and the pages of the dictionary are made from that."""

from __future__ import annotations

import pytest

from pipelines.warehouse.meanings import tables
from schemas.meanings import Privacy, vocabulary
from tests.docs import dictionary


def test_every_table_and_every_column_says_what_it_means() -> None:
    silent = [name for name, table in tables().items() if not table.meaning]
    silent += [
        f"{name}.{column.name}" for name, table in tables().items() for column in table.columns if not column.meaning
    ]
    assert silent == [], "say it behind the column where its table is declared, or in schemas/meanings.toml"


def test_a_name_is_explained_only_where_there_is_a_column_of_it() -> None:
    columns = {column.name for table in tables().values() for column in table.columns}
    assert vocabulary().meanings.keys() | vocabulary().anchors <= columns


def test_what_is_said_behind_a_column_goes_before_what_its_name_means() -> None:
    means = {column.name: column.meaning for column in tables()["exchange.clocks"].columns}
    assert means["name"].startswith("Which clock")
    assert means["rule"] == vocabulary().meanings["rule"]


def test_the_phone_of_a_provider_names_no_member_and_that_of_a_member_does() -> None:
    said = {
        name: {column.name: column.privacy for column in tables()[name].columns}["phone"]
        for name in ("exchange.provider_directory", "exchange.members")
    }
    assert said == {"exchange.provider_directory": Privacy.NOTHING, "exchange.members": Privacy.NAMES}


@pytest.mark.parametrize("schema", dictionary.SCHEMAS)
def test_a_page_of_the_dictionary_is_what_the_program_says(schema: str) -> None:
    written = (dictionary.FOLDER / f"{schema}.md").read_text(encoding="utf-8")
    assert written == dictionary.page(schema), "Write it anew: python -m tests.docs.generated"


def test_every_schema_of_the_store_has_a_page() -> None:
    assert {name.partition(".")[0] for name in tables()} == dictionary.SCHEMAS.keys()
