"""Put what was delivered once into a provider's folder again: the very bytes, because the provider lost them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from pipelines.config import ExchangeConfig, Roster
from pipelines.config.providers import Provider
from pipelines.delivery.recipient import shared_folder
from pipelines.delivery.send import provider_endpoints
from pipelines.pgp import read_public_key
from pipelines.transfer import receipts
from pipelines.transfer.push import Outcome, Parcel, push
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note
from schemas.problems import ExchangeError, ExitCode


class ResendRefused(ExchangeError):
    """Nothing was put anywhere."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True)
class Resent:
    """What became of one file."""

    name: str
    outcome: str
    """DELIVERED, ALREADY_THERE where the provider had it still, or FAILED."""
    code: str


def resend(
    warehouse: Warehouse,
    config: ExchangeConfig,
    roster: Roster,
    npi: str,
    day: date,
    *,
    on: date,
    reason: str,
    resent_by: str,
    sleep: Callable[[float], None],
) -> tuple[Resent, ...]:
    """Put the files that a provider was delivered on `day`, or that are of that night, into its folder again.

    What the provider counts as having been told stays as it is: the next delta is the same with or without it.

    Raises
    ------
    ResendRefused
        When the provider may not be sent members, nothing was delivered that day, its bytes are not what they were, or
        the provider has a key by now that they are not encrypted to.
    """
    provider = _who_may_have_them(roster, npi)
    parcels = _delivered(warehouse, provider, day)
    _forget_receipts(parcels)  # what was there once is not there now: that is why it is sent again
    results = push(provider_endpoints(Roster((provider,)), config)[npi], list(parcels), sleep=sleep)
    with warehouse.transaction():
        for result in results:
            outbox_id = parcels[result.parcel]
            told = {
                "id": outbox_id, "on": on, "outcome": result.outcome.value, "code": result.code, "reason": reason,
                "by": resent_by,
            }  # fmt: skip
            warehouse.run(
                """INSERT INTO delivery.resends BY NAME
                   SELECT $id AS outbox_id, $on AS resent_on, $outcome AS outcome, $code AS code, $reason AS reason,
                          $by AS resent_by""",
                told,
            )
            event = "NOT_RESENT" if result.outcome is Outcome.FAILED else "RESENT"
            note(warehouse, on, event, outbox_id, result.code or f"sha256 {result.parcel.sha256}")
    _forget_receipts(parcels)
    return tuple(Resent(result.parcel.name, result.outcome.value, result.code) for result in results)


def _forget_receipts(parcels: Iterable[Parcel]) -> None:
    for parcel in parcels:
        receipts.drop(parcel.local)


def _who_may_have_them(roster: Roster, npi: str) -> Provider:
    provider = roster.by_npi().get(npi)
    if provider is None:
        raise ResendRefused(
            "A01", "no provider of the roster has this NPI", remedy="`ecm-exchange directory` lists them."
        )
    if not (provider.active and provider.ji_provider):
        raise ResendRefused(
            "A02",
            "the provider is not active or not JI-capable: it is sent no members",
            remedy="Correct its line of the providers table if it does serve; nothing is sent against it.",
        )
    if shared_folder(provider, roster):
        raise ResendRefused(
            "G01",
            "the provider's folder might be another's",
            where=npi,
            remedy="Give it a folder of its own in the providers table, then type this again.",
        )
    return provider


def _delivered(warehouse: Warehouse, provider: Provider, day: date) -> dict[Parcel, str]:
    """List what was delivered, in its order, with the outbox id of each; every file has to be what it was."""
    found = warehouse.rows(
        """SELECT o.outbox_id, o.path, o.name, o.sha256, o.size, o.business_date, o.pgp_key
           FROM delivery.deliveries AS d JOIN delivery.outbox AS o ON o.outbox_id = d.outbox_id
           WHERE o.recipient_kind = 'PROVIDER' AND d.recipient = $npi AND $day IN (d.delivered_on, d.business_date)
           ORDER BY o.business_date, o.sequence, o.part""",
        {"npi": provider.npi, "day": day},
    )
    if not found:
        last = warehouse.value(
            "SELECT max(delivered_on) FROM delivery.deliveries WHERE recipient = $npi AND delivered_on <= $day",
            {"npi": provider.npi, "day": day},
        )
        raise ResendRefused(
            "H07",
            f"nothing was delivered to this provider on {day}",
            remedy=f"The last delivery before was on {last}." if last else f"See `ecm-exchange status --date {day}`.",
        )
    parcels = {}
    key = None if provider.pgp_key_file is None else read_public_key(provider.pgp_key_file).fingerprint
    for outbox_id, path, name, sha256, size, night, was_for in found:
        if key is not None and was_for != key:
            raise ResendRefused(
                "H09", "the file was delivered unencrypted, or for another key than the provider has now", where=name,
                remedy="Wait for its full file: it tells the provider everyone it has, encrypted to its key.",
            )  # fmt: skip
        local = warehouse.home / "outbox" / path
        if not local.is_file() or hashlib.sha256(local.read_bytes()).hexdigest() != sha256:
            raise ResendRefused(
                "H08", "the bytes that were delivered are gone or are not what they were", where=name,
                remedy="Put it back into `outbox/` from a backup, or wait for the full file: it tells everyone it has.",
            )  # fmt: skip
        group = f"{provider.npi} {night}"
        parcels[Parcel(local, provider.folder, name, sha256, size, group)] = outbox_id
    return parcels
