"""Run a Pandera schema over a table and say what it found as findings: row, column, code, severity, never a value.

A check carries its code in `error`: `R02` for a column's check, `R11:benefit_end` for a check over the whole row that
blames one column. A missing value in a column that may not be null carries the code that `required` was given.

Pandera's own round through a table pays for every column, sound or not, and more for every failure. `check` asks the
same checks of the same schema, each once, and once for each distinct value where that decides; `judge` is the round
itself, and what both find is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from schemas.findings import CATALOGUE, findings

_SEVERITY = {code: entry.severity.value for code, entry in CATALOGUE.items()}
_NOTHING = findings()


def holds(rule: Callable[[pd.Series], pd.Series], code: str) -> pa.Check:
    """Require that `rule` holds of each text that is present; it must depend on nothing but the text."""
    return pa.Check(rule, error=code, determined_by_unique=True)


def across(
    rule: Callable[[pd.DataFrame], pd.Series], *columns: str, code: str, blamed: str, few_values: bool = False
) -> pa.Check:
    """Require that `rule`, which reads `columns` and no others, holds of each row; `blamed` is the column that is told.

    Where the columns hold `few_values`, the rule is asked once for each combination.
    """
    return pa.Check(
        rule,
        error=f"{code}:{blamed}",
        ignore_na=False,
        statistics={"columns": list(columns)},
        determined_by_unique=few_values,
    )


def matches(pattern: str, code: str) -> pa.Check:
    """Require that text, where present, matches the whole pattern."""
    return holds(lambda text: text.str.fullmatch(pattern), code)


def one_of(values: Sequence[str], code: str = "R12") -> pa.Check:
    """Require that text, where present, is in the code list."""
    return pa.Check.isin(list(values), error=code)


def at_most(characters: int) -> pa.Check:
    """Require that text is no longer than `characters`."""
    return pa.Check.str_length(max_value=characters, error="R16")


def required(*checks: pa.Check, missing: str = "R14") -> pa.Column:
    """Declare a text column in which a missing value is a finding of code `missing`."""
    return pa.Column("str", list(checks), nullable=False, metadata={"missing": missing})


def optional(*checks: pa.Check) -> pa.Column:
    """Declare a text column that may be empty."""
    return pa.Column("str", list(checks), nullable=True)


def check(schema: pa.DataFrameSchema, table: pd.DataFrame) -> pd.DataFrame:
    """Validate `table` and return its findings, ordered by row, column and code; an empty table when all is well.

    The index of `table` must be unique: it names the rows in the findings. A structural mismatch (a column missing,
    a wrong type) is a programming error and raises `TypeError`.
    """
    if table.empty:
        return _NOTHING.copy()
    if not _has_shape_of(schema, table):
        return judge(schema, table)
    failures = list(_failures(schema, table))
    if not failures:
        return _NOTHING.copy()
    sizes = [len(failure.rows) for failure in failures]
    return _in_order(
        np.concatenate([failure.rows for failure in failures]),
        np.repeat([failure.column for failure in failures], sizes),
        np.repeat([failure.code for failure in failures], sizes),
    )


def judge(schema: pa.DataFrameSchema, table: pd.DataFrame) -> pd.DataFrame:
    """Let Pandera validate the whole table and read its failure cases as findings: what `check` must say, but slowly.

    A structural mismatch raises `TypeError`.
    """
    try:
        schema.validate(table, lazy=True)
    except SchemaErrors as failure:
        cases = failure.failure_cases
    else:
        return _NOTHING.copy()
    structural = cases["index"].isna()
    if structural.any():
        places = sorted({f"{case.column}: {case.check}" for case in cases[structural].itertuples()})
        # `from None`: the original error prints the failing values.
        raise TypeError(f"table does not have the shape of {schema.name}: {'; '.join(places)}") from None
    missing = {name: _missing_code(column) for name, column in schema.columns.items()}
    named = cases["check"].astype("str").str.partition(":")
    code = named[0].where(named[0] != "not_nullable", cases["column"].map(missing))
    blamed: Any = named[2].where(named[2] != "", cases["column"])
    if not code.isin(list(_SEVERITY)).all():
        raise TypeError(f"table does not have the types of {schema.name}")
    return _in_order(cases["index"].astype("int64"), blamed, code)


class _Failure(NamedTuple):
    """One check with the labels of the rows that fail it, and how it is told."""

    rows: npt.NDArray[np.int64]
    column: str
    code: str


def _has_shape_of(schema: pa.DataFrameSchema, table: pd.DataFrame) -> bool:
    types = dict(zip(table.columns, table.dtypes, strict=True))
    return types.keys() == schema.columns.keys() and all(
        types[name] == column.dtype.type for name, column in schema.columns.items()
    )


def _failures(schema: pa.DataFrameSchema, table: pd.DataFrame) -> Iterator[_Failure]:
    for name, column in schema.columns.items():
        if column.nullable and not column.checks:
            continue
        values = table[name]
        if not column.nullable and values.hasnans:
            yield _Failure(table.index[values.isna()].to_numpy(), name, _missing_code(column))
        for test in column.checks:
            yield from _failure(test, values, name)
    for rule in schema.checks:
        yield from _failure(rule, table[rule.statistics.get("columns", list(table.columns))], "")


def _failure(test: pa.Check, values: Any, column: str) -> Iterator[_Failure]:
    """Ask a check of a column, or of the columns of a rule."""
    if test.determined_by_unique and test(values.drop_duplicates()).check_passed:
        return
    result = test(values)
    if not result.check_passed:
        # Missing values were not asked about and are not in the answer.
        failing = result.check_output.index[~result.check_output.to_numpy(dtype=bool)]
        code, _, blamed = str(test.error).partition(":")
        yield _Failure(failing.to_numpy(), blamed or column, code)


def _missing_code(column: pa.Column) -> str:
    return str((column.metadata or {}).get("missing", "R14"))


def _in_order(rows: Any, columns: Any, codes: Any) -> pd.DataFrame:
    """Put findings into their table, each once, ordered by row, column and code."""
    code = pd.Series(codes, dtype="str")
    found = pd.DataFrame(
        {
            "row": pd.Series(rows, dtype="int64"),
            "column": pd.Series(columns, dtype="str"),
            "code": code,
            "severity": code.map(_SEVERITY).astype("str"),
        }
    )
    return found.drop_duplicates().sort_values(["row", "column", "code"], ignore_index=True)
