"""Writers of partner files, and a referral whose every column is filled."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from parsers.tabular import TabularFile, read_tabular
from schemas.layout import Layout, load_layout

Cells = Sequence[Sequence[Any]]

VALID = {
    "text": "Canary", "date": "2026-01-31", "cin": "91234567B", "npi": "1234567893", "yes_no": "Y", "gender": "F",
    "phone": "(559) 555-0123", "zip": "93721", "county": "Fresno", "integer": "3", "identifier": "A-1",
    "email": "canary@example.org",
}  # fmt: skip

REFERRAL_HEADINGS = (
    "Referral ID", "Action", "Referral Date", "Referral Source", "CIN", "Last Name", "First Name", "DOB", "Phone",
    "Justice Involved", "Notes",
)  # fmt: skip
REFERRAL = (
    "R-1", "ADD", "2026-01-31", "JAIL", "91234567B", "Canary", "Yellow", "1990-02-03", "(559) 555-0123", "Y", "none",
)  # fmt: skip


@pytest.fixture
def referrals() -> Layout:
    return load_layout("mini_mif")


@pytest.fixture
def referral() -> Callable[..., list[list[str]]]:
    """Header and one referral per argument, each with the cells named by heading replaced."""

    def make(*changes: dict[str, str]) -> list[list[str]]:
        rows = [dict(zip(REFERRAL_HEADINGS, REFERRAL, strict=True)) | change for change in changes]
        return [list(REFERRAL_HEADINGS), *([row[heading] for heading in REFERRAL_HEADINGS] for row in rows)]

    return make


@pytest.fixture
def full_row() -> Callable[[Layout], dict[str, str]]:
    def make(layout: Layout) -> dict[str, str]:
        return {c.name: c.codes[0] if c.codes else VALID[c.type] for c in layout.columns}

    return make


@pytest.fixture
def write_text(tmp_path: Path) -> Callable[..., Path]:
    """Write cells, or text as it stands, to a landed file."""

    def write(content: Cells | str, *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
        if not isinstance(content, str):
            out = io.StringIO(newline="")
            csv.writer(out, delimiter=delimiter).writerows(content)
            content = out.getvalue()
        path = tmp_path / "landed"
        path.write_bytes(content.encode(encoding))
        return path

    return write


@pytest.fixture
def write_workbook(tmp_path: Path) -> Callable[..., Path]:
    """Write sheets by name to a landed workbook: text as text, other values as what they are."""

    def write(sheets: dict[str, Cells] | Cells, **options: Any) -> Path:
        path = tmp_path / "landed.xlsx"
        workbook = xlsxwriter.Workbook(str(path), options | {"default_date_format": "mm/dd/yyyy"})
        for name, cells in (sheets if isinstance(sheets, dict) else {"Data": sheets}).items():
            sheet = workbook.add_worksheet(name)
            for row, values in enumerate(cells):
                for column, value in enumerate(values):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif value is not None:
                        sheet.write(row, column, value)
        workbook.close()
        return Path(shutil.move(path, tmp_path / "landed"))

    return write


@pytest.fixture
def rewrite() -> Callable[..., Path]:
    """Change one part of a workbook's archive, or add one."""

    def change(path: Path, part: str, edit: Callable[[bytes], bytes]) -> Path:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts[part] = edit(parts.get(part, b""))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return path

    return change


@pytest.fixture
def read(referrals: Layout) -> Callable[[Path], TabularFile]:
    """Read a referral file."""
    return lambda path: read_tabular(path, referrals, name="ILS_CS_MIF_20260131.dat")


@pytest.fixture
def told() -> Callable[[pd.DataFrame], set[tuple[int, str, str]]]:
    """Findings as a set of row, column and code."""
    return lambda found: set(zip(found["row"], found["column"], found["code"], strict=True))
