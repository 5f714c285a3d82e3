"""Whether all of a list is there: an upload that broke off rests like a whole one, and only its content shows it.

An 834 counts itself, and a workbook opens only where its end is there. A delimited text proves by its last line as much
as it can, and by a trailer where its sender writes one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from parsers.tabular import TabularFile
from pipelines.config import ExchangeConfig
from schemas.findings import file_fault
from schemas.problems import FileFault


def proven_whole(table: TabularFile, path: Path, config: ExchangeConfig, source_name: str) -> TabularFile:
    """Return the table, without its trailer if it has one.

    A list that came back corrected has none: its rows went out without, and a person may have deleted some.

    Raises
    ------
    FileFault
        F04 when the file is cut off: its trailer is missing or counts other rows; or it ends amid a line, and that line
        lacks cells or its sender is known to end every line.
    """
    source = next((each for each in config.sources if each.name == source_name), None)
    if table.sheet or source is None:
        return table
    if source.trailer is not None and not table.is_answer:
        return _without_trailer(table, source.trailer)
    if (
        table.delimiter
        and not _ends_with_a_line(path, table.encoding)
        and ((source.lines_end and not table.is_answer) or _last_is_short(table))
    ):
        raise _cut_off(table, "it ends amid a line")
    return table


def _without_trailer(table: TabularFile, trailer: str) -> TabularFile:
    cells = table.original.iloc[-1].dropna() if len(table.original) else ()
    found = re.fullmatch(trailer, table.delimiter.join(cells).rstrip(table.delimiter))
    if found is None:
        raise _cut_off(table, "it does not end with its trailer")
    rows = len(table.original) - 1
    if "rows" in found.groupdict() and int(found["rows"]) != rows:
        raise _cut_off(table, f"its trailer does not count the {rows} rows above it")
    return replace(
        table,
        original=table.original.iloc[:-1],
        rows=table.rows.iloc[:-1],
        lines=table.lines.iloc[:-1],
        findings=table.findings[table.findings["row"] <= rows],
    )


def _last_is_short(table: TabularFile) -> bool:
    """Tell whether the last row has not the cells it should have."""
    return bool(((table.findings["code"] == "R15") & (table.findings["row"] == len(table.rows))).any())


def _ends_with_a_line(path: Path, encoding: str) -> bool:
    width = 2 if encoding == "utf-16" else 1
    with path.open("rb") as file:
        file.seek(-width, 2)
        return any(byte in b"\r\n" for byte in file.read(width))


def _cut_off(table: TabularFile, detail: str) -> FileFault:
    last = int(table.lines.iloc[-1]) if len(table.lines) else 1
    return file_fault("F04", detail, where=f"line {last}")
