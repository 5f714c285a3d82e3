"""The page of each layout, made of its file alone: what it says, and where an example lies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from schemas.assignment import COLUMNS, DATE_COLUMNS
from schemas.layout import SHELF, Layout, LayoutColumn, load_layout
from schemas.layout_file import Shelf
from schemas.outbound import SHELF as OUTBOUND
from schemas.outbound import OutboundLayout, load_outbound_layout
from tests.docs.generated import DOCS, table
from tests.layouts.golden import INBOUND_EXAMPLES, OCCASION, OUTBOUND_EXAMPLES

PAGES = DOCS / "layouts"

_SEPARATORS = {",": "comma", "|": "bar", "\t": "tab", ";": "semicolon"}
_LINE_ENDS = {"\r\n": "CRLF", "\n": "LF"}


def pages() -> Iterator[tuple[Path, str]]:
    """Yield the place and the text of every page."""
    for name in SHELF.names():
        yield PAGES / f"{name}.md", _inbound(load_layout(name), purpose(SHELF, name))
    for name in OUTBOUND.names():
        yield PAGES / "outbound" / f"{name}.md", _outbound(name, load_outbound_layout(name), purpose(OUTBOUND, name))


def purpose(shelf: Shelf, name: str) -> str:
    """Return what the first lines of a layout's file say it is for."""
    said = []
    for line in (shelf.folder / f"{name}.toml").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        said.append(line.removeprefix("#").strip())
    return "\n".join(said)


def _inbound(layout: Layout, said: str) -> str:
    apart = ", ".join(_SEPARATORS[each] for each in layout.delimiters)
    sheets = ", ".join(f"`{word}`" for word in layout.sheets)
    lines = [
        f"# Layout `{layout.name}`, version {layout.version}",
        said,
        f"Files of the kind `{layout.kind}`. Text is taken apart by {apart}, the likeliest first. "
        + (f"In a workbook the sheet of these rows is likely to have one of {sheets} in its name." if sheets else ""),
    ]
    if layout.further is not None:
        further = layout.further.name
        lines.append(f"A workbook may have a further sheet, laid out as [`{further}`]({further}.md).")
    example = f"../../{INBOUND_EXAMPLES}/{layout.name}"
    lines += [
        f"[An example]({example}.csv), [what it is read as]({example}.read.csv), [how to read this page](README.md).",
        table(
            ("column", "is", "type", "values", "headings that are known"), map(_inbound_row, layout.columns)
        ).rstrip(),
    ]
    return "\n\n".join(line.rstrip() for line in lines) + "\n"


def _inbound_row(column: LayoutColumn) -> tuple[str, ...]:
    words: dict[str, list[str]] = {code: [] for code in column.codes}
    for word, code in column.synonyms.items():
        words[code].append(word)
    codes = [f"`{code}`" + (f" ({', '.join(known)})" if known else "") for code, known in words.items()]
    several = ["several are kept"] if column.multiple == "keep" else []
    values = "; ".join([*codes, f"at most {column.max_length} characters", *several])
    return f"`{column.name}`", column.required, column.type, _in_a_cell(values), _in_a_cell("; ".join(column.headings))


def _outbound(name: str, layout: OutboundLayout, said: str) -> str:
    told = [
        f"Fields are parted by {_SEPARATORS[layout.delimiter]}, "
        + ("every one quoted" if layout.quoting == "all" else "quoted only where they could not be read otherwise"),
        f"lines end in {_LINE_ENDS[layout.line_end]}",
        f"UTF-8 {'with' if layout.byte_order_mark else 'without'} byte-order mark",
        "headings above the rows" if layout.heading else "no headings",
        "a manifest goes along" if layout.manifest else "no manifest",
    ]
    records = [
        f"{which} record: {' '.join(f'`{each}`' for each in fields)}"
        for which, fields in (("Header", layout.header), ("Trailer", layout.trailer)) if fields
    ]  # fmt: skip
    example = f"../../../{OUTBOUND_EXAMPLES}/{name}/{layout.named(OCCASION)}"
    meanings = {column.name: column.meaning for column in COLUMNS}
    rows = [
        (number, f"`{c.name}`", c.heading, c.date_format if c.name in DATE_COLUMNS else "text", meanings[c.name])
        for number, c in enumerate(layout.columns, start=1)
    ]
    lines = [
        f"# Layout `{name}` of assignment files, version {layout.version}",
        said,
        f"Manifests name it `{layout.name}`. Files are called `{layout.file_name}`: `{layout.named(OCCASION)}`.",
        "; ".join(told) + ".",
        *records,
        f"[An example]({example}), [how to read this page](../README.md).",
        table(("", "column", "heading", "written as", "means"), rows).rstrip(),
    ]
    return "\n\n".join(lines) + "\n"


def _in_a_cell(text: str) -> str:
    return text.replace("|", "\\|")
