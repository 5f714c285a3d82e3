"""Cut an X12 file into segments, in bounded memory, with the delimiters that each interchange declares.

pyx12's own file reader stops without a word at an empty segment (`~~`) and at a segment over 16 KB, and keeps the
delimiters of the first ISA for the whole file; members would be lost. So the cutting is done here. Bytes are carried as
Latin-1, one character a byte; `elements` turns what is not ASCII into text, value by value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from schemas.findings import file_fault

BLANK = " \t\r\n"
"""What may stand between segments: line breaks and indentation."""

MAX_SEGMENT = 1_000_000
"""Characters. No legal segment comes near; what is longer is a file whose delimiters are not what its ISA says."""

_BLOCK = 1 << 18
_MAX_ISA = 512
_BLANKS = re.compile(f"[{BLANK}]*")
_BOM = b"\xef\xbb\xbf".decode("latin-1")


@dataclass(frozen=True)
class Delimiters:
    """The separators an ISA declares."""

    element: str
    component: str
    repetition: str
    segment: str


class SegmentReader:
    """The segments of a file, in order, without terminators and without blanks around them; empty ones are skipped.

    Iterating raises `FileFault` F01 for what is not X12 and F04 for text after the last interchange.

    Attributes
    ----------
    delimiters
        Those of the interchange that the last segment belongs to.
    number
        The last segment's place in the file, the first ISA being 1.
    """

    delimiters: Delimiters

    def __init__(self, stream: BinaryIO) -> None:
        self.number = 0
        self._stream = stream
        self._text = ""
        self._at = 0

    def __iter__(self) -> Iterator[str]:
        self._fill(len(_BOM))
        if self._text.startswith(_BOM):
            self._at = len(_BOM)
        while self._at_interchange():
            self.delimiters = self._read_delimiters()
            yield from self._interchange()
        if not self.number:
            raise file_fault("F01", "it is empty")

    def _interchange(self) -> Iterator[str]:
        terminator = self.delimiters.segment
        last = ("IEA", f"IEA{self.delimiters.element}")
        text, at = self._text, self._at
        while True:
            end = text.find(terminator, at)
            if end < 0:
                self._at = at
                end = self._read_until(terminator)
                text, at = self._text, self._at
            segment = text[at:end].strip(BLANK)
            at = end + 1
            if segment:
                self.number += 1
                if segment.startswith("IEA") and (segment == last[0] or segment.startswith(last[1])):
                    self._at = min(at, len(text))
                    yield segment
                    return
                yield segment
            if end == len(text):
                self._at = end
                return

    def _read_until(self, terminator: str) -> int:
        """Read on to the next terminator and return its position; without one, the position of the file's end."""
        end = -1
        while end < 0:
            if len(self._text) - self._at > MAX_SEGMENT:
                break
            if not self._more():
                return len(self._text)
            end = self._text.find(terminator, self._at)
        if end < 0 or end - self._at > MAX_SEGMENT:
            raise file_fault("F01", f"a segment is longer than {MAX_SEGMENT} characters", where=self._next_place())
        return end

    def _at_interchange(self) -> bool:
        """Skip blanks and tell whether another interchange begins (True) or the file ends (False)."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text):
                break
            if not self._more():
                return False
        self._fill(3)
        if self._text.startswith("ISA", self._at):
            return True
        if self.number:
            raise file_fault("F04", "there is text after the IEA", where=self._next_place())
        raise file_fault("F01", "it does not begin with an ISA segment", where="segment 1")

    def _read_delimiters(self) -> Delimiters:
        """Find the delimiters by counting the ISA's elements: their widths are fixed, but not everyone keeps them."""
        self._fill(_MAX_ISA)
        head = self._text[self._at : self._at + _MAX_ISA]
        element = head[3:4]
        elements = head.split(element, 16) if element else []
        if len(elements) == 17 and len(elements[16]) >= 2:
            found = Delimiters(element, elements[16][0], elements[11].strip(BLANK), elements[16][1])
            separators = (found.element, found.component, found.segment)
            if len(set(separators)) == 3 and all(_can_separate(mark) for mark in separators):
                return found
        raise file_fault("F01", "its ISA segment is damaged", where=self._next_place())

    def _fill(self, characters: int) -> None:
        while len(self._text) - self._at < characters and self._more():
            pass

    def _more(self) -> bool:
        block = self._stream.read(_BLOCK)
        if b"\0" in block:
            raise file_fault("F01", "it holds NUL bytes", where=self._next_place())
        self._text = self._text[self._at :] + block.decode("latin-1")
        self._at = 0
        return bool(block)

    def _next_place(self) -> str:
        return f"segment {self.number + 1}"


def _can_separate(mark: str) -> bool:
    return mark.isascii() and not mark.isalnum() and mark != " "


def elements(segment: str, separator: str) -> list[str]:
    """Split a segment into its id and elements, as text."""
    parts = segment.split(separator)
    return parts if segment.isascii() else [as_text(part) for part in parts]


def as_text(value: str) -> str:
    """Read bytes carried as Latin-1: as UTF-8 if they are that, else as Windows-1252, else as they are."""
    if value.isascii():
        return value
    raw = value.encode("latin-1")
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value


def is_utf8(value: str) -> bool:
    """Tell whether bytes carried as Latin-1 are UTF-8."""
    try:
        value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
