"""One cell at a time: from what people and spreadsheets write to the canonical form of a column's type.

A recogniser returns the canonical text, or `None` for what it does not recognise: that stays as it was read, so that
the schema rejects it rather than a guess passing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from schemas.codes import COUNTIES, COUNTY_CODES
from schemas.layout import LayoutColumn, heading_key

Recogniser = Callable[[str], str | None]

_TIME = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?Z?)?"
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}}){_TIME}", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"(?P<m>\d{{1,2}})(?P<s>[-/])(?P<d>\d{{1,2}})(?P=s)(?P<y>\d{{4}}){_TIME}", re.IGNORECASE)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_SERIAL_DAYS = range(10_000, 73_051)  # 1927 to 2099; four digits would also be a year
_FIRST_YEAR = 1850
_DAY_0, _DAY_0_1904 = date(1899, 12, 30), date(1904, 1, 1)

_CIN = re.compile(r"(9\d{7}[A-Z])(?:\d|\d{5})?")
_PHONE = re.compile(
    r"(?:\+?1[\s.-]*)?\(?(\d{3})\)?[\s.-]*(\d{3})[\s.-]*(\d{4})(?:\s*(?:x|ext\.?|extension)\s*(\d{1,6}))?",
    re.IGNORECASE,
)
_ZIP = re.compile(r"(\d{5})(?:[-\s]?(\d{4}))?")
_EMAIL = re.compile(r"[^@\s;,|]+@[^@\s;,|]+\.[^@\s;,|]+")

_YES_NO = dict.fromkeys(("Y", "YES", "1", "TRUE", "T", "X"), "Y") | dict.fromkeys(("N", "NO", "0", "FALSE", "F"), "N")
_GENDER = (
    dict.fromkeys(("M", "MALE", "MAN", "1"), "M")
    | dict.fromkeys(("F", "FEMALE", "WOMAN", "2"), "F")
    | dict.fromkeys(("U", "UNKNOWN", "X", "O", "OTHER", "NONBINARY", "0", "9"), "U")
)
_COUNTY = {heading_key(county): county for county in COUNTIES}


def recogniser(column: LayoutColumn, *, since_1904: bool) -> Recogniser:
    """Give the recogniser of a column; `since_1904` tells from which day the file counts serial dates."""
    if column.type == "date":
        return lambda text: recognise_date(text, since_1904=since_1904)
    if column.type == "code":
        known = {heading_key(word): code for word, code in column.synonyms.items()}
        known |= {heading_key(code): code for code in column.codes}
        return lambda text: known.get(heading_key(text))
    if column.type == "text" and column.multiple == "keep":
        return str
    return _BY_TYPE[column.type]


def recognise_date(text: str, *, since_1904: bool = False) -> str | None:
    """Read a date, year first or month first, or a serial number, and write it YYYY-MM-DD."""
    match = _YEAR_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if match and int(match["y"]) >= _FIRST_YEAR:
        try:
            return date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
        except ValueError:
            return None
    serial = _SERIAL.fullmatch(text)
    if serial and (days := int(serial[1])) in _SERIAL_DAYS:
        return ((_DAY_0_1904 if since_1904 else _DAY_0) + timedelta(days=days)).isoformat()
    return None


def recognise_cin(text: str) -> str | None:
    """Read a CIN of 9 characters, of 10 with its check digit, or in a card number of 14."""
    match = _CIN.fullmatch(re.sub(r"[\s-]", "", text).upper())
    return match[1] if match else None


def recognise_phone(text: str) -> str | None:
    """Read a phone number of ten digits, with or without the country and an extension, and write it (559) 555-0123."""
    match = _PHONE.fullmatch(text)
    if not match:
        return None
    area, exchange, line, extension = match.groups()
    return f"({area}) {exchange}-{line}" + (f" x{extension}" if extension else "")


def recognise_zip(text: str) -> str | None:
    """Read a ZIP code of five or nine digits."""
    match = _ZIP.fullmatch(text)
    return "-".join(part for part in match.groups() if part) if match else None


def recognise_county(text: str) -> str | None:
    """Read a county of California by its name, with or without the word, or by the state's code."""
    name = re.sub(r"(?i)^county of\s+|\s+(?:county|co\.?)$", "", text)
    return _COUNTY.get(heading_key(name)) or (COUNTY_CODES.get(text.zfill(2)) if text.isdecimal() else None)


def _recognise_npi(text: str) -> str | None:
    digits = re.sub(r"[\s-]", "", text)
    return digits if re.fullmatch(r"[0-9]{10}", digits) else None


def _recognise_integer(text: str) -> str | None:
    whole = re.fullmatch(r"(\d{1,9})(?:\.0*)?", text)
    return str(int(whole[1])) if whole else None


def _recognise_one(text: str) -> str | None:
    """Read an identifier, or a text that must be one: whatever has none of the marks that divide a list."""
    return None if re.search(r"[;|\r\n]", text) else text


_BY_TYPE: dict[str, Recogniser] = {
    "text": _recognise_one,
    "identifier": _recognise_one,
    "cin": recognise_cin,
    "npi": _recognise_npi,
    "yes_no": lambda text: _YES_NO.get(text.upper()),
    "gender": lambda text: _GENDER.get(text.upper().replace("-", "")),
    "phone": recognise_phone,
    "zip": recognise_zip,
    "county": recognise_county,
    "integer": _recognise_integer,
    "email": lambda text: text if _EMAIL.fullmatch(text) else None,
}
