"""A night that was left in peace, to which every night that was not is compared."""

from __future__ import annotations

import csv
import io
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from paramiko import SubsystemHandler

from tests.faults.attempts import Attempt, Attempts, End
from tests.faults.tally import Row


@dataclass
class Undisturbed:
    """A plan as it stood before a night, and as it stood after it."""

    plan: Any
    on: date
    attempts: Attempts
    before: Path
    reached: tuple[str, ...] = ()
    tables: dict[str, Any] = field(default_factory=dict)
    found: dict[str, bytes] = field(default_factory=dict)

    def run_in_peace(self) -> None:
        """Run the night to its end and remember everything."""
        peace = self.attempt()
        assert peace.code in (0, 1), peace.err
        self.reached, self.tables, self.found = peace.reached, self.plan.tables(), self.plan.found()

    def attempt(self, end: End | None = None, **given: Any) -> Attempt:
        """Run the night once; when this returns, no server is still at work for it."""
        made = self.attempts.make(
            "run", "--config", self.plan.root / "exchange.toml", "--date", self.on, end=end, **given
        )
        for session in threading.enumerate():
            if isinstance(session, SubsystemHandler):
                session.join(timeout=30)
        return made

    def set_back(self) -> None:
        self.plan.set_back(self.before)

    def times(self, place: str) -> int:
        """How often a checkpoint was come to in peace."""
        return self.reached.count(place)

    def assert_nothing_is_cut(self) -> None:
        """Whatever has its name in somebody's folder is, byte for byte, what belongs there."""
        named = {path: content for path, content in self.plan.found().items() if not Path(path).name.startswith(".")}
        others = [path for path, content in named.items() if self.found.get(path) != content]
        assert not others, others

    def assert_same(self) -> None:
        """Every table but the record of runs, and every folder, are those of the undisturbed night."""
        tables = self.plan.tables()
        others = [name for name in self.tables if tables[name] != self.tables[name]]
        assert not others, others
        assert self.plan.found() == self.found
        assert leftovers(self.plan) == []

    def assert_the_audit_log_holds(self) -> None:
        """Its chain is whole, and it tells the same as the store."""
        verified = self.attempts.make("verify-audit", "--config", self.plan.root / "exchange.toml")
        assert verified.code == 0, verified.out + verified.err

    def told(self) -> list[Row]:
        return list(told(self.found))


def told(found: dict[str, bytes]) -> Iterator[Row]:
    """Yield what recipients were told: each row of a delta by itself, anything else by its name and bytes."""
    for path, content in found.items():
        recipient = Path(path).parts[0]
        if path.endswith("_DELTA.csv"):
            rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
            yield from ((recipient, tuple(row)) for row in list(rows)[1:])
        else:
            yield recipient, (Path(path).name, content)


def leftovers(plan: Any) -> list[str]:
    """List files of the home and of recipients' folders that only a night at work may have."""
    left = [
        path
        for place in (plan.config.home, plan.served)
        for path in place.rglob("*")
        if path.is_file() and (path.suffix in {".part", ".new", ".tmp"} or "spill" in path.parts)
    ]
    return sorted(str(path.relative_to(plan.root)) for path in left)


def nth_reach(reached: tuple[str, ...], place: int) -> End:
    """Name the checkpoint that was the `place`-th to be come to."""
    return End(reached[place], Counter(reached[: place + 1])[reached[place]])
