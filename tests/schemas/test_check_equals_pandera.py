"""`check` takes a shorter way than Pandera's own round through a table; what they find is the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.enrollment import COVERAGE_SCHEMA, PLACEHOLDER_CINS, REPORTING_SCHEMA, check_chunk, members_schema
from schemas.layout import load_layout
from schemas.tabular import schema_for
from schemas.validation import check, judge

AS_OF = date(2025, 2, 6)
SCHEMAS = {
    "members": members_schema(AS_OF),
    "coverage": COVERAGE_SCHEMA,
    "reporting": REPORTING_SCHEMA,
    "referrals": schema_for(load_layout("mini_mif"), AS_OF),
}
DAMAGES = (
    None, "", " ", "x", "91234567B", "91234567b", PLACEHOLDER_CINS[3], "1980-02-29", "1981-02-29", "19810228",
    "2025-02-07", "0000-01-01", "2025-1-3", "93701", "9370", "F", "HLT", "001", "024", "É", "\x00",
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """A table of the schema's shape in which any cell may hold anything; rows repeat, and labels rise with gaps."""
    names = list(schema.columns)
    kinds = draw(st.lists(st.dictionaries(st.sampled_from(names), st.sampled_from(DAMAGES)), min_size=1, max_size=5))
    rows = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=12))
    numbers = {name for name, column in schema.columns.items() if str(column.dtype) == "int64"}
    table = pd.DataFrame(
        {
            name: pd.Series(
                range(len(rows)) if name in numbers else [row.get(name) for row in rows],
                dtype="int64" if name in numbers else "str",
            )
            for name in names
        }
    )
    labels = draw(st.lists(st.integers(0, 10_000), min_size=len(rows), max_size=len(rows), unique=True))
    return table.set_index(pd.Index(sorted(labels)))


@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_what_is_found_is_what_pandera_finds(name: str, data: st.DataObject) -> None:
    table = data.draw(damaged(SCHEMAS[name]))
    pd.testing.assert_frame_equal(check(SCHEMAS[name], table), judge(SCHEMAS[name], table))


def test_a_table_with_many_faults_is_judged_like_one_with_few() -> None:
    schema = SCHEMAS["members"]
    rows = pd.DataFrame({name: pd.Series(["?"] * 3000 + [None] * 3000, dtype="str") for name in schema.columns})
    rows = rows.assign(segment_no=range(6000)) if "segment_no" in rows else rows
    pd.testing.assert_frame_equal(check(schema, rows), judge(schema, rows))


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.drop(columns="category"),
        lambda table: table.assign(more="x"),
        lambda table: table.assign(category=pd.Series([7, 8], dtype="int64")),
        lambda table: table.assign(member_no=pd.Series(["1", "2"], dtype="str")),
    ],
)
def test_a_table_of_another_shape_is_refused_though_its_values_are_sound(change: Any) -> None:
    table = pd.DataFrame(
        {
            name: pd.Series([1, 2], dtype="int64") if name.endswith("_no") else pd.Series(["x", "y"], dtype="str")
            for name in REPORTING_SCHEMA.columns
        }
    ).assign(date=pd.Series([None, None], dtype="str"))
    assert check(REPORTING_SCHEMA, table).empty
    with pytest.raises(TypeError, match="enrollment reporting"):
        check(REPORTING_SCHEMA, change(table))


def test_the_findings_of_a_chunk_are_those_of_its_tables() -> None:
    def table(name: str, **cells: Any) -> pd.DataFrame:
        columns = SCHEMAS[name].columns
        return pd.DataFrame(
            {c: pd.Series([cells.get(c)], dtype="int64" if c.endswith("_no") else "str") for c in columns}
        )

    members = table("members", segment_no=3, cin="91234567B").set_index(pd.Index([9]))
    coverage = table("coverage", member_no=9, segment_no=4)
    reporting = table("reporting", member_no=9, segment_no=5)
    expected = {
        ("", column, code) for column, code in judge(SCHEMAS["members"], members)[["column", "code"]].to_numpy()
    }
    for name, of_name in (("coverage", coverage), ("reporting", reporting)):
        expected |= {
            ("", f"{name}.{column}", code)
            for column, code in judge(SCHEMAS[name], of_name)[["column", "code"]].to_numpy()
        }
    found = check_chunk(members, coverage, reporting, AS_OF)
    assert set(found["row"]) == {9}
    assert {("", column, code) for column, code in found[["column", "code"]].to_numpy()} == expected
