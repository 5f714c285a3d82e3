"""What a plan published last, where it can be read, wherever its home is kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from pipelines.config import ExchangeConfig
from pipelines.homes.variables import DATABASE_VARIABLE


def at_hand(config: ExchangeConfig, secrets: Mapping[str, str]) -> AbstractContextManager[None]:
    """Let `config.home` be where what the plan published last can be read, while the block runs; nobody is disturbed.

    Raises
    ------
    DepotFault
        S22 or S23, when it does not come out of the plan's depot.
    """
    if config.paths.depot is None:
        return nullcontext()
    from pipelines.homes.hold import hold_published  # noqa: PLC0415 - homes that stay do without what it needs

    return hold_published(config, database=os.environ.get(DATABASE_VARIABLE), secrets=secrets)
