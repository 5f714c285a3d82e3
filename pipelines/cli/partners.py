"""The partners of an invented plan: one embedded server with every account, and the files that they leave there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pipelines.config import ExchangeConfig, Roster
from pipelines.transfer.jail import Jail
from pipelines.transfer.keys import ensure_keypair, known_hosts_line
from pipelines.transfer.server import EmbeddedServer
from sample_data import SampleExchange


@contextmanager
def serving_partners(
    folder: Path,
    config: ExchangeConfig,
    roster: Roster,
    *,
    environment: Mapping[str, str] = os.environ,
    jail: Callable[[Path], Jail] = Jail,
) -> Iterator[frozenset[str]]:
    """Serve every partner of the plan in `folder` below its `sftp`, with keys made for it; yields their accounts.

    They are all reached where the first source is. `environment` holds the passwords of accounts that have one, and
    `jail` makes the answers of a session from the account's folder.
    """
    keys, served, source = folder / "keys", folder / "sftp", config.sources[0]
    ensure_keypair(keys / "plan_ed25519")
    host_key = ensure_keypair(keys / "host_ed25519")
    line = known_hosts_line(source.host, source.port, host_key)
    (keys / "known_hosts").write_text(f"{line}\n", encoding="ascii")
    places = [(each.username, place) for each in config.sources for place in (each.folder, each.responses)]
    places += [(provider.username, provider.folder) for provider in roster.providers]
    for account, place in places:
        (served / account / (place or "").strip("/")).mkdir(parents=True, exist_ok=True)
    accounts = frozenset(account for account, _ in places)
    with EmbeddedServer(
        served,
        {account: account for account in accounts},
        keys / "host_ed25519",
        keys / "plan_ed25519.pub",
        source.port,
        host=source.host,
        passwords={each.username: environment[each.password_env] for each in config.sources if each.password_env},
        jail=jail,
    ):
        yield accounts


def leave_files(exchange: SampleExchange, on: date) -> None:
    """Let the partners leave what they send before the night of `on`."""
    for account in sorted(exchange.servers(on).iterdir()):
        shutil.copytree(account, exchange.out / "sftp" / account.name, dirs_exist_ok=True)
