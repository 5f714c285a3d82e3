"""What a provider returns -> facts: return transmissions and outreach attempts, on the members assigned to it alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from parsers.tabular import TabularFile
from pipelines.checkpoints import Checkpoint
from pipelines.config import ExchangeConfig
from pipelines.intake.ledger import LedgerFile
from pipelines.load.tabular import Way, load_tabular
from pipelines.warehouse import Warehouse
from schemas.findings import findings
from schemas.layout import load_layout

RETURNS = {"rtf": "facts.return_transmissions", "otf": "facts.outreach_attempts"}
"""Facts table of each kind of return, whose columns are those of the layout of that name."""

_SAYS_WHOSE = ["cin", "ecm_provider_npi"]
_NOT_ONE = ("R02", "R07", "R13")
"""Findings on a CIN or NPI that is none: whose it is cannot be said."""

_STRANGERS = Path(__file__).with_name("strangers.sql")


def load_return(warehouse: Warehouse, config: ExchangeConfig, file: LedgerFile) -> None:
    """Load a file that lay in a provider's account."""
    days = config.safety.returns_after_end_days
    way = Way(
        judge=lambda sheet, found: _without_strangers(warehouse, file, sheet, found, days),
        facts=_facts,
        inserted=Checkpoint.RETURN_INSERTED,
        settled=Checkpoint.RETURN_SETTLED,
    )
    load_tabular(warehouse, config, file, way, reporting_npi=file.reporting_npi)


def _facts(sheet: TabularFile, rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give each row to the table of its kind and, where it tells of an attempt as well, to the one of attempts too."""
    kind = sheet.layout.kind
    yield RETURNS[kind], _of(kind, rows)
    if kind != "otf" and "attempt_date" in rows:
        yield RETURNS["otf"], _of("otf", rows[rows["attempt_date"].notna()])


def _of(kind: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[[name for name in load_layout(kind).column_names if name in rows]]


def _without_strangers(
    warehouse: Warehouse, file: LedgerFile, table: TabularFile, found: pd.DataFrame, days: int
) -> pd.DataFrame:
    """Return the findings with R19 for each row on another provider's member, and nothing else about such a row."""
    said = table.rows.reindex(columns=_SAYS_WHOSE).astype("str")
    for column in _SAYS_WHOSE:
        unclear = found.loc[(found["column"] == column) & found["code"].isin(_NOT_ONE), "row"]
        said.loc[said.index.isin(unclear), column] = pd.NA
    warehouse.lend("returned", said.assign(row=said.index))
    parameters = {"npi": file.reporting_npi, "on": file.file_date, "days": days}
    refused = warehouse.table(_STRANGERS.read_text(encoding="utf-8"), parameters)
    theirs = [
        findings(refused.loc[refused["column_name"] == column, "row"].tolist(), column, "R19") for column in _SAYS_WHOSE
    ]
    together = pd.concat([found[~found["row"].isin(refused["row"])], *theirs])
    return together.sort_values(["row", "column", "code"], ignore_index=True)
