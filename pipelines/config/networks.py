"""Other plans' networks of ECM providers for people leaving incarceration, as a table that the plan keeps (R19)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from pipelines.config.cells import County, Npi
from pipelines.config.csv_table import read_csv_table, refuse

NETWORK_COLUMNS = ("plan", "npi", "county", "name")


class NetworkEntry(BaseModel):
    """One provider that another plan has in one county."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    plan: Annotated[str, Field(min_length=1)]
    npi: Npi
    county: County
    name: str | None = None


def read_networks(path: Path, *, own_plan: str) -> pd.DataFrame:
    """Read the table of other plans' networks: a row a plan, provider and county, ordered by them.

    Columns: plan, npi, county, name (missing where not given), all text.

    Raises
    ------
    ConfigurationError
        With all mistakes at once, each with its line and column.
    """
    rows, mistakes = read_csv_table(path, NetworkEntry, name="table of other plans' networks")
    seen: dict[tuple[str, str, str], int] = {}
    for line, entry in rows:
        first = seen.setdefault((entry.plan, entry.npi, entry.county), line)
        if first != line:
            mistakes.append(f"lines {first} and {line} say the same")
        if entry.plan == own_plan:
            mistakes.append(f"line {line}, plan: is the plan itself; its own providers stand in the providers table")
    refuse(mistakes, path)
    frame = pd.DataFrame([entry.model_dump() for _, entry in rows], columns=list(NETWORK_COLUMNS)).astype("str")
    return frame.sort_values(["plan", "npi", "county"], ignore_index=True)
