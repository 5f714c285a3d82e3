"""Nights that left files with providers and of which a restored store knows nothing: they are to be run by their date.

A later night in their place would tell anew, under its own date, what was told on them. The same night, from the same
files and decisions, gives the same bytes, finds them where they stand, and sends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.config import Roster
from pipelines.transfer.connection import Endpoint
from pipelines.transfer.pull import RemoteFile, pull
from pipelines.warehouse import Warehouse
from schemas.problems import ExchangeError

_NOWHERE = Path("/nonexistent")
"""Where nothing lands: every file is only looked at."""

_NAME = re.compile(r"ECM_ASSIGNMENT_(?P<npi>\d{10})_(?P<day>\d{8})_\d+_(?:DELTA|FULL)\.")


@dataclass(frozen=True)
class LostNights:
    """What the providers' folders show."""

    nights: tuple[date, ...]
    not_asked: tuple[str, ...]
    """Providers whose folder could not be looked into: what stands there is not known."""


def find_lost_nights(warehouse: Warehouse, roster: Roster, endpoints: Mapping[str, Endpoint]) -> LostNights:
    """Look into every provider's folder for files of nights after the last one known, and note those nights as LOST.

    What a provider has taken away already is not seen.
    """
    last = warehouse.value("SELECT max(business_date) FROM ledger.runs") or date.min
    nights, not_asked = set[date](), []
    for provider in roster.providers:
        try:
            seen = _nights_in(endpoints[provider.npi], provider.folder, provider.npi)
        except ExchangeError:
            not_asked.append(provider.npi)
        else:
            nights |= {night for night in seen if night > last}
    for night in sorted(nights):
        warehouse.run(
            """INSERT INTO ledger.runs BY NAME
               SELECT md5(concat_ws('|', $night, 1)) AS run_id, $night AS business_date, 1 AS attempt,
                      'LOST' AS status""",
            {"night": night},
        )
    return LostNights(tuple(sorted(nights)), tuple(not_asked))


def _nights_in(endpoint: Endpoint, folder: str, npi: str) -> set[date]:
    """List the nights whose files stand in a provider's folder; nothing is read."""
    nights = set()

    def look_only(remote: RemoteFile) -> bool:
        named = _NAME.match(remote.name)
        if named is not None and named["npi"] == npi:
            with suppress(ValueError):  # no day: none of ours
                nights.add(date.fromisoformat(named["day"]))
        return True

    pull(endpoint, folder, "ECM_ASSIGNMENT_*", _NOWHERE, is_known=look_only, stable_for=0, sleep=lambda _: None)
    return nights
