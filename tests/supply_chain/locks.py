"""Lock files: which version of each package is installed, where, and what its files must hash to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]

PRODUCTION = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"
FUZZING = ROOT / "requirements-fuzz.lock"
LOCKS = (PRODUCTION, DEVELOPMENT, FUZZING)


@dataclass(frozen=True)
class Pin:
    """One requirement of a lock.

    Attributes
    ----------
    name
        In the form that compares: lower case, with hyphens.
    requirement
        As written: `name==version`, with the marker that says where it is installed.
    hashes
        SHA-256 of every file of this version that may be installed.
    """

    name: str
    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def version(self) -> str:
        """The one version that is allowed, or an empty text where several would be."""
        versions = [specifier.version for specifier in self.requirement.specifier if specifier.operator == "=="]
        return versions[0] if len(versions) == len(self.requirement.specifier) == 1 else ""

    @property
    def holds_here(self) -> bool:
        """Whether this interpreter on this machine has the package installed."""
        return self.requirement.marker is None or self.requirement.marker.evaluate()


def read_lock(path: Path) -> tuple[Pin, ...]:
    """Read the requirements of a lock in their order.

    Raises
    ------
    packaging.requirements.InvalidRequirement
        For a line that is no requirement, such as an option or an address.
    """
    return tuple(_pin(line) for line in _lines(path.read_text(encoding="utf-8")))


def _lines(text: str) -> Iterator[str]:
    """Put together what a backslash at its end continues; comments stand on lines of their own."""
    written = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    yield from filter(None, map(str.strip, written.replace("\\\n", " ").splitlines()))


def _pin(line: str) -> Pin:
    written, *hashes = line.split(" --hash=sha256:")
    requirement = Requirement(written)
    return Pin(canonicalize_name(requirement.name), requirement, tuple(each.strip() for each in hashes))
