"""834s: read in two ways that must agree, judged by the guide, acknowledged, and loaded into a store in memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

import pandas as pd

from parsers.x12.conformance import check_conformance
from parsers.x12.interchanges import read_interchanges
from parsers.x12.reader import read_834
from pipelines.responses import prepare_acknowledgements
from sample_data.example_files import FOLDER
from schemas.problems import FileFault
from tests.faults.hostile_834 import CANARIES, DHCS, ON, ONE, TWO, an_834, how_many_ins, read_whole
from tests.fuzz.mutate import Mutator
from tests.fuzz.parts import joined
from tests.fuzz.stores import Stores
from tests.fuzz.target import Target
from tests.parsers.x12.damage import INSERTED, with_true_totals

_EXAMPLE = next(FOLDER.glob("DHCS834*")).read_bytes()
_SEEDS = [
    joined({"834": content})
    for content in (
        an_834(ONE, TWO),
        an_834(TWO, delimiters="|>!\n"),
        an_834(ONE) + b"\r\n" + an_834(TWO, control=2),
        an_834(ONE, TWO).replace(b"~", b"~\r\n"),
        _EXAMPLE[:6_000] + b"~",
    )
]
_WORDS = (
    *(segment.encode() + b"~" for segment in INSERTED),
    *(b"~ * : ^ ~~ ISA* INS*Y*18~ IEA*1*1~ QTY*TO*1~ 20250230 00000000 99991231 -1 1E5 D8 RD8".split(b" ")),
    b"\n", b"\x00", b"\x1d", b"\xff", b"\xef\xbb\xbf", b"\xc3\x91", b"A" * 81, b" " * 4_000, b"9" * 400,
)  # fmt: skip
_STORES = Stores()
_OF_ENVELOPES = {"ledger.interchanges", "ledger.transaction_sets", "ledger.control_numbers"}
"""Tables that repeat what envelopes say, which is what a fuzzer may have put there."""


def _mend(content: bytes) -> bytes:
    return with_true_totals(content.decode("latin-1")).encode("latin-1")


_MUTATOR = Mutator(b"~", _WORDS, _SEEDS, _mend)


def _read(parts: Mapping[str, bytes], folder: Path) -> None:
    """Read one by one or many at once, whole or in pieces, a file has the same rows or the same fault."""
    content = parts.get("834", b"")
    path = folder / "landed"
    path.write_bytes(content)
    outcome = read_whole(path)
    one_by_one = _tables(path, few=1 << 20, chunk_size=1 << 22)
    many_at_once = _tables(path, few=0, chunk_size=3_000)
    if isinstance(outcome, FileFault):
        assert one_by_one == many_at_once == outcome.code
        check_conformance(path)
        return
    assert isinstance(one_by_one, tuple)
    assert isinstance(many_at_once, tuple)
    for these, those in zip(one_by_one, many_at_once, strict=True):
        pd.testing.assert_frame_equal(these, those)
    assert outcome == len(one_by_one[0])
    if content.count(b"ISA") == 1:
        assert outcome == how_many_ins(content)
    read_interchanges(path)


def _tables(path: Path, **how: int) -> tuple[pd.DataFrame, ...] | str:
    """Read all rows of a file, or the code of its fault."""
    try:
        chunks = list(read_834(path, DHCS, **how))
    except FileFault as fault:
        return fault.code
    names = ("members", "coverage", "reporting")
    return tuple(pd.concat([getattr(c, name) for c in chunks] or [pd.DataFrame()]) for name in names)


def _members_one_by_one(content: bytes) -> int:
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        outcome = read_whole(Path(file.name), few=1 << 20)
    assert isinstance(outcome, int)
    return outcome


def _load(parts: Mapping[str, bytes], _folder: Path) -> None:
    """Every promise about a file is kept, what is told repeats nothing of it, and acknowledgements can be written."""
    engine = _STORES.next()
    engine.members_in = _members_one_by_one
    engine.end_of(parts.get("834", b""))
    assert [place for place in engine.leaks(CANARIES) if place[0] not in _OF_ENVELOPES] == []
    prepare_acknowledgements(engine.warehouse, engine.config, ON)


READING = Target("834", _read, _MUTATOR)
LOADING = Target("834-load", _load, _MUTATOR)
