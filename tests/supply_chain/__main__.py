"""`python -m tests.supply_chain sbom | licences | secrets`: write a list, or look for what must not be there."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.supply_chain.licences import PAGE, licences_of, page, problems, read_policy
from tests.supply_chain.locks import PRODUCTION, ROOT, read_lock
from tests.supply_chain.sbom import NotAsLocked, production, written
from tests.supply_chain.secret_scan import places, tracked


def main() -> None:
    """Do what the command line asks; exits with 1 when something is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.supply_chain", description="What the exchange is made of.")
    asked = parser.add_subparsers(dest="asked", required=True)
    sbom = asked.add_parser("sbom", help="write the parts of a production install as CycloneDX JSON")
    sbom.add_argument("--out", type=Path, default=ROOT / "sbom.json", help="file to write (sbom.json)")
    asked.add_parser("licences", help=f"write their licences to {PAGE.relative_to(ROOT)}, if all are permitted")
    asked.add_parser("secrets", help="look for keys, passwords and tokens in the project's files")
    arguments = parser.parse_args()
    match arguments.asked:
        case "sbom":
            _sbom(arguments.out)
        case "licences":
            _licences()
        case "secrets":
            _stop([f"{place}, perhaps a secret" for place in places(ROOT, tracked(ROOT))])


def _sbom(out: Path) -> None:
    try:
        bom = production()
    except NotAsLocked as problem:
        _stop([str(problem)])
    else:
        out.write_text(written(bom), encoding="utf-8")


def _licences() -> None:
    try:
        bom = production()
    except NotAsLocked as problem:
        _stop([str(problem)])
    else:
        policy = read_policy()
        licences = licences_of(bom, (pin.name for pin in read_lock(PRODUCTION)), policy)
        _stop(list(problems(licences, policy)))
        PAGE.write_text(page(licences, policy), encoding="utf-8")


def _stop(found: list[str]) -> None:
    """End with what was found, if anything was."""
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
