"""Run a Pandera schema over a table and say what it found as findings: row, column, code, severity, never a value.

A check carries its code in `error`: `R02` for a column's check, `R11:benefit_end` for a check over the whole row that
blames one column. A missing value in a column that may not be null carries the code that `required` was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from schemas.findings import CATALOGUE, findings


def matches(pattern: str, code: str) -> pa.Check:
    """Require that text, where present, matches the whole pattern."""
    return pa.Check(lambda text: text.str.fullmatch(pattern), error=code)


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
        return findings()
    try:
        schema.validate(table, lazy=True)
    except SchemaErrors as failure:
        cases = failure.failure_cases
    else:
        return findings()
    structural = cases["index"].isna()
    if structural.any():
        places = sorted({f"{case.column}: {case.check}" for case in cases[structural].itertuples()})
        # `from None`: the original error prints the failing values.
        raise TypeError(f"table does not have the shape of {schema.name}: {'; '.join(places)}") from None
    missing = {name: (column.metadata or {}).get("missing", "R14") for name, column in schema.columns.items()}
    named = cases["check"].astype("str").str.partition(":")
    code = named[0].where(named[0] != "not_nullable", cases["column"].map(missing))
    blamed: Any = named[2].where(named[2] != "", cases["column"])
    if not code.isin(list(CATALOGUE)).all():
        raise TypeError(f"table does not have the types of {schema.name}")
    found = pd.DataFrame(
        {
            "row": cases["index"].astype("int64"),
            "column": blamed.astype("str"),
            "code": code.astype("str"),
            "severity": code.map({c: f.severity.value for c, f in CATALOGUE.items()}).astype("str"),
        }
    )
    return found.drop_duplicates().sort_values(["row", "column", "code"], ignore_index=True)
