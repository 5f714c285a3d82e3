"""A short fuzz of every target by chance alone, the same inputs each time; `make fuzz` goes on from here.

`FUZZ_SEED=7` tries other inputs. An input that breaks something is printed with what tries it again.
"""

from __future__ import annotations

import os
import shutil
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from pipelines.config import read_config
from tests.fuzz.__main__ import NAMES
from tests.fuzz.configuration import PROVIDERS
from tests.fuzz.parts import joined, split
from tests.fuzz.target import Hang, Target, bounded
from tests.fuzz.targets import TARGETS

SEED = int(os.environ.get("FUZZ_SEED", "1"))
INPUTS = {
    "834": 50, "834-load": 40, "lists": 30, "lists-load": 25, "workbooks": 50, "configuration": 150, "tables": 200,
    "layouts": 80, "outbound": 150, "profiles": 120,
}  # fmt: skip
FOUND = sorted(Path(__file__).parent.glob("found/*/*"))


@pytest.mark.parametrize("name", INPUTS)
def test_whatever_chance_makes_of_a_file_it_is_read_or_refused(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    for number, data in enumerate(islice(target.inputs(Random(SEED)), INPUTS[name])):
        try:
            target.try_one(data)
        except BaseException:
            kept = tmp_path / "input"
            kept.write_bytes(data)
            print(f"seed {SEED}, input {number}: python -m tests.fuzz {name} {kept}")
            raise


@pytest.mark.parametrize("name", INPUTS)
def test_what_broke_something_once_does_no_more(name: str) -> None:
    for file in FOUND:
        if file.parent.name == name:
            TARGETS[name].try_one(file.read_bytes())


def test_every_target_is_run_here_and_by_the_command() -> None:
    assert INPUTS.keys() == TARGETS.keys() == set(NAMES)
    assert {file.parent.name for file in FOUND} <= TARGETS.keys()


def test_the_same_seed_makes_the_same_inputs() -> None:
    one, again, other = (list(islice(TARGETS["lists"].inputs(Random(seed)), 30)) for seed in (1, 1, 2))
    assert one == again != other


def test_an_input_is_taken_apart_as_it_was_put_together() -> None:
    parts = {"a/b.csv": b"x\n=== \ny\n", "c": b"\xff\x00"}
    assert split(joined(parts)) == parts
    assert split(b"no heading") == {}


def test_what_never_ends_is_stopped() -> None:
    def check(*_: object) -> None:
        while True:
            pass

    with pytest.raises(Hang), bounded(0.05):
        check()


def test_an_error_that_nobody_foresaw_is_not_kept_back() -> None:
    def check(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Target("broken", check, TARGETS["lists"].mutator).try_one(b"")


@pytest.mark.parametrize("data", TARGETS["configuration"].mutator.seeds, ids=["template", "example", "with a secret"])
def test_the_configurations_that_damage_begins_with_are_sound(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "exchange.toml").write_bytes(split(data)["exchange.toml"])
    shutil.copy(PROVIDERS, tmp_path)
    assert read_config(tmp_path / "exchange.toml").sources
