"""Nights that left files with providers and of which a restored store knows nothing: they are to be run by their date.

A later night in their place would tell anew, under its own date, what was told on them. The same night, from the same
files and decisions, gives the same bytes, finds them where they stand, and sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.config import ExchangeConfig, Roster
from pipelines.config.providers import Provider
from pipelines.delivery.documents import layout_for
from pipelines.transfer.connection import Endpoint
from pipelines.transfer.pull import RemoteFile, pull
from pipelines.warehouse import Warehouse
from schemas.outbound import OutboundLayout
from schemas.problems import ExchangeError

_NOWHERE = Path("/nonexistent")
"""Where nothing lands: every file is only looked at."""


@dataclass(frozen=True)
class LostNights:
    """What the providers' folders show."""

    nights: tuple[date, ...]
    not_asked: tuple[str, ...]
    """Providers whose folder could not be looked into: what stands there is not known."""


def find_lost_nights(
    warehouse: Warehouse, config: ExchangeConfig, roster: Roster, endpoints: Mapping[str, Endpoint]
) -> LostNights:
    """Look into every provider's folder for files of nights after the last one known, and note those nights as LOST.

    What a provider has taken away already is not seen, nor what is called by a layout that is no longer in use.
    """
    last = warehouse.value("SELECT max(business_date) FROM ledger.runs") or date.min
    nights, not_asked = set[date](), []
    for provider in roster.providers:
        try:
            seen = _nights_in(endpoints[provider.npi], provider, layout_for(provider, config))
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


def _nights_in(endpoint: Endpoint, provider: Provider, layout: OutboundLayout) -> set[date]:
    """List the nights whose files stand in a provider's folder; nothing is read."""
    nights = set()

    def look_only(remote: RemoteFile) -> bool:
        npi, day = layout.provider_and_night(remote.name) or ("", "")
        if npi == provider.npi:
            with suppress(ValueError):  # no day: none of ours
                nights.add(date.fromisoformat(day))
        return True

    pull(endpoint, provider.folder, "*", _NOWHERE, is_known=look_only, stable_for=0, sleep=lambda _: None)
    return nights
