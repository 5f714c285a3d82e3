"""Where a file is cut: between members, and never so late that memory is not bounded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parsers.x12.cuts import MOST, Cuts
from parsers.x12.profile_files import load_profile
from parsers.x12.reader import read_834
from schemas.problems import FileFault

FILLING = MOST // 900 + 1_000


def longest_cut(path: Path, size: int) -> int:
    with path.open("rb") as stream:
        return max(len(cut.text) for cut in Cuts(stream, size))


def test_a_header_of_any_length_is_read_in_bounded_pieces(
    read: Callable[..., Any], file_of: Callable[[str], Path], two_members: str
) -> None:
    header = f"N1*IN*Sample Plan*FI*{'9' * 880}~"
    content = two_members.replace("N1*IN*", header * 3 * FILLING + "N1*IN*").replace("SE*63", f"SE*{63 + 3 * FILLING}")
    assert read(content).members["cin"].tolist() == ["91234567B", "97654321I"]
    assert longest_cut(file_of(content), 1 << 20) <= 3 * MOST


def test_a_member_lost_in_blanks_is_f01(file_of: Callable[[str], Path], two_members: str) -> None:
    blanks = f"{'':900}~" * 3 * FILLING
    path = file_of(two_members.replace("REF*0F*SUB0001~", f"REF*0F*SUB0001~{blanks}"))
    with pytest.raises(FileFault) as raised:
        list(read_834(path, load_profile("dhcs"), chunk_size=1 << 20))
    assert raised.value.code == "F01"
    assert "a member has more than" in raised.value.what
