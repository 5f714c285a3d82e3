"""The licences of what is installed with the exchange, held against those that `licences.toml` permits."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component
from cyclonedx.model.license import LicenseAcknowledgement, LicenseExpression
from license_expression import ExpressionError, get_spdx_licensing
from packaging.utils import canonicalize_name

from tests.supply_chain.locks import ROOT

POLICY = Path(__file__).with_name("licences.toml")
PAGE = ROOT / "docs" / "licences.md"

_INTRODUCTION = """\
# Licences of what is installed with the exchange

`make licences` writes this page from `requirements.lock` and what the packages say of themselves. What may be installed
is declared in `tests/supply_chain/licences.toml`, and so is what a package says in other words than SPDX's.
"""


@dataclass(frozen=True)
class Policy:
    """What is permitted.

    Attributes
    ----------
    permissive
        Licences (SPDX) that any package may have.
    reciprocal
        Licence -> packages that may have it, and why.
    stated
        Package -> the licence that its metadata does not tell in SPDX's names.
    """

    permissive: frozenset[str]
    reciprocal: Mapping[str, tuple[frozenset[str], str]]
    stated: Mapping[str, str]

    def permits(self, package: str, licence: str) -> bool:
        """Tell whether a package may be used under a licence or an expression of several; an unknown one is not."""
        try:
            parsed = _spdx().parse(licence, validate=True)
        except ExpressionError:
            return False
        return parsed is not None and self._permits(package, parsed)

    def _permits(self, package: str, node: Any) -> bool:
        if isinstance(node, _spdx().OR):
            return any(self._permits(package, choice) for choice in node.args)
        if isinstance(node, _spdx().AND):
            return all(self._permits(package, part) for part in node.args)
        packages, _ = self.reciprocal.get(node.key, (frozenset(), ""))
        return node.key in self.permissive or package in packages


def read_policy(path: Path = POLICY) -> Policy:
    """Read what is permitted."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    return Policy(
        frozenset(said["permissive"]["any"]),
        {each["licence"]: (frozenset(each["packages"]), each["why"]) for each in said["reciprocal"]},
        said["stated"],
    )


def declared(component: Component) -> str:
    """Return the licence that a package's metadata tells in SPDX's names, or an empty text.

    Several are taken to hold together. Classifiers are set aside: they name families of licences.
    """
    told = [each.value if isinstance(each, LicenseExpression) else each.id for each in component.licenses]
    return " AND ".join(f"({each})" if len(told) > 1 and " OR " in each else each for each in told if each)


def conclude(bom: Bom, policy: Policy) -> None:
    """Put the licences that the policy states in the place of what metadata tells."""
    for component in bom.components:
        if stated := policy.stated.get(canonicalize_name(component.name)):
            component.licenses = [LicenseExpression(stated, acknowledgement=LicenseAcknowledgement.CONCLUDED)]


def licences_of(bom: Bom, packages: Iterable[str], policy: Policy) -> dict[str, str]:
    """Return the licence of each package by name; an empty text where neither metadata nor the policy tells it.

    Packages that belong to other machines than this one are not in `bom`: theirs are stated.
    """
    told: dict[str, str] = {canonicalize_name(component.name): declared(component) for component in bom.components}
    return {package: policy.stated.get(package) or told.get(package, "") for package in sorted(set(packages))}


def problems(licences: Mapping[str, str], policy: Policy) -> Iterator[str]:
    """Tell of every package that may not be used."""
    for package, licence in licences.items():
        if not policy.permits(package, licence):
            yield f"{package}: {licence or 'no licence is declared in terms of SPDX'} is not permitted"


def page(licences: Mapping[str, str], policy: Policy) -> str:
    """Write the list of licences as a page of the documentation."""
    lines = [
        _INTRODUCTION,
        *(f"- {licence} ({', '.join(sorted(names))}): {why}" for licence, (names, why) in policy.reciprocal.items()),
        f"- {', '.join(sorted(policy.permissive))}: any package; they ask for their text and notices to go along.",
        "",
        "| package | licence |",
        "|---|---|",
        *(f"| `{package}` | {licence} |" for package, licence in licences.items()),
    ]
    return "\n".join(lines) + "\n"


@cache
def _spdx() -> Any:
    return get_spdx_licensing()
