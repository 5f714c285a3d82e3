"""Whatever is installed is pinned to one version and to the hashes of its files, and comes from no address of ours."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply_chain.locks import DEVELOPMENT, FUZZING, LOCKS, PRODUCTION, ROOT, read_lock
from tests.supply_chain.secret_scan import tracked

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
ASKED = {
    PRODUCTION: [
        *PROJECT["project"]["dependencies"],
        *(each for name, extra in EXTRAS.items() if name != "dev" for each in extra),
    ],
    DEVELOPMENT: [*PROJECT["project"]["dependencies"], *(each for extra in EXTRAS.values() for each in extra)],
    FUZZING: PROJECT["dependency-groups"]["fuzz"],
}

HOSTS = {
    "hooks.slack.com",  # begins the addresses that a plan gets from Slack; nobody asks there but where a plan says so
    "keepachangelog.com",  # the change log keeps to it
    "json-schema.org",  # names the dialect of a schema; nobody asks there
    "schemas.openxmlformats.org",  # part of names in workbooks; nobody asks there
    "semver.org",  # the change log numbers by it
    "www.apache.org",  # in the text of the licence
}
NOBODYS = re.compile(r".*\.(example|invalid|test)|(.*\.)?example\.(org|com|net)|localhost|127\.0\.0\.1|192\.0\.2\.\d+")
"""Names and numbers that are set aside for examples, or this machine's own."""


def name_of(lock: Path) -> str:
    return lock.name


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_every_requirement_is_one_version_with_hashes(lock: Path) -> None:
    pins = read_lock(lock)
    assert pins
    assert [pin.name for pin in pins if not pin.version or not pin.hashes or pin.requirement.url] == []
    assert [pin.name for pin in pins if not all(re.fullmatch("[0-9a-f]{64}", each) for each in pin.hashes)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_a_machine_gets_one_version_of_a_package(lock: Path) -> None:
    here = [pin.name for pin in read_lock(lock) if pin.holds_here]
    assert sorted(set(here)) == sorted(here)


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_what_the_project_asks_for_is_locked_as_it_asks(lock: Path) -> None:
    pinned = {(pin.name, pin.version) for pin in read_lock(lock)}
    missing = [
        asked
        for asked in map(Requirement, ASKED[lock])
        if not any(n == canonicalize_name(asked.name) and asked.specifier.contains(v) for n, v in pinned)
    ]
    assert missing == [], "run `make lock`"


def test_the_locks_agree_where_they_overlap() -> None:
    production, development, fuzzing = (
        {(pin.name, str(pin.requirement), pin.hashes) for pin in read_lock(lock)} for lock in LOCKS
    )
    assert production < development
    assert {name for name, _, _ in fuzzing}.isdisjoint(name for name, _, _ in development)


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_a_lock_names_neither_an_address_nor_a_folder_nor_an_option_but_hashes(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert re.findall(r"\S*://\S*|^-.*|^\s+--(?!hash=).*|^[./~].*| @ .*", text, re.MULTILINE) == []


def test_no_file_of_the_project_names_a_host_or_a_folder_of_the_machine_it_was_written_on() -> None:
    own = re.compile("|".join(rf"(?<![\w.]){re.escape(str(folder))}(?![\w-])" for folder in (ROOT, Path.home())))
    hosts, folders = {}, []
    for name in tracked(ROOT):
        text = (ROOT / name).read_bytes().decode("utf-8", "replace")
        named = set(re.findall(r"https?://([\w.-]+)", text))
        if strange := {host for host in named - HOSTS if not NOBODYS.fullmatch(host)}:
            hosts[name] = strange
        if own.search(text):
            folders.append(name)
    assert hosts == {}
    assert folders == []
