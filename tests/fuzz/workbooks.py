"""Workbooks, their XML damaged inside of a sound archive or the archive itself; what the child does is done here.

In the field a process of its own opens a workbook, within limits (`parsers.tabular.workbook_child`). That takes too
long to be done for every input, so its code runs in this process, without the limits, in the place of the other.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from parsers.tabular import workbook, workbook_child
from sample_data.example_files import FOLDER
from schemas.layout import load_layout
from tests.fuzz.lists import canaries, read_or_held
from tests.fuzz.mutate import Mutator
from tests.fuzz.parts import joined
from tests.fuzz.target import Target, silent_about

_ARCHIVE = "archive.xlsx"
_EXAMPLES = ("ASHGROVE_ECM_REFERRALS_20261103.xlsx", "ORCHARD_MIF_20261001.xlsx")


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name.replace("[Content_Types]", "Content_Types"): archive.read(name) for name in archive.namelist()}


_CANARIES = canaries()  # read by a process, as in the field, before anything stands in its place
_SEEDS = [
    *(joined(parts_of(FOLDER / name)) for name in _EXAMPLES),
    joined({_ARCHIVE: (FOLDER / _EXAMPLES[0]).read_bytes()}),
]
_WORDS = (
    b'<c r="A1" t="s"><v>0</v></c>', b'<c r="XFD1048576"><v>1</v></c>', b'<row r="1">', b"</row>", b"<v>-1</v>",
    b"<f>1+1</f>", b'<c t="inlineStr"><is><t>x</t></is></c>', b't="e"', b't="b"', b's="99"', b"1E400", b"nan", b"-1",
    b"45000.5", b"2958466", b"_x000D_", b"<!DOCTYPE x>", b'<!ENTITY a "b">', b"&#0;", b"&a;", b"]]>", b"<rPh>", b"\xff",
    b'state="hidden"', b'date1904="1"', b'count="99999999"', b"<si/>", b"<sheetData/>", b"../../x", b"PK\x05\x06",
)  # fmt: skip


class _InPlace:
    """Stands where the process is: what is said to it and what it answers, line by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._answers = iter(self._lines(0)[:1])
        self.stdin: Any = self
        self.stdout: Any = self

    def write(self, sheet: str) -> None:
        self._answers = iter(self._lines(int(sheet))[1:])

    def readline(self) -> str:
        return next(self._answers, "")

    def _lines(self, sheet: int) -> list[str]:
        said, refusal = io.StringIO(), ""
        with (
            warnings.catch_warnings(action="ignore"),
            patch.object(workbook_child.sys, "stdin", io.StringIO(f"{sheet}\n")),
            patch.object(workbook_child.sys, "stdout", said),
            patch.object(workbook_child, "limit_time", lambda _: None),
            self._path.open("rb") as file,
        ):
            try:
                workbook_child.answer(file)
            except workbook_child.Refused as refused:
                refusal = str(refused)
                workbook_child.say({"refused": refusal})
            except Exception:  # noqa: BLE001, S110 - it would end the process, which is an F01
                pass
        silent_about(_CANARIES, refusal)
        return said.getvalue().splitlines(keepends=True)

    def flush(self) -> None:
        """Nothing is kept back."""

    close = kill = wait = flush


def _start(command: list[str], **_: Any) -> _InPlace:
    return _InPlace(Path(command[-1]))


def _write(parts: Mapping[str, bytes], path: Path) -> None:
    if _ARCHIVE in parts:
        path.write_bytes(parts[_ARCHIVE])
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("Content_Types", "[Content_Types]"), content)


def _check(parts: Mapping[str, bytes], folder: Path) -> None:
    path = folder / "landed"
    _write(parts, path)
    kind = "mif" if any(b"MIF" in content for content in parts.values()) else "mini_mif"
    with patch.object(workbook, "subprocess", SimpleNamespace(Popen=_start, PIPE=None, DEVNULL=None)):
        read_or_held(path, load_layout(kind), "landed", _CANARIES)


WORKBOOKS = Target("workbooks", _check, Mutator(b"<", _WORDS, _SEEDS))
