"""A night of encrypted files breaks off and runs again: the provider finds each message once, and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pysequoia import Tsk, decrypt

from pipelines.checkpoints import Checkpoint, watched_by
from pipelines.config import read_roster
from pipelines.doctor.examine import examine
from pipelines.replay import replay
from pipelines.warehouse import open_warehouse
from sample_data.providers import npi_of

FIRST, SECOND = date(2026, 10, 28), date(2026, 10, 29)
LOCKED, OPEN = npi_of("fresno_bridge"), npi_of("fresno_all")


class Broken(Exception):
    """The process ends here."""


@dataclass
class Locked:
    """A plan of two providers, one of which has a key, before its second night and after it."""

    plan: Any
    own: Tsk
    before: Path
    peace: dict[str, bytes]

    def found(self) -> dict[str, bytes]:
        return {Path(path).name: content for path, content in self.plan.found().items() if f"_{LOCKED}" in path}

    def read(self, content: bytes) -> bytes:
        return decrypt(content, decryptor=self.own.decryptor()).bytes or b""

    def break_off(self, place: Checkpoint, times: int) -> None:
        left = times

        def watch(reached: Checkpoint) -> None:
            nonlocal left
            left -= reached is place
            if not left:
                raise Broken

        with watched_by(watch), pytest.raises(Broken):
            self.plan.run(SECOND)


@pytest.fixture(scope="module")
def locked(make_plan: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    plan = make_plan(sources=("dhcs", "probation"), providers=(LOCKED, OPEN))
    own = Tsk.generate("Clinic <clinic@example.org>")
    (plan.root / "keys" / "clinic.asc").write_text(str(own.extract_certificate()), encoding="ascii")
    table = plan.root / "providers.csv"
    heading, *lines = table.read_text(encoding="utf-8").splitlines()
    keys = {LOCKED: "keys/clinic.asc"}
    lines = [f"{line},{keys.get(line.partition(',')[0], '')}" for line in lines]
    table.write_text("\n".join([f"{heading},pgp_key_file", *lines]), encoding="utf-8")
    plan.roster = read_roster(table)
    with plan.serving():
        plan.partners_leave_files(FIRST)
        plan.run(FIRST)
        plan.partners_leave_files(SECOND)
        told = Locked(plan, own, plan.photograph(tmp_path_factory.mktemp("before")), {})
        assert plan.run(SECOND) == []
        told.peace = told.found()
        yield told


def test_a_provider_with_a_key_finds_only_what_its_key_opens(locked: Locked) -> None:
    assert locked.peace
    assert all(name.endswith(".pgp") for name in locked.peace)
    tables = [locked.read(content) for name, content in locked.peace.items() if name.endswith(".csv.pgp")]
    assert all(table.startswith(b'\xef\xbb\xbf"assignment_id"') for table in tables)
    assert not any(b"assignment_id" in content for content in locked.peace.values())


@pytest.mark.parametrize(
    ("place", "times"),
    [
        (Checkpoint.OUTBOX_WRITTEN, 2),
        (Checkpoint.OUTBOX_ENTERED, 1),
        (Checkpoint.UPLOAD_NAMED, 2),
    ],
)
def test_a_broken_night_that_runs_again_changes_no_message_and_sends_none_twice(
    locked: Locked, place: Checkpoint, times: int
) -> None:
    locked.plan.set_back(locked.before)
    locked.break_off(place, times)
    broken = locked.found()
    (told,) = locked.plan.run(SECOND)
    assert "goes on from what it left" in told
    found = locked.found()
    assert {name: found[name] for name in broken} == broken, "what stood there stands there, byte for byte"
    assert {n: locked.read(c) for n, c in found.items() if n.endswith(".csv.pgp")} == {
        n: locked.read(c) for n, c in locked.peace.items() if n.endswith(".csv.pgp")
    }
    assert found.keys() == locked.peace.keys()


def test_a_replay_compares_what_is_in_the_messages(locked: Locked) -> None:
    with open_warehouse(locked.plan.config.home) as warehouse:
        again = replay(warehouse, locked.plan.config, locked.plan.roster, SECOND)
        assert {(file.npi, file.verdict) for file in again.files} == {(LOCKED, "IDENTICAL"), (OPEN, "IDENTICAL")}
        others = tuple(each.model_copy(update={"layout": "short_list"}) for each in locked.plan.roster.providers)
        other = replay(warehouse, locked.plan.config, replace(locked.plan.roster, providers=others), SECOND)
        assert {file.verdict for file in other.files} == {"NOT_RECOMPUTED"}
        assert other.known_causes == (
            "2 providers get their files in another layout, or otherwise encrypted, than then",
        )


def test_the_doctor_tells_by_which_layout_files_are_written_and_that_the_key_can_be_used(locked: Locked) -> None:
    told = {each.subject: each for each in examine(locked.plan.config, locked.plan.roster, SECOND)}
    assert told["layouts of providers' files"].what.startswith("ecm_assignment")
    assert told[f"key of provider {LOCKED}"].state == "fine"
    assert f"key of provider {OPEN}" not in told
