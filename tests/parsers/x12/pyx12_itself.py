"""pyx12's own validation of a whole file as places and codes: what the fast conformance check is compared with.

What comes out are places and codes: pyx12's own messages carry the values they speak of, so that its logger is silenced
and its texts are dropped. The file is only read; pyx12's outputs stay in memory.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

from parsers.x12.delimiters import BLANK
from parsers.x12.guide import segment_ids

NOT_FINISHED = "FILE:NOT_FINISHED"
"""pyx12 raised, could not read the file, or stopped before its end (it does at an empty or a very long segment)."""

REJECTED = "FILE:REJECTED"
"""pyx12 rejects the file without naming a place (it names none for elements of ISA and GS)."""

Located = tuple[int, str, str, str]

logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)  # its loggers below this one inherit the level
_BOM = b"\xef\xbb\xbf"


def pyx12_findings(path: Path) -> pd.DataFrame:
    """Return what pyx12 finds in an 834; an empty table when the file conforms.

    Columns
    -------
    segment_no
        int64, place of the segment in the file, the first ISA being 1; -1 when the finding speaks of the file.
    segment_id
        Id of the segment; empty when it is not one of the guide.
    element
        `02`, or `05-03` for a component; empty when the finding speaks of the segment.
    code
        The level (`ISA`, `GS`, `ST`, `SEG`, `ELE`) and X12's own error code of that level, such as `ELE:7`; or
        `NOT_FINISHED`, `REJECTED`.
    """
    report = io.StringIO()
    sources: list[Any] = []

    def remember(_segment: Any, source: Any, *_: Any) -> None:
        sources[:] = [source]

    with path.open("rb") as stream:
        _skip_to_isa(stream)
        text = io.TextIOWrapper(stream, encoding="latin-1", newline="")
        try:
            accepted = x12n_document(ParamsBase(), text, None, None, fd_json=report, callback=remember)
            stopped = not sources or bool(sources[0].raw.buffer.strip(BLANK)) or bool(text.read(1))
            found = list(_places(json.loads(report.getvalue()))) if report.getvalue() else []
        except Exception:  # noqa: BLE001 - pyx12 raises whatever a damaged file makes it trip over
            accepted, stopped, found = False, True, []
    if stopped:
        found.append((-1, "", "", NOT_FINISHED))
    if not accepted and not found:
        found.append((-1, "", "", REJECTED))
    table = pd.DataFrame(found, columns=["segment_no", "segment_id", "element", "code"])
    return table.astype({"segment_no": "int64", "segment_id": "str", "element": "str", "code": "str"})


def _skip_to_isa(stream: io.BufferedReader) -> None:
    """Pass over a byte-order mark and leading blanks, at which pyx12 gives up."""
    head = stream.peek(len(_BOM))
    rest = head.removeprefix(_BOM).lstrip(BLANK.encode())
    stream.seek(len(head) - len(rest))


def _places(report: dict[str, Any]) -> Iterator[Located]:
    """Reduce pyx12's JSON report to places and codes."""
    for interchange in report["interchanges"]:
        yield from _of("ISA", "ISA", interchange)
        for group in interchange["groups"]:
            yield from _of("GS", "GS", group)
            for transaction in group["transactions"]:
                yield from _of("ST", "ST", transaction)
                for segment in transaction["segments"]:
                    name = segment["seg_id"] if segment["seg_id"] in segment_ids() else ""
                    yield from _of("SEG", name, segment)
                    for element in segment["elements"]:
                        yield from _of("ELE", name, {**element, "cur_line": segment["cur_line"]}, _position(element))


def _of(level: str, name: str, node: dict[str, Any], element: str = "") -> Iterator[Located]:
    for error in node["errors"]:
        yield node["cur_line"], name, element, f"{level}:{error['err_cde']}"


def _position(element: dict[str, Any]) -> str:
    position, component = element["ele_pos"], element["subele_pos"]
    return f"{position:02d}-{component:02d}" if component else f"{position:02d}"
