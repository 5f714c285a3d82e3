"""The list of parts (SBOM) of a production install, in CycloneDX: versions, package URLs, hashes and licences.

CycloneDX's own tool reads the environment; here what is there for development only is left out, and each part gets the
hashes that its lock accepts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from itertools import chain

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component
from cyclonedx.output.json import JsonV1Dot6
from packaging.utils import canonicalize_name

from tests.supply_chain.licences import conclude, read_policy
from tests.supply_chain.locks import PRODUCTION, ROOT, Pin, read_lock

ACCEPTED = "the files of this version that the lock accepts; which of them is installed depends on the machine"


class NotAsLocked(Exception):
    """The environment has not what the lock says."""


def production() -> Bom:
    """List the parts of this environment that belong to a production install.

    Raises
    ------
    NotAsLocked
        When one of them is missing or of another version than the lock's.
    """
    bom = only(_environment(), [pin for pin in read_lock(PRODUCTION) if pin.holds_here])
    conclude(bom, read_policy())
    return bom


def only(bom: Bom, pins: Iterable[Pin]) -> Bom:
    """Leave in a list what is pinned, with the hashes of the pin.

    Raises
    ------
    NotAsLocked
        When a pinned package is missing or of another version.
    """
    installed: dict[str, Component] = {canonicalize_name(component.name): component for component in bom.components}
    kept: dict[str, Component] = {}
    for pin in pins:
        component = installed.get(pin.name)
        if component is None or component.version != pin.version:
            found = "not installed" if component is None else component.version
            raise NotAsLocked(f"{pin.name}: {pin.version} is locked, {found} is what is here")
        component.external_references.add(
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(str(component.purl)),
                comment=ACCEPTED,
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes],
            )
        )
        kept[pin.name] = component
    bom.components = kept.values()
    refs = {component.bom_ref for component in chain(kept.values(), [bom.metadata.component]) if component}
    bom.dependencies = [dependency for dependency in bom.dependencies if dependency.ref in refs]
    for dependency in bom.dependencies:
        dependency.dependencies = [each for each in dependency.dependencies if each.ref in refs]
    return bom


def written(bom: Bom) -> str:
    """Write a list as CycloneDX 1.6 JSON: the same environment gives the same text."""
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    del document["serialNumber"], document["metadata"]["timestamp"]
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _environment() -> Bom:
    """List everything that is installed beside this interpreter."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--no-validate"]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-format", "JSON", sys.executable]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    bom: Bom = Bom.from_json(json.loads(told))  # type: ignore[attr-defined]  # made by a decorator
    return bom
