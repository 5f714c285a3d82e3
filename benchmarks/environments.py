"""The interpreters: the project's own, and virtual environments for peers, made once and pinned by hash.

There are two of these because linuxforhealth-x12 wants Pydantic 1 and hccinfhir Pydantic 2.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
RESULTS = _HERE / "results"
"""Everything that is made here: environments, files, tables. Git ignores it."""


@dataclass(frozen=True)
class Environment:
    """An interpreter and the packages it sees."""

    python: Path
    lock: Path | None = None

    def prepare(self) -> None:
        """Make the environment, unless it stands as its lock file says."""
        if self.lock is None:
            return
        folder = self.python.parents[1]
        stamp = folder / "installed"
        digest = hashlib.sha256(self.lock.read_bytes()).hexdigest()
        if stamp.is_file() and stamp.read_text(encoding="ascii") == digest:
            return
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip: list[str | Path] = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", self.lock], check=True)
        stamp.write_text(digest, encoding="ascii")


def _environment(name: str, lock: str) -> Environment:
    return Environment(RESULTS / "environments" / name / "bin" / "python", _HERE / lock)


PROJECT = Environment(Path(sys.executable))
PEERS = _environment("peers", "requirements.lock")
MODELS = _environment("models", "requirements-models.lock")
