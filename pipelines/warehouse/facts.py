"""Tables of the facts, made from the columns of the files they keep: a column is declared once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from schemas.enrollment_columns import COVERAGE_COLUMNS, MEMBER_COLUMNS, REPORTING_COLUMNS
from schemas.kinds import LISTS
from schemas.layout import load_layout

_STAMP = {"file_id": "VARCHAR NOT NULL", "file_order": "BIGINT NOT NULL"}
_ROW = {
    **_STAMP,
    "source": "VARCHAR NOT NULL",
    "file_date": "DATE NOT NULL",
    "row_no": "BIGINT NOT NULL",
    "line_no": "BIGINT",
}
_RETURN = {**_ROW, "reporting_npi": "VARCHAR NOT NULL"}
"""Of what a provider returns: `reporting_npi` is whose folder it came from, whatever its rows say."""
_NUMBERS = ("member_no", "segment_no")
_ENROLLMENT_DATES = (
    "birth_date", "death_date", "reporting_month", "benefit_begin", "benefit_end", "benefit_month", "date",
)  # fmt: skip

_DECISIONS = Path(__file__).with_name("decisions.sql")


def facts_ddl() -> str:
    """Return the statements that create the facts tables where they are missing."""
    member = {"member_no": "BIGINT NOT NULL", **_typed(MEMBER_COLUMNS, _ENROLLMENT_DATES)}
    coverage = {"cin": "VARCHAR NOT NULL", **_typed(COVERAGE_COLUMNS, _ENROLLMENT_DATES)}
    reporting = {"cin": "VARCHAR NOT NULL", **_typed(REPORTING_COLUMNS, _ENROLLMENT_DATES)}
    statements = [
        "CREATE SCHEMA IF NOT EXISTS facts;",
        _create("facts.enrollment_members", "Each member of each 834: one row for an INS.", _STAMP | member),
        _create("facts.enrollment_coverage", "Each HD of each 834: a benefit month in one HCP.", _STAMP | coverage),
        _create("facts.enrollment_reporting", "Each reporting category, an N1*75 of loop 2750.", _STAMP | reporting),
        _DECISIONS.read_text(encoding="utf-8"),
    ]
    for table, layout_name, stamp, meaning in (
        *((kind.facts, kind.name, _ROW, kind.row) for kind in LISTS.values()),
        ("facts.return_transmissions", "rtf", _RETURN, "Each row that was taken of what a provider reports."),
        ("facts.outreach_attempts", "otf", _RETURN, "Each attempt to reach a member that was taken."),
    ):
        columns = load_layout(layout_name).columns
        typed = _typed(
            (c.name for c in columns), [c.name for c in columns if c.type == "date" and c.multiple == "refuse"]
        )
        statements.append(_create(table, meaning, stamp | typed))
    return "\n".join(statements)


def _typed(names: Iterable[str], dates: Iterable[str]) -> dict[str, str]:
    date_names = set(dates)
    return {
        name: "DATE" if name in date_names else "BIGINT NOT NULL" if name in _NUMBERS else "VARCHAR" for name in names
    }


def _create(table: str, meaning: str, columns: dict[str, str]) -> str:
    declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"-- {meaning}\nCREATE TABLE IF NOT EXISTS {table} ({declared});"
