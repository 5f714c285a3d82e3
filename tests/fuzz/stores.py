"""The stores in memory that fuzzed files are loaded into: a new one now and then, so that none grows without end."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from pipelines.transfer.pull import LandedFile
from sample_data.example_files import FOLDER
from tests.faults.hostile_834 import Engine, open_engine

_FILES_AT_MOST = 300


@dataclass
class Stores:
    """One store at a time, of the example's plan, which acknowledges 834s."""

    engine: Engine | None = None

    def next(self) -> Engine:
        if self.engine and len(self.engine.received) >= _FILES_AT_MOST:
            self.engine.warehouse.connection.close()
            rmtree(self.engine.config.home)
            self.engine = None
        if self.engine is None:
            home = Path(mkdtemp(prefix="fuzz-home"))
            self.engine = open_engine(FOLDER, home, acknowledge=("TA1", "999"), responses="/responses")
        return self.engine


def landed(engine: Engine, content: bytes) -> LandedFile:
    """Lay bytes into the landing folder under a name of their own."""
    digest = hashlib.sha256(content).hexdigest()
    path = engine.config.home / "landing" / digest[:2] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    engine.received.append(digest)
    number = len(engine.received)
    return LandedFile(f"LIST_20261028_{number:05d}.csv", len(content), number, digest, path)
