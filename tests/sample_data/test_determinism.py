"""The same arguments give the same bytes, on any machine; the named people do not depend on the size or the seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from sample_data import canaries, generate

_HASH_IN_A_PROCESS = """
import sys
from pathlib import Path
from sample_data import generate
generate(Path(sys.argv[1]), members=120)
"""


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    generate(tmp_path / "one", members=200)
    generate(tmp_path / "two", members=200)
    assert fingerprint(tmp_path / "one") == fingerprint(tmp_path / "two")


@pytest.mark.parametrize(("hash_seed", "zone"), [("0", "UTC"), ("4242", "Asia/Kathmandu")])
def test_hash_seed_and_time_zone_of_the_machine_change_nothing(tmp_path: Path, hash_seed: str, zone: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone}
    command = [sys.executable, "-c", _HASH_IN_A_PROCESS, str(tmp_path / "there")]
    subprocess.run(command, env=environment, check=True)
    generate(tmp_path / "here", members=120)
    assert fingerprint(tmp_path / "here") == fingerprint(tmp_path / "there")


def test_another_seed_gives_other_background_people(tmp_path: Path) -> None:
    generate(tmp_path / "one", members=200, seed=1)
    generate(tmp_path / "two", members=200, seed=2)
    one, two = fingerprint(tmp_path / "one"), fingerprint(tmp_path / "two")
    differing = {name for name in one if one[name] != two.get(name)}
    assert all(f"DHCS834-MO-{month}-SHP-010-001.dat" in " ".join(differing) for month in ("20261001", "20261101"))
    assert not differing & {"exchange.toml", "providers.csv", "networks.csv", "story.json"}


def test_the_named_people_are_the_same_whatever_the_size_and_the_seed(tmp_path: Path) -> None:
    small = generate(tmp_path / "small", members=1, days=8, seed=5)
    large = generate(tmp_path / "large", members=900, days=8, seed=6)
    assert small.people == large.people


def test_the_leak_words_are_the_identifiers_and_surnames_of_the_named(tmp_path: Path) -> None:
    exchange = generate(tmp_path, members=1, days=1)
    words = list(canaries(exchange))
    cins = {cin for person in exchange.people for cin in (person.cin, person.former_cin) if cin}
    assert len(cins) == len(exchange.people)  # one has two, and one is a stranger to the 834
    assert cins <= set(words)
    assert {"Quillonbrax", "QUILLONBRAX", "Umberlind", "VASHTERBROKE"} <= set(words)
    assert len(words) == len(set(words))


def test_days_are_business_days_and_cross_the_month_by_default(tmp_path: Path) -> None:
    exchange = generate(tmp_path, members=1)
    assert exchange.dates[0] == date(2026, 10, 28)
    assert exchange.dates[3] == date(2026, 11, 2)
    assert exchange.dates[-1] == date(2026, 11, 6)
    assert sorted(folder.name for folder in (tmp_path / "days").iterdir()) == [
        day.isoformat() for day in exchange.dates
    ]


def test_an_exchange_without_days_or_members_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        generate(tmp_path, days=0)
    with pytest.raises(ValueError, match="one member"):
        generate(tmp_path, members=0)
