"""Sending again what a recipient did not get: the waiting outbox as it stands, nothing received or decided anew."""

from __future__ import annotations

import dagster as dg

redeliver = dg.define_asset_job(
    "redeliver",
    selection=dg.AssetSelection.assets(["delivery", "deliveries"], ["ledger", "runs"]),
    description="Send what still waits in the outbox, and nothing else: for a provider whose server is back. What "
    "arrived before is recognised by its hash and not sent twice. A night that was broken off before its files were "
    "ready sends nothing this way (K10): it is run again.",
)
