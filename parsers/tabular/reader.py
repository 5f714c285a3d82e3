"""Reading one tabular file by its layout: bytes in, canonical rows, the sender's own cells and findings out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePath

import pandas as pd

from parsers.tabular import text
from parsers.tabular.canonical import canonical_rows
from parsers.tabular.grid import Head, Row, gather
from parsers.tabular.header import Header, choose_all, is_hinted, looks_like_data, rows_above
from parsers.tabular.kinds import FileKind, kind_of
from parsers.tabular.workbook import open_workbook
from schemas.findings import findings
from schemas.layout import Layout
from schemas.tabular import CONTROL_CHARACTERS, check_table

_EXTENSIONS = {".tsv": "\t", ".tab": "\t", ".psv": "|"}


@dataclass(frozen=True)
class TabularFile:
    """A tabular file as read.

    Attributes
    ----------
    layout
        The layout it was read by.
    headings
        The sender's own, in their order, without the columns that a response appended.
    original
        The sender's cells, unchanged text: columns 0 to k-1 as `headings` (a row with more cells than the header adds
        columns), NA where a row has no such cell; index `row`, 1 to n; in a further sheet it runs on. Blank rows are no
        rows.
    rows
        The layout's columns in canonical form, `str`, NA when blank; same index. All NA in a row that has R15: nobody
        can tell which cell is which.
    lines
        Line of the text file or row of the sheet at which each row begins; same index.
    findings
        What was found in reading (F10, R13, R15, R16, W03, W04, W06, W07); `column` is a column of the layout, or
        `column N` / `sheet N` by position where the layout has no name for it.
    above
        Rows above the header, each as long as it is: titles and the like.
    is_answer
        Whether it came back with the columns that a response appends.
    references
        What stands in the appended column of references; same index as the rows that have one.
    sheet
        Name of the sheet that was read; empty for text files.
    delimiter, encoding
        Of text files; empty for workbooks.
    further
        The further sheet of a workbook, where the layout has one and it was found.
    """

    layout: Layout
    headings: tuple[str, ...]
    original: pd.DataFrame
    rows: pd.DataFrame
    lines: pd.Series[int]
    findings: pd.DataFrame
    above: tuple[tuple[str, ...], ...] = ()
    is_answer: bool = False
    references: pd.Series[str] = field(default_factory=lambda: pd.Series(dtype="str"))
    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""
    further: TabularFile | None = None

    @property
    def sheets(self) -> tuple[TabularFile, ...]:
        """The file as such, and its further sheet if there is one; their rows are numbered through."""
        return (self,) if self.further is None else (self, self.further)

    def examine(self, as_of: date) -> pd.DataFrame:
        """Return all findings on these rows: those of reading, and of the schema where reading made sense of a cell."""
        broken = self.findings.loc[self.findings["code"] == "R15", "row"]
        checked = check_table(self.layout, self.rows[~self.rows.index.isin(broken)], as_of)
        several = self.findings.loc[self.findings["code"] == "R13", ["row", "column"]]
        news = checked.merge(several, how="left", indicator=True).query("_merge == 'left_only'").drop(columns="_merge")
        return _in_order([self.findings, news])


def read_tabular(path: Path, layout: Layout, *, name: str) -> TabularFile:
    """Read the file at `path` by `layout`.

    What it is, its bytes tell: a workbook (.xlsx), or text in UTF-8, UTF-16 or Windows-1252, cut by comma, pipe, tab or
    semicolon. A header is needed, in one row within the first thirty; files without one are held (F03). `name` is the
    sender's name for the file: its extension decides between delimiters that fit equally well.

    Raises
    ------
    FileFault
        F01 (unreadable), F02 (another kind of file) or F03 (no header), whatever the bytes are.
    """
    match kind_of(path):
        case FileKind.EMPTY:
            return _table(layout, Header(0, (), ()), ())
        case FileKind.WORKBOOK:
            return _read_workbook(path, layout)
        case FileKind.TEXT:
            return _read_text(path, layout, _EXTENSIONS.get(PurePath(name).suffix.lower(), ""))


def _read_text(path: Path, layout: Layout, hinted: str) -> TabularFile:
    encoding = text.encoding_of(path)
    delimiters = sorted(layout.delimiters, key=lambda delimiter: delimiter != hinted)
    heads = [text.head(path, encoding, delimiter) for delimiter in delimiters]
    layout, chosen, header = choose_all(heads, layout)[0]
    said = [findings([-1], "", "W06")] if encoding == "cp1252" else []
    rows = text.rows(path, encoding, delimiters[chosen])
    return _table(
        layout, header, rows, exact=True, said=said, above=rows_above(heads[chosen], header, numbered=False),
        delimiter=delimiters[chosen], encoding=encoding,
    )  # fmt: skip


def _read_workbook(path: Path, layout: Layout) -> TabularFile:
    with open_workbook(path) as workbook:
        if not any(head.rows for head in workbook.sheets):
            return _table(layout, Header(0, (), ()), ())
        chosen = choose_all(workbook.sheets, layout)
        said = [
            findings([-1], f"sheet {n + 1}", "W07")
            for n, head in enumerate(workbook.sheets)
            if n not in {place for _, place, _ in chosen} and _is_missed(head, layout, chosen)
        ]
        sheets: list[TabularFile] = []
        for each, place, header in chosen:
            head = workbook.sheets[place]
            table = _table(
                each, header, workbook.rows(place), after=sum(len(sheet.rows) for sheet in sheets),
                said=[] if sheets else said, above=rows_above(head, header, numbered=True), sheet=head.label,
                since_1904=workbook.since_1904,
            )  # fmt: skip
            sheets.append(table)
        return _bound(sheets)


def _is_missed(head: Head, layout: Layout, chosen: Sequence[tuple[Layout, int, Header]]) -> bool:
    """Tell whether a sheet that is not read looks like data, or is by its name one that was not found."""
    missing = [each for each in layout.sheet_layouts if each not in [found for found, _, _ in chosen]]
    by_name = len(head.rows) > 1 and any(is_hinted(head, each) for each in missing)
    return by_name or any(looks_like_data(head, each) for each in layout.sheet_layouts)


def _bound(sheets: Sequence[TabularFile]) -> TabularFile:
    """Bind sheets into one file, which is empty (F10) only where all of them are."""
    if any(len(sheet.rows) for sheet in sheets):
        sheets = [replace(sheet, findings=sheet.findings[sheet.findings["code"] != "F10"]) for sheet in sheets]
    return replace(sheets[0], further=sheets[1]) if len(sheets) > 1 else sheets[0]


def _table(
    layout: Layout,
    header: Header,
    rows: Iterable[Row],
    *,
    exact: bool = False,
    after: int = 0,
    since_1904: bool = False,
    said: Iterable[pd.DataFrame] = (),
    above: tuple[tuple[str, ...], ...] = (),
    sheet: str = "",
    delimiter: str = "",
    encoding: str = "",
) -> TabularFile:
    """Make the table; `exact` for text, where a row with more or fewer cells than the header has shifted ones.

    Its rows are numbered as those that follow on `after`.
    """
    width = len(header.headings)
    below = ((line, cells) for line, cells in rows if line > header.line)
    filled = below if exact else ((line, cells + [""] * (width - len(cells))) for line, cells in below)
    grid = gather(filled, after=after)
    cells = grid.cells.reindex(columns=range(max(width, grid.cells.shape[1]))).astype("str")
    beyond = cells[sorted(header.surplus)].apply(lambda texts: texts.str.strip().fillna("") != "")
    ragged = beyond.any(axis="columns") | (exact & (grid.widths != width))
    canonical, told = canonical_rows(layout, header, cells[~ragged], since_1904=since_1904)
    if since_1904:
        cells = _told_as_dates(layout, header, cells, canonical)
    own = [*_in_use(header, beyond), *range(width, cells.shape[1])]
    found = [
        told,
        findings([-1] if cells.empty else [], "", "F10"),
        findings(cells.index[ragged], "", "R15"),
        *(one for position in own for one in _said_of_position(header, position, cells[position], ragged)),
        *said,
    ]
    return TabularFile(
        layout=layout,
        headings=tuple(header.headings[position] for position in own if position < width),
        original=cells[own].set_axis(range(len(own)), axis="columns"),
        rows=canonical.reindex(cells.index),
        lines=grid.lines,
        findings=_in_order(found),
        above=above,
        is_answer=header.is_answer,
        references=_references(header, cells),
        sheet=sheet,
        delimiter=delimiter,
        encoding=encoding,
    )


def _told_as_dates(layout: Layout, header: Header, cells: pd.DataFrame, canonical: pd.DataFrame) -> pd.DataFrame:
    """Write serial numbers of days since 1904 as the days they mean: anywhere else they would mean others."""
    dates = {column.name for column in layout.columns if column.type == "date"}
    told = cells.copy()
    for position, name in enumerate(header.columns):
        if name in dates:
            is_serial = cells[position].str.fullmatch(r"\d{5}(?:\.\d+)?", na=False)
            told[position] = cells[position].mask(is_serial, canonical[name])
    return told


def _references(header: Header, cells: pd.DataFrame) -> pd.Series[str]:
    if header.references is None:
        return pd.Series(dtype="str")
    texts = cells[header.references].str.strip().fillna("")
    return texts[texts != ""]


def _in_use(header: Header, beyond: pd.DataFrame) -> list[int]:
    """Give the sender's own positions, without those for surplus cells that nothing stands in any more."""
    return [n for n in header.own if n not in header.surplus or beyond[n].any()]


def _said_of_position(
    header: Header, position: int, texts: pd.Series[str], ragged: pd.Series[bool]
) -> Iterator[pd.DataFrame]:
    """Tell of control characters (R16) and of a column that the layout does not know (W03)."""
    heading, column = "", None
    if position < len(header.headings):
        heading, column = header.headings[position].strip(), header.columns[position]
    place = column or f"column {position + 1}"
    dirty = texts.str.contains(CONTROL_CHARACTERS, na=False)
    in_use = heading or (texts.str.strip().fillna("") != "")[~ragged].any()
    if dirty.any():
        yield findings(texts.index[dirty], place, "R16")
    if in_use and not column and position not in header.surplus:
        yield findings([-1], place, "W03")


def _in_order(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    together = pd.concat([findings(), *found]).drop_duplicates()
    return together.sort_values(["row", "column", "code"], ignore_index=True)
