"""Match the rows of tabular files to members, anew every night from all that is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.config import ExchangeConfig
from pipelines.identity.nicknames import forms
from pipelines.identity.proposals import propose, require_splink
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent


def lend_standing_rows(warehouse: Warehouse) -> None:
    """Make the temporary table `standing_rows`: the matched rows that count, and whom each is about today."""
    warehouse.run_file(_HERE / "standing.sql")


def match_identities(warehouse: Warehouse, config: ExchangeConfig, business_date: date) -> dict[str, int]:
    """Fill `exchange.identities` and `exchange.identity_proposals`; return the number of newest rows by method.

    Matched: `LIAISON` (decided), `CIN` (its holder's name or birth date agrees), `NAME_BIRTH_DATE_AND_MORE` (no CIN;
    name, birth date and one more datum agree with exactly one person), `OTHER_STATEMENT` (no CIN; name, birth date and
    the entry, booking number or facility agree with a statement that is matched). Not matched: `REVIEW` (someone must
    look), `UNMATCHED` (tried again every night), `EXPIRED` (tried long enough), `NOBODY` (decided). `PROPOSED` counts
    the rows with a proposal. Aliases must have been resolved before.

    Raises
    ------
    ConfigurationError
        When proposals are asked for and `splink` is not installed.
    """
    if config.identity.proposals:
        require_splink()
    warehouse.lend("nicknames", pd.DataFrame(forms(), columns=["name", "formal"], dtype="str"))
    with warehouse.transaction():
        warehouse.run_file(_HERE / "names.sql")
        warehouse.run_file(_HERE / "statements.sql", retry_days=config.identity.retry_days)
        warehouse.run_file(_HERE / "people.sql")
        warehouse.run_file(_HERE / "identities.sql", business_date=business_date)
        propose(warehouse, config.identity)
    counted = warehouse.rows(
        "SELECT method, count(*) FROM exchange.identities WHERE rank = 1 GROUP BY method ORDER BY method"
    )
    proposed = warehouse.value("SELECT count(DISTINCT (kind, file_id, row_no)) FROM exchange.identity_proposals")
    return {**dict(counted), **({"PROPOSED": proposed} if proposed else {})}
