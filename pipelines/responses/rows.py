"""A sender's own rows, in its headings and order, with what was found about each in columns behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from parsers.tabular import TabularFile, read_tabular
from pipelines.config import ExchangeConfig
from pipelines.load.complete import proven_whole
from pipelines.responses.found import Told
from schemas.findings import file_fault
from schemas.layout import REFERENCE_COLUMN, RESPONSE_COLUMNS, SURPLUS_COLUMN, load_layout
from schemas.references import reference_of

_APPENDED = (*RESPONSE_COLUMNS, REFERENCE_COLUMN)
_NOTHING = ("",) * len(_APPENDED)


def read_again(config: ExchangeConfig, file: Any) -> TabularFile:
    """Read a landed list anew; `file` has the columns of `ledger.files`.

    Raises
    ------
    FileFault
        When it cannot be read, is cut off, or its bytes are gone.
    """
    landed = config.home / "landing" / file.sha256[:2] / file.sha256
    if not landed.is_file():
        raise file_fault("F01", "its bytes are gone from the landing folder")
    return proven_whole(read_tabular(landed, load_layout(file.layout), name=file.name), landed, config, file.source)


def answered_rows(
    table: TabularFile, told: Mapping[int, Told], file_id: str, *, only_those: bool = False
) -> Iterator[list[str]]:
    """Yield what stood above the header, the headings, and each row; with `only_those` no row without a finding.

    A row with a finding ends with its reference, by which a correction is linked to it.

    Cells are as the sender wrote them. Those that stood beyond the header of a text file get a heading that says so:
    `read_tabular` refuses such a row until they are empty.
    """
    yield from map(list, table.above)
    beyond = table.original.shape[1] - len(table.headings)
    yield [*table.headings, *[SURPLUS_COLUMN if table.delimiter else ""] * beyond, *_APPENDED]
    cells = table.original.fillna("").to_numpy().tolist()
    for row, own in zip(table.original.index, cells, strict=True):
        if row in told:
            yield [*own, *told[row].cells(), reference_of(file_id, row)]
        elif not only_those:
            yield [*own, *_NOTHING]
