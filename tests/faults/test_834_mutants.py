"""Thousands of damaged 834s: whatever chance does to the bytes, the engine ends with every member accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from parsers.x12.conformance import check_conformance
from sample_data import generate
from schemas.problems import FileFault
from tests.faults.hostile_834 import CANARIES, ONE, TWO, Engine, an_834, how_many_ins, open_engine, read_whole
from tests.parsers.x12.damage import INSERTED, damaged, with_true_totals

MEMBERS = 75
"""Of a file, of which every fifth is left whole"""

BROKEN_OFF = ("ISA", "IEA", "GS", "GE", "ST", "SE", "TA1", "INS ", "QTY")
"""Segments that a file does not survive within a member"""

DAMAGE = (
    b"~",
    b"*",
    b":",
    b"^",
    b"~~",
    b"\n",
    b"  ",
    b"\xff",
    b"\xef\xbb\xbf",
    b"ISA*",
    b"INS*Y*18~",
    b"SE*1*1~",
    b"HD*~",
)
EXTRA = [segment for segment in INSERTED if not segment.strip().startswith(BROKEN_OFF)]
VALUES = (
    "",
    "X",
    "A" * 81,
    ":" * 9,
    "^",
    "A^B^C",
    " A",
    "A ",
    "20250230",
    "\x01",
    "\xc3\x91",
    "\xd1",
    "-1",
    "1E5",
    "9" * 400,
    "RD8",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    out = generate(tmp_path_factory.mktemp("sample"), members=1, days=2).out
    engine = open_engine(out, tmp_path_factory.mktemp("home"))
    yield engine
    assert engine.leaks(CANARIES) == []
    engine.warehouse.connection.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutant") / "file"


def mutant(random: Random) -> tuple[str, ...]:
    """Damage one to three segments of a member, but not the INS that it begins with."""
    segments = list(random.choice((ONE, TWO)))
    for _ in range(random.choice((1, 1, 2, 3))):
        place = random.randrange(1, len(segments))
        match random.randrange(4):
            case 0:
                del segments[place]
            case 1:
                segments.insert(place, random.choice(EXTRA))
            case 2:
                segments.insert(place, random.choice(segments[1:]))
            case _:
                elements = segments[place].split("*")
                elements[random.randrange(len(elements))] = random.choice(VALUES)
                segments[place] = "*".join(elements)
    return tuple(segments)


@pytest.mark.parametrize("seed", range(32))
def test_damaged_members_cost_no_whole_member_its_place(engine: Engine, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    members, whole = [], set()
    for number in range(MEMBERS):
        if number % 5:
            members.append(mutant(random))
        else:
            whole.add(cin := f"9{number + 1:07d}B")
            members.append(tuple(segment.replace("91234567B", cin) for segment in ONE))
    content = with_true_totals(an_834(*members, control=seed + 1).decode("latin-1")).encode("latin-1")
    ending = engine.end_of(content)
    assert ending.told == ("ACCEPTED_WITH_ERRORS", "")
    assert ending.rows_in >= MEMBERS
    assert whole <= {cin for (cin,) in engine.rows("cin", "facts.enrollment_members", ending.file_id)}


@pytest.mark.parametrize("seed", range(3))
def test_files_damaged_anywhere_are_held_or_read_whole(engine: Engine, path: Path, seed: int) -> None:
    random = Random(1_000 + seed)  # noqa: S311 - no secret
    for turn in range(40):
        members = [random.choice((ONE, TWO)) for _ in range(random.choice((1, 1, 2, 2, 2, 14)))]
        content = an_834(*members, control=1_000 * (seed + 1) + turn)
        if turn % 2:
            content = damaged(content.decode("latin-1"), random).encode("latin-1", "replace")
        for _ in range(random.choice((1, 2, 4)) - turn % 2):
            at, cut = random.randrange(len(content)), random.choice((0, 1, 2, 30, 300))
            content = content[:at] + random.choice(DAMAGE) + content[at + cut :]
        path.write_bytes(content)
        outcome = read_whole(path, few=random.choice((0, 12)), chunk_size=random.choice((3_000, 1 << 20)))
        assert isinstance(outcome, FileFault) or outcome == how_many_ins(content)
        if turn % 10 == 0:
            ending = engine.end_of(content)
            assert ending.status == "HELD" if isinstance(outcome, FileFault) else ending.rows_in == outcome
            check_conformance(path)


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a smaller seed is no smaller damage
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(flips=st.lists(st.integers(0, 8 * len(an_834(ONE, TWO)) - 1), min_size=1, max_size=4))
def test_flipped_bits_are_a_fault_or_findings(path: Path, flips: list[int]) -> None:
    content = bytearray(an_834(ONE, TWO))
    for bit in flips:
        content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)
    outcome = read_whole(path, few=0)
    assert isinstance(outcome, FileFault) or outcome == how_many_ins(bytes(content))
