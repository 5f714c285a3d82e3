"""A machine that works on a home from its depot: its lease is a file, and nobody else asks for it meanwhile."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from pipelines.cli.app import app
from pipelines.config import read_config
from pipelines.containment import contain
from pipelines.durable import replace_file
from pipelines.homes.brought import brought
from pipelines.homes.leases import HighWater


class LeaseOnDisk:
    """Keeps the mark of one home in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.high_water = HighWater(**json.loads(file.read_bytes())) if file.exists() else HighWater()

    def refuse_lost(self) -> None:
        """It is never lost."""

    def raise_high_water(self, mark: HighWater) -> None:
        """Move the mark."""
        replace_file(self._file, json.dumps(asdict(mark)).encode())
        self.high_water = mark


def main() -> None:
    """Run a command on the home, as `ecm-exchange fleet do` does: machine's folder, lease, then the command."""
    folder, lease, *command = sys.argv[1:]
    config = read_config(Path(command[command.index("--config") + 1]))
    contain()
    with brought(config, LeaseOnDisk(Path(lease)), Path(folder) / "home", {}):
        app(command)
