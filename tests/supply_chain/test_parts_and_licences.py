"""The list of parts is CycloneDX and says what a production install has; every part may be used."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply_chain.licences import PAGE, declared, licences_of, page, problems, read_policy
from tests.supply_chain.locks import DEVELOPMENT, PRODUCTION, Pin, read_lock
from tests.supply_chain.sbom import NotAsLocked, only, production, written

PINS = read_lock(PRODUCTION)
HERE = {pin.name: pin for pin in PINS if pin.holds_here}
POLICY = read_policy()


@pytest.fixture(scope="module")
def bom() -> Bom:
    return production()


@pytest.fixture(scope="module")
def document(bom: Bom) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(written(bom))
    return told


def part(name: str, version: str = "1.0", **more: Any) -> Component:
    return Component(name=name, version=version, purl=PackageURL("pypi", name=name, version=version), **more)


def pin(name: str, version: str = "1.0") -> Pin:
    return Pin(name, Requirement(f"{name}=={version}"), ("ab" * 32,))


def test_the_list_is_valid_by_the_schema_of_cyclonedx(document: dict[str, Any]) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document)) is None


def test_it_names_every_package_of_production_with_version_hashes_and_licence_and_no_tool_of_development(
    document: dict[str, Any],
) -> None:
    told = {canonicalize_name(each["name"]): each for each in document["components"]}
    assert told.keys() == HERE.keys()
    assert not told.keys() & {pin.name for pin in read_lock(DEVELOPMENT) if pin.name not in HERE}
    for name, each in told.items():
        purl = PackageURL.from_string(each["purl"])
        assert (purl.type, canonicalize_name(purl.name), purl.version) == ("pypi", name, HERE[name].version)
        (files,) = [found for found in each["externalReferences"] if found["url"] == each["purl"]]
        assert sorted(found["content"] for found in files["hashes"]) == sorted(HERE[name].hashes)
        assert each["licenses"]


def test_what_a_part_needs_is_a_part(document: dict[str, Any]) -> None:
    refs = {each["bom-ref"] for each in document["components"]} | {document["metadata"]["component"]["bom-ref"]}
    needs = {each["ref"]: set(each.get("dependsOn", ())) for each in document["dependencies"]}
    assert needs.keys() == refs
    assert set().union(*needs.values()) < refs


def test_neither_the_time_nor_chance_is_in_it(bom: Bom, document: dict[str, Any]) -> None:
    assert "serialNumber" not in document
    assert "timestamp" not in document["metadata"]
    assert written(bom) == written(bom)


@pytest.mark.parametrize("found", [[], [part("alpha", "1.1")]], ids=["missing", "another version"])
def test_an_environment_that_is_not_as_locked_has_no_list(found: list[Component]) -> None:
    with pytest.raises(NotAsLocked, match=r"^alpha: 1\.0 is locked"):
        only(Bom(components=found), [pin("alpha")])


def test_what_is_not_locked_for_production_is_left_out_with_the_need_of_it() -> None:
    alpha, tool = part("alpha", bom_ref="alpha"), part("tool", bom_ref="tool")
    everything = Bom(components=[alpha, tool])
    everything.register_dependency(alpha, [tool])
    kept = only(everything, [pin("alpha")])
    assert [each.name for each in kept.components] == ["alpha"]
    assert [(each.ref.value, list(each.dependencies)) for each in kept.dependencies] == [("alpha", [])]


def test_every_part_is_under_a_licence_that_is_permitted(bom: Bom) -> None:
    licences = licences_of(bom, (pin.name for pin in PINS), POLICY)
    assert list(problems(licences, POLICY)) == []
    assert PAGE.read_text(encoding="utf-8") == page(licences, POLICY), "run `make licences`"


@pytest.mark.parametrize(
    "licence",
    ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "LGPL-2.1-only", "MPL-2.0", "BSD", "proprietary", "MIT OR", ""],
)
def test_another_licence_fails(licence: str) -> None:
    (told,) = problems({"newcomer": licence}, POLICY)
    assert told.startswith("newcomer: ")


@pytest.mark.parametrize("licence", ["MIT", "GPL-3.0-only OR MIT", "(MIT OR GPL-2.0-only) AND Zlib", "apache-2.0"])
def test_of_several_licences_one_can_take_one_that_is_permitted(licence: str) -> None:
    assert list(problems({"newcomer": licence}, POLICY)) == []


def test_a_reciprocal_licence_is_for_the_packages_named_only() -> None:
    assert POLICY.permits("paramiko", "LGPL-2.1-only")
    assert not POLICY.permits("paramiko", "GPL-2.0-only")
    assert not POLICY.permits("certifi", "LGPL-2.1-only")


def test_several_declared_licences_hold_together_and_families_do_not_count() -> None:
    some = [DisjunctiveLicense(id="MIT"), DisjunctiveLicense(name="License :: OSI Approved :: BSD License")]
    assert declared(part("one", licenses=some)) == "MIT"
    assert declared(part("two", licenses=[*some, DisjunctiveLicense(id="GPL-2.0-only")])) == "GPL-2.0-only AND MIT"
    assert declared(part("three", licenses=[LicenseExpression("MIT OR ISC")])) == "MIT OR ISC"
    assert declared(part("four", licenses=some[1:])) == ""


def test_the_policy_names_no_package_in_vain(bom: Bom) -> None:
    names = {pin.name for pin in PINS}
    named = set().union(*(packages for packages, _ in POLICY.reciprocal.values()), POLICY.stated)
    assert named - names == set()
    told = licences_of(bom, HERE, POLICY)
    in_vain = replace(POLICY, reciprocal={})
    assert {n for packages, _ in POLICY.reciprocal.values() for n in packages if in_vain.permits(n, told[n])} == set()
