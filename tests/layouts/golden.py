"""A small example of each layout: for files that come, with what it must be read as; for files that go, its very bytes.

What a file that comes is read as is not read from it: it is known, since each value is kept in both of its forms.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from pipelines.delivery.documents import Document
from pipelines.delivery.render import Row, render_manifest, render_table
from schemas.assignment import COLUMN_NAMES, DATE_COLUMNS
from schemas.layout import SHELF, Layout, LayoutColumn, load_layout
from schemas.outbound import REQUIRED, Occasion, load_outbound_layout
from schemas.outbound import SHELF as OUTBOUND

ROOT = Path(__file__).parents[2]
INBOUND_EXAMPLES = "tests/layouts/golden"
OUTBOUND_EXAMPLES = "tests/layouts/golden/outbound"

OCCASION = Occasion("SHP", "1234567893", date(2026, 11, 3), 1, "DELTA")

WRITTEN = {
    "date": ("2026-01-31", "1/31/2026"),
    "cin": ("91234567B", "9123 4567 b"),
    "npi": ("1234567893", "123-456-7893"),
    "yes_no": ("Y", "yes"),
    "gender": ("F", "Female"),
    "phone": ("(559) 555-0123", "1-559-555-0123"),
    "zip": ("93721-0001", "937210001"),
    "county": ("Fresno", "Fresno County"),
    "integer": ("3", "3.0"),
    "email": ("person@example.org", "person@example.org"),
}
"""A value of each type as it is kept, and as a sender may write it."""


SAID = {"incarceration_status": "RELEASED"}
"""Codes that have to fit what the other columns say; of any other column it is the first."""


def golden_files() -> Iterator[tuple[Path, bytes]]:
    """Yield the place and the bytes of every example."""
    for name in SHELF.names():
        layout = load_layout(name)
        sent, kept = _inbound(layout)
        yield ROOT / INBOUND_EXAMPLES / f"{name}.csv", sent
        yield ROOT / INBOUND_EXAMPLES / f"{name}.read.csv", kept
    for name in OUTBOUND.names():
        for called, content in _outbound(name):
            yield ROOT / OUTBOUND_EXAMPLES / name / called, content


def _inbound(layout: Layout) -> tuple[bytes, bytes]:
    """Write two rows as a sender may, under the first heading known of each column, and as they are kept."""
    headings = [column.headings[0] if column.headings else column.name for column in layout.columns]
    first, second = ([_both(column, number) for column in layout.columns] for number in (1, 2))
    sent = [headings, [there for _, there in first], [here for here, _ in second]]
    kept = [list(layout.column_names), *([here for here, _ in row] for row in (first, second))]
    return _text(sent, layout.delimiters[0]), _text(kept, ",")


def _both(column: LayoutColumn, number: int) -> tuple[str, str]:
    if column.type == "code":
        code, words = (
            SAID.get(column.name, column.codes[0]),
            {code: word for word, code in reversed(column.synonyms.items())},
        )
        return code, words.get(code, code.lower())
    value = f"{column.name.replace('_', ' ').capitalize()} {number}"
    return WRITTEN.get(column.type, (value, f" {value} "))


def _text(rows: Sequence[Sequence[str]], delimiter: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def outbound_rows() -> list[Row]:
    """Three rows: a new member of whom everything is known, a change of one of whom little is, and an end."""
    everything = {name: _value(name) for name in COLUMN_NAMES}
    little: Mapping[str, str | None] = dict.fromkeys(COLUMN_NAMES) | {name: _value(name) for name in REQUIRED}
    return [
        everything
        | {"assignment_id": "a1", "cin": "91234567B", "record_action": "ADD", "change_reason": "NEW_REFERRAL"},
        little | {"assignment_id": "a2", "cin": "92345678C", "record_action": "CHANGE", "change_reason": "RELEASED"},
        little | {"assignment_id": "a3", "cin": "93456789D", "record_action": "TERM", "change_reason": "ELIG_LOST"},
    ]


def _value(name: str) -> str:
    if name in DATE_COLUMNS:
        return "1990-01-31" if name == "dob" else "2026-11-05"
    if name.endswith("npi"):
        return OCCASION.npi
    if name.startswith("pof_") or name in ("ji_indicator", "late_add", "homelessness_indicator"):
        return "Y"
    if name.endswith(("phone", "phone_alternate")):
        return "(559) 555-0123"
    hard = {"last_name": 'O\'Sample, "Jr."', "address_1": "12 Main St | Apt 3", "referring_organization": "=Sample"}
    return hard.get(name, name.replace("_", " ").capitalize())


def _outbound(name: str) -> Iterator[tuple[str, bytes]]:
    layout, rows = load_outbound_layout(name), outbound_rows()
    document = Document("table", layout.named(OCCASION), render_table(rows, layout, OCCASION))
    yield document.name, document.content
    if layout.manifest:
        manifest = render_manifest(rows, [document.announced], layout, OCCASION, None)
        yield f"{document.name.rpartition('.')[0]}.manifest.json", manifest
