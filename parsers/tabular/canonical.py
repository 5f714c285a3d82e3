"""From cells as read to the canonical rows of a layout, with what had to be said about cells on the way.

Every distinct text of a column is looked at once (`cells` knows how); the result is spread over the rows.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from parsers.tabular.cells import Recogniser, recogniser
from parsers.tabular.header import Header
from schemas.findings import findings
from schemas.formulas import as_meant
from schemas.layout import Layout, LayoutColumn

_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")
_NO_VALUE = {"N/A", "NA", "NULL", "NONE", "-", "--"}
"""Said instead of a blank, in columns that cannot hold such a word. People are called Null and None: never in texts. A
code list may have a NONE of its own."""

_SEPARATORS = (
    re.compile(r"\s*[;|,\r\n]+\s*|\s+(?:and|or|&|/)\s+", re.IGNORECASE),
    re.compile(r"\s*/\s*"),  # on its own, for dates are full of it
)

_IDENTIFIERS = {"cin", "npi", "identifier", "phone", "zip"}
_FLOAT = re.compile(r"(\d+)\.0+")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+(\d{1,2})", re.IGNORECASE)
_ROUNDED = re.compile(r"\d{15}0+")
"""Spreadsheets keep fifteen digits of a number."""
_SHORT_ZIP = re.compile(r"(\d{4})(?:-?(\d{4}))?")


def canonical_rows(
    layout: Layout, header: Header, cells: pd.DataFrame, *, since_1904: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the layout's columns in canonical form (`str`, NA when blank, index of `cells`) and findings R13 and W04.

    `cells` has the header's positions as columns. Several headings that stand for one column fill each other's blanks;
    R13 where they contradict each other.
    """
    blank = pd.Series(pd.NA, index=cells.index, dtype="str")
    rows: dict[str, pd.Series[str]] = {}
    found = []
    for column in layout.columns:
        read = recogniser(column, since_1904=since_1904)
        for position in (n for n, name in enumerate(header.columns) if name == column.name):
            values, told = _convert(cells[position], column, read)
            found += told
            if column.name in rows:
                earlier = rows[column.name]
                clash = values.notna() & earlier.notna() & (values != earlier)
                found.append(findings(cells.index[clash], column.name, "R13"))
                values = earlier.fillna(values)
            rows[column.name] = values
        rows.setdefault(column.name, blank)
    return pd.DataFrame(rows, index=cells.index), pd.concat([findings(), *found])


def _convert(
    texts: pd.Series[str], column: LayoutColumn, read: Recogniser
) -> tuple[pd.Series[str], list[pd.DataFrame]]:
    places, distinct = pd.factorize(texts)
    outcomes = [convert(text, column, read) for text in distinct]
    # One more at the end, where `factorize` points for a missing cell.
    values = pd.array([*(value for value, _ in outcomes), None], dtype="str").take(places)
    by_code = {code: [n for n, outcome in enumerate(outcomes) if outcome[1] == code] for code in ("R13", "W04")}
    told = [
        findings(texts.index[np.isin(places, blamed)], column.name, code) for code, blamed in by_code.items() if blamed
    ]
    return pd.Series(values, index=texts.index), told


def convert(text: str, column: LayoutColumn, read: Recogniser) -> tuple[str | None, str]:
    """Bring one cell into canonical form: the value, `None` when blank, and the code of what is to be said about it."""
    text = as_meant(as_meant(text).strip()).strip()  # the mark may stand before blanks or behind them
    if _ERROR.fullmatch(text):
        return None, "W04"
    if not text or (column.type != "text" and text.upper() in _NO_VALUE.difference(column.codes)):
        return None, ""
    mended, code = mend(text, column.type)
    if mended is None or (value := read(mended)) is not None:
        return (None if mended is None else value), code
    for separator in _SEPARATORS:
        parts = [part for part in separator.split(text) if part]
        known = [read(part) for part in parts]
        if sum(part is not None for part in known) > 1:
            if column.multiple == "refuse":
                return text, "R13"
            return "; ".join(value or part for value, part in zip(known, parts, strict=True)), code
    return mended, code


def mend(text: str, kind: str) -> tuple[str | None, str]:
    """Undo what a spreadsheet did to an identifier of type `kind` where nothing was lost; W04 when it did something.

    An identifier of the sender's that lost digits is none any more (`None`): people whose numbers were rounded to the
    same one must not become one person. Other types stay as they are for the schema to reject.
    """
    if kind not in _IDENTIFIERS:
        return text, ""
    if power := _SCIENTIFIC.fullmatch(text):
        digits, exponent = power[1] + (power[2] or ""), int(power[3])
        if len(digits) > exponent and not digits[exponent + 1 :].strip("0"):
            return digits[: exponent + 1], "W04"
        return (None if kind == "identifier" else text), "W04"
    whole = _FLOAT.fullmatch(text)
    mended = whole[1] if whole else text
    if kind == "zip" and (short := _SHORT_ZIP.fullmatch(mended)):
        mended = "0" + "-".join(part for part in short.groups() if part)
    rounded = kind == "identifier" and _ROUNDED.fullmatch(mended)
    return mended, "W04" if mended != text or rounded else ""
