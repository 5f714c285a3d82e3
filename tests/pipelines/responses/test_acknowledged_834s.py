"""What becomes of an 834 is told its sender by TA1 and 999, once, under names and numbers of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from parsers.x12.conformance.deviations import Deviation, deviations
from parsers.x12.interchanges import read_interchanges
from pipelines.config import ExchangeConfig, Roster, read_config
from pipelines.delivery.outbox import waiting
from pipelines.intake import ledger
from pipelines.load.interchanges import MOST_OF_A_SET, keep_interchanges
from pipelines.nightly import Night, fill_outbox, load_enrollment
from pipelines.responses import prepare_acknowledgements
from pipelines.transfer.pull import LandedFile
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import declaration
from sample_data import SampleExchange, canaries, generate
from tests.parsers.x12.authority_999 import between, errors_in, lines

ON = date(2026, 10, 28)
DAILY = "DHCS834-DA-20261028-SHP-010-{:03d}.dat"


@dataclass
class Desk:
    """Where 834s come in and acknowledgements go out."""

    warehouse: Warehouse
    config: ExchangeConfig
    clock: list[int] = field(default_factory=lambda: [0])

    def receive(self, name: str, content: bytes, on: date = ON) -> None:
        source = next(source for source in self.config.sources if source.name == "dhcs")
        digest = hashlib.sha256(content).hexdigest()
        path = self.config.home / "landing" / digest[:2] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.clock[0] += 1
        landed = LandedFile(name, len(content), self.clock[0], digest, path)
        ledger.record(self.warehouse, self.config, source, landed, on)

    def night(self, on: date = ON) -> Night:
        night = Night(self.warehouse, self.config, Roster(()), on, sleep=lambda _: None)
        load_enrollment(night)
        fill_outbox(night)
        return night

    def answers(self) -> dict[str, bytes]:
        found = {parcel.name: parcel.local.read_bytes() for _, parcel in waiting(self.warehouse, "dhcs")}
        for content in found.values():
            assert errors_in(content) == []
        return found

    def told(self, name: str, content: bytes) -> dict[str, str]:
        """Take a file through a night; return TA104, TA105 and all from AK2 on, by the endings of the names."""
        self.receive(name, content)
        self.night()
        return {answer.rpartition(".")[2]: said(kept) for answer, kept in self.answers().items()}

    def statuses(self) -> list[tuple[str, str]]:
        return [(status, reason) for status, reason in self.warehouse.rows(
            "SELECT status, reason FROM ledger.files ORDER BY arrival")]  # fmt: skip


def said(content: bytes) -> str:
    second = lines(content)[1]
    if second.startswith("TA1*"):
        return second.split("*", 4)[-1]
    return " ".join(between(content, "AK2", "AK9")[1:])


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleExchange:
    return generate(tmp_path_factory.mktemp("sample"), members=1, days=1)


@pytest.fixture(scope="module")
def daily(sample: SampleExchange) -> bytes:
    return next(sample.out.rglob("DHCS834-DA-20261028*")).read_bytes()


@pytest.fixture(scope="module")
def full(sample: SampleExchange) -> bytes:
    return next(sample.out.rglob("DHCS834-MO-20261001*")).read_bytes()


@pytest.fixture
def desk_for(sample: SampleExchange, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    connections = []

    def make(*acknowledge: str) -> Desk:
        config = read_config(sample.out / "exchange.toml")
        sources = tuple(
            source.model_copy(update={"acknowledge": acknowledge, "responses": "/responses"})
            if source.kind == "834" else source
            for source in config.sources
        )  # fmt: skip
        home = config.paths.model_copy(update={"home": tmp_path})
        connection = duckdb.connect(config={"threads": 1})
        connections.append(connection)
        connection.execute(declaration())
        return Desk(Warehouse(connection, tmp_path), config.model_copy(update={"paths": home, "sources": sources}))

    yield make
    for connection in connections:
        connection.close()


@pytest.fixture
def desk(desk_for: Callable[..., Desk]) -> Desk:
    return desk_for("TA1", "999")


def renumbered(content: bytes, control_number: int) -> bytes:
    return content.replace(isa13(content), b"%09d" % control_number)


def isa13(content: bytes) -> bytes:
    return content.split(b"*")[13]


def without_cin(content: bytes) -> bytes:
    """Take the CIN of the first member away."""
    begin = content.index(b"REF*1L*")
    return content[:begin] + b"REF*1L*NONE" + content[content.index(b"~", begin) :]


def test_a_good_834_is_accepted_by_both(desk: Desk, daily: bytes) -> None:
    assert desk.told(DAILY.format(1), daily) == {"TA1": "A*000", "999": "IK5*A AK9*A*1*1*1"}
    assert sorted(desk.answers()) == ["DHCS834-DA-20261028-SHP-010-001.999", "DHCS834-DA-20261028-SHP-010-001.TA1"]


def test_a_member_that_is_not_taken_is_an_error_of_its_set(desk: Desk, full: bytes) -> None:
    assert desk.told("DHCS834-MO-20261001-SHP-010-001.dat", without_cin(full)) == {
        "TA1": "A*000",
        "999": "IK5*E*I5 AK9*E*1*1*1",
    }
    assert desk.statuses() == [("ACCEPTED_WITH_ERRORS", "")]


def test_a_wrong_total_rejects(desk: Desk, daily: bytes) -> None:
    assert desk.told(DAILY.format(1), daily.replace(b"~SE*", b"~SE*1")) == {
        "TA1": "A*000", "999": "IK5*R*4 AK9*R*1*1*0",
    }  # fmt: skip


def test_a_broken_interchange_gets_a_ta1_alone(desk: Desk, daily: bytes) -> None:
    assert desk.told(DAILY.format(1), daily[: daily.rindex(b"IEA")]) == {"TA1": "R*023"}


def test_a_file_that_is_held_before_it_is_read_is_rejected_too(desk: Desk, daily: bytes) -> None:
    assert desk.told("DHCS834-DA-20250101-SHP-010-001.dat", daily) == {"TA1": "A*000", "999": "IK5*R*I5 AK9*R*1*1*0"}
    assert desk.statuses() == [("HELD", "F08")]


@pytest.mark.parametrize("wanted", ["TA1", "999"])
def test_only_what_is_wanted_is_sent_and_says_all_there_is_to_say(
    desk_for: Callable[..., Desk], daily: bytes, wanted: str
) -> None:
    desk = desk_for(wanted)
    told = desk.told(DAILY.format(1), daily.replace(b"~SE*", b"~SE*1"))
    assert told == {"TA1": {"TA1": "R*024"}, "999": {"999": "IK5*R*4 AK9*R*1*1*0"}}[wanted]


def test_without_the_setting_nothing_is_sent(desk_for: Callable[..., Desk], daily: bytes) -> None:
    assert desk_for().told(DAILY.format(1), daily) == {}


def test_a_duplicate_is_told_by_a_ta1_and_by_no_999_that_would_take_the_first_one_back(
    desk: Desk, daily: bytes
) -> None:
    desk.told(DAILY.format(1), daily)
    desk.receive(DAILY.format(2), daily)
    desk.night()
    answers = desk.answers()
    assert [name for name in answers if "-002" in name] == ["DHCS834-DA-20261028-SHP-010-002.TA1"]
    assert said(answers["DHCS834-DA-20261028-SHP-010-002.TA1"]) == "R*025"


def test_a_control_number_that_came_before_holds_the_file_whatever_source_it_came_by(desk: Desk, daily: bytes) -> None:
    desk.receive(DAILY.format(1), daily)
    desk.receive(DAILY.format(2), daily.replace(b"~BGN*", b"\n~BGN*"))
    desk.warehouse.run("UPDATE ledger.files SET source = 'other' WHERE arrival = 1")
    desk.night()
    assert desk.statuses() == [("ACCEPTED", ""), ("HELD", "F11")]
    assert desk.warehouse.value("SELECT detail FROM ledger.files WHERE reason = 'F11'").startswith("segment 1 ")
    assert {name: said(content) for name, content in desk.answers().items()} == {
        "DHCS834-DA-20261028-SHP-010-002.TA1": "R*025"
    }


def test_one_control_number_twice_in_a_file_holds_it_and_names_the_place(desk: Desk, daily: bytes) -> None:
    one = daily.rstrip()
    desk.receive(DAILY.format(1), one + one)
    desk.night()
    assert desk.statuses() == [("HELD", "F11")]
    second = one.count(b"~") + 1
    assert desk.warehouse.value("SELECT detail FROM ledger.files").startswith(f"segment {second} ")
    assert desk.warehouse.value("SELECT count(*) FROM facts.enrollment_members") == 0
    assert {name.partition("-001")[2]: said(content) for name, content in desk.answers().items()} == {
        ".TA1": "A*000", ".999": "IK5*R*I5 AK9*R*1*1*0", ".2.TA1": "R*025",
    }  # fmt: skip


def test_a_mended_file_may_keep_its_control_number(desk: Desk, daily: bytes) -> None:
    desk.receive(DAILY.format(1), daily.replace(b"~SE*", b"~SE*1"))
    desk.receive(DAILY.format(2), daily)
    desk.night()
    assert {name: said(content) for name, content in desk.answers().items() if name.endswith("999")} == {
        "DHCS834-DA-20261028-SHP-010-001.999": "IK5*R*4 AK9*R*1*1*0",
        "DHCS834-DA-20261028-SHP-010-002.999": "IK5*A AK9*A*1*1*1",
    }


def test_every_interchange_of_a_file_gets_answers_of_its_own(desk: Desk, daily: bytes) -> None:
    desk.receive(DAILY.format(1), daily.rstrip() + renumbered(daily, 777))
    desk.night()
    assert sorted(name.partition("-001")[2] for name in desk.answers()) == [".2.999", ".2.TA1", ".999", ".TA1"]
    acknowledged = [lines(content)[1] for name, content in desk.answers().items() if name.endswith("TA1")]
    assert sorted(line.split("*")[1] for line in acknowledged) == sorted([isa13(daily).decode(), "000000777"])


def test_a_file_without_an_isa_gets_no_acknowledgement_and_a_person_is_told_once(desk: Desk) -> None:
    desk.receive(DAILY.format(1), b"nothing of use")
    assert desk.night().problems == ["source dhcs: 1 files cannot be acknowledged, no interchange can be read in them"]
    assert desk.answers() == {}
    assert desk.night(ON + timedelta(days=1)).problems == []


def test_acknowledgements_are_not_acknowledged(desk: Desk, daily: bytes) -> None:
    desk.receive(DAILY.format(1), daily)
    desk.night()
    for number, content in enumerate(list(desk.answers().values()), start=2):
        desk.receive(DAILY.format(number), content)
    desk.night()
    assert desk.statuses() == [("ACCEPTED", ""), ("HELD", "F02"), ("HELD", "F02")]
    assert len(desk.answers()) == 2


def test_control_numbers_rise_and_never_come_twice(desk: Desk, daily: bytes) -> None:
    for number in range(1, 4):
        desk.receive(DAILY.format(number), renumbered(daily, 100 + number))
        desk.night()
    numbers = [lines(content)[0].split("*")[13] for content in desk.answers().values()]
    assert numbers == [f"{number:09d}" for number in range(1, 7)]
    groups = [line.split("*")[6] for content in desk.answers().values() for line in lines(content) if line[:3] == "GS*"]
    assert groups == ["1", "2", "3"]


def test_an_834_is_acknowledged_once_and_alike_after_a_night_that_was_broken_off(desk: Desk, daily: bytes) -> None:
    desk.receive(DAILY.format(1), without_cin(daily))
    load_enrollment(Night(desk.warehouse, desk.config, Roster(()), ON))
    with desk.warehouse.rehearsal():
        prepare_acknowledgements(desk.warehouse, desk.config, ON)
        first = desk.answers()
    assert waiting(desk.warehouse, "dhcs") == []
    assert len(first) == prepare_acknowledgements(desk.warehouse, desk.config, ON).documents == 2
    assert desk.answers() == first
    assert prepare_acknowledgements(desk.warehouse, desk.config, ON).documents == 0
    assert prepare_acknowledgements(desk.warehouse, desk.config, ON + timedelta(days=1)).documents == 0


def test_what_came_long_before_the_setting_is_not_acknowledged(desk: Desk, daily: bytes) -> None:
    desk.receive(DAILY.format(1), daily)
    load_enrollment(Night(desk.warehouse, desk.config, Roster(()), ON))
    assert prepare_acknowledgements(desk.warehouse, desk.config, ON + timedelta(days=7)).documents == 0
    assert prepare_acknowledgements(desk.warehouse, desk.config, ON + timedelta(days=6)).documents == 2


def keep(desk: Desk, daily: bytes, rows: Sequence[Any]) -> None:
    """Take the file in, with these deviations from the guide."""
    desk.receive(DAILY.format(1), daily)
    load_enrollment(Night(desk.warehouse, desk.config, Roster(()), ON))
    file_id, digest = desk.warehouse.rows("SELECT file_id, sha256 FROM ledger.files")[0]
    interchanges = read_interchanges(desk.config.home / "landing" / digest[:2] / digest)
    keep_interchanges(desk.warehouse, file_id, interchanges, deviations([Deviation(*row) for row in rows]))


def test_deviations_from_the_guide_are_told_by_place(desk: Desk, daily: bytes) -> None:
    keep(desk, daily, [(9, "REF", "2000", "02", "ELE:5"), (1, "ISA", "", "05", "ELE:7"), (4, "", "", "", "SEG:1")])
    prepare_acknowledgements(desk.warehouse, desk.config, ON)
    assert sorted(said(content) for content in desk.answers().values()) == [
        "E*005", "IK3*ZZZ*2**1 IK3*REF*7*2000*8 IK4*2*127*5 IK5*E*5 AK9*E*1*1*1",
    ]  # fmt: skip


def test_what_is_kept_of_deviations_has_a_bound_but_what_rests_on_them_does_not(desk: Desk, daily: bytes) -> None:
    many: list[Any] = [(9, "REF", "2000", "02", "ELE:5")] * (MOST_OF_A_SET + 5)
    keep(desk, daily, [*many, (1, "ISA", "", "05", "ELE:7"), (-1, "", "", "", "FILE:REJECTED")])
    assert desk.warehouse.rows("SELECT deviations FROM ledger.transaction_sets") == [(MOST_OF_A_SET + 5,)]
    assert desk.warehouse.value("SELECT count(*) FROM quarantine.deviations") == MOST_OF_A_SET + 2
    kept: pd.DataFrame = desk.warehouse.table("FROM quarantine.deviations WHERE code = 'ELE:7'")
    assert len(kept) == 1


def test_no_value_of_a_member_is_in_an_acknowledgement_or_in_what_is_kept_for_it(
    desk: Desk, daily: bytes, sample: SampleExchange
) -> None:
    desk.receive(DAILY.format(1), without_cin(daily))
    desk.receive(DAILY.format(2), renumbered(daily, 500).replace(b"~SE*", b"~SE*1"))
    desk.night()
    names = ("ledger.interchanges", "ledger.transaction_sets", "ledger.control_numbers", "quarantine.deviations")
    kept = [desk.warehouse.rows(f"FROM {name}") for name in names]
    everything = repr(kept) + repr(desk.answers())
    assert not any(canary in everything for canary in canaries(sample))
