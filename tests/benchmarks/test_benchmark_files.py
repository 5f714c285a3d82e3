"""The files that the benchmarks read: sound, varied, always the same, and read alike by all who read values."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import engine, files, night
from benchmarks.contenders import PYX12
from benchmarks.peers import plain_split
from benchmarks.processes import run
from parsers.x12.profile_files import load_profile
from parsers.x12.reader import read_834

MEMBERS = 60


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the two files, named as the stations of the night expect it."""
    folder = tmp_path_factory.mktemp("files") / str(MEMBERS)
    folder.mkdir()
    files.write_full(folder, MEMBERS)
    files.write_daily(folder, MEMBERS)
    return folder


@pytest.mark.parametrize("name", [files.FULL, files.DAILY])
def test_pyx12_accepts_the_file(shelf: Path, name: str) -> None:
    assert run([sys.executable, *PYX12.arguments, shelf / name]).answer == {"accepted": True}


def test_written_in_small_pieces_the_file_is_the_same(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_PIECE", 7)
    files.write_full(tmp_path, MEMBERS)
    assert (tmp_path / files.FULL).read_bytes() == (shelf / files.FULL).read_bytes()


def test_members_differ_in_months_addresses_and_categories(shelf: Path) -> None:
    (chunk,) = read_834(shelf / files.FULL, load_profile("dhcs"))
    months = chunk.coverage.groupby("member_no").size()
    assert set(months) == {1, 2, 3, 4}
    assert set(chunk.coverage["hcp_status"]) > {"01", "59"}
    for column in ("mailing_address_1", "middle_name", "ref_f6", "ref_q4"):
        assert 0 < chunk.members[column].notna().sum() < MEMBERS, column
    assert 0 < chunk.reporting["member_no"].nunique() < MEMBERS


@pytest.mark.parametrize("piece", [1 << 10, plain_split.PIECE])
@pytest.mark.parametrize("name", [files.FULL, files.DAILY])
def test_the_plain_split_reads_what_the_engine_reads(
    shelf: Path, name: str, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_split, "PIECE", piece)
    (ours,) = read_834(shelf / name, load_profile("dhcs"))
    theirs = list(plain_split.read(shelf / name))
    for place, table in enumerate(("members", "coverage", "reporting")):
        read = [pd.DataFrame(getattr(part, table) | part.numbers[place]) for part in theirs]
        expected = getattr(ours, table).drop(columns=["set_control", "email"], errors="ignore")
        found = pd.concat(read)[list(expected.columns)].astype(expected.dtypes)
        pd.testing.assert_frame_equal(found.reset_index(drop=True), expected.reset_index(drop=True))


@pytest.mark.parametrize("stage", [engine.tokens, engine.tables, engine.tables_and_conformance, engine.checked])
def test_every_stage_sees_every_member_and_nothing_wrong(shelf: Path, stage: engine.Stage) -> None:
    assert stage(shelf / files.FULL, 1) == MEMBERS


def test_work_is_shared_only_where_the_engine_can_share_it() -> None:
    def alone(path: Path) -> None: ...
    def shared(path: Path, *, processes: int = 1) -> None: ...

    assert engine.in_processes(alone, 1) == {}
    assert engine.in_processes(shared, 2) == {"processes": 2}
    with pytest.raises(engine.AbsentError, match="alone works in one process"):
        engine.in_processes(alone, 2)


def test_both_nights_load_what_their_file_tells(shelf: Path) -> None:
    told = night.two_nights(shelf / files.FULL)
    assert told["members"] == MEMBERS
    assert told["nights"]["daily"]["members"] == len(engine_members(shelf / files.DAILY))


def engine_members(path: Path) -> pd.DataFrame:
    (chunk,) = read_834(path, load_profile("dhcs"))
    return chunk.members
