"""Cut a file into stretches of whole members, in bounded memory, with the delimiters that each interchange declares.

pyx12's own file reader stops without a word at an empty segment (`~~`) and at a segment over 16 KB, and keeps the
delimiters of the first ISA for the whole file; members would be lost. So the cutting is done here. Nothing is looked at
but what tells where to cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from parsers.x12.clean import MAX_SEGMENT
from parsers.x12.delimiters import BLANK, MAX_ISA, Delimiters, declared
from schemas.findings import file_fault
from schemas.problems import FileFault

MOST = 8_000_000
"""Bytes in which a member must end, blanks between its segments included: twice what one may have without them."""

_BLANK = BLANK.encode()
_BLANKS = re.compile(b"[%b]*" % _BLANK)
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Cut:
    """Consecutive segments of one interchange, which end before an INS, with the IEA or outside of members."""

    text: bytes
    delimiters: Delimiters
    end: int
    """Bytes of the file up to the end of the text"""


class Unreadable(Exception):
    """The file cannot be read on behind the cuts so far. It becomes a `FileFault` when that place is known."""

    def __init__(self, code: str, detail: str, *, anywhere: bool = False) -> None:
        self.code = code
        self.detail = detail
        self.anywhere = anywhere
        super().__init__(detail)

    def fault(self, number: int) -> FileFault:
        """Say so to a person; `number` is how many segments the cuts hold."""
        return file_fault(self.code, self.detail, where="" if self.anywhere else f"segment {number + 1}")


class Cuts:
    """The cuts of a file, in order, of about `size` bytes. Iterating raises `Unreadable` for what is not X12."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size
        self._text = b""
        self._before = 0
        self._at = 0
        self._searched = 0

    def __iter__(self) -> Iterator[Cut]:
        self._fill(len(_BOM))
        if self._text.startswith(_BOM):
            self._at = len(_BOM)
        first = True
        while self._at_interchange(first=first):
            yield from self._interchange(self._read_delimiters())
            first = False
        if first:
            raise Unreadable("F01", "it is empty", anywhere=True)

    def _interchange(self, delimiters: Delimiters) -> Iterator[Cut]:
        """Hand out the cuts of an interchange, up to its IEA segment or, without one, the end of the file."""
        self._searched = self._at
        while True:
            whole = max(self._text.rfind(delimiters.segment.encode(), self._at) + 1, self._at)
            end = self._after_iea(whole, delimiters)
            if end:
                yield self._cut(end, delimiters)
                return
            if len(self._text) - self._at >= self._size:
                last = self._last_member(whole, delimiters)
                if last is not None and last > self._at:
                    yield self._cut(last, delimiters)
                elif len(self._text) - whole > MAX_SEGMENT:
                    yield self._cut(len(self._text), delimiters)  # which ends with a fault
                    return
                elif whole - self._at > MOST:
                    yield self._cut(whole, delimiters)
                    if last is not None:
                        raise Unreadable("F01", f"a member has more than {MOST} characters with what is between")
            if not self._more():
                end = self._after_iea(len(self._text), delimiters) or len(self._text)
                if end > self._at:
                    yield self._cut(end, delimiters)
                return

    def _cut(self, end: int, delimiters: Delimiters) -> Cut:
        text = self._text[self._at : end]
        self._at = end
        return Cut(text, delimiters, self._before + end)

    def _after_iea(self, end: int, delimiters: Delimiters) -> int:
        """Return where the first IEA segment ends among the segments up to `end` that were not searched; 0 for none."""
        if self._text.rfind(b"IEA", self._searched, end) < 0:  # from the end it is searched twice as fast
            self._searched = end
            return 0
        terminator, element = delimiters.segment.encode(), delimiters.element.encode()
        found = self._text.find(b"IEA", self._searched, end)
        while found >= 0:
            if self._begin(found, delimiters) is not None:
                stop = self._text.find(terminator, found, end)
                rest = self._text[found + 3 : stop if stop >= 0 else end]
                if rest.startswith(element) or not rest.strip(_BLANK):
                    return stop + 1 or end
            found = self._text.find(b"IEA", found + 3, end)
        self._searched = end
        return 0

    def _last_member(self, end: int, delimiters: Delimiters) -> int | None:
        """Return where the last INS segment before `end` begins, blanks before it included."""
        mark = b"INS" + delimiters.element.encode()
        found = self._text.rfind(mark, self._at, end)
        while found >= 0:
            begin = self._begin(found, delimiters)
            if begin is not None:
                return begin
            found = self._text.rfind(mark, self._at, found + len(mark) - 1)
        return None

    def _begin(self, position: int, delimiters: Delimiters) -> int | None:
        """Return where a segment with its id at this position begins, blanks included; None when it is not an id."""
        terminator = ord(delimiters.segment)
        while position > self._at and self._text[position - 1] != terminator:
            position -= 1
            if self._text[position] not in _BLANK:
                return None
        return position

    def _at_interchange(self, *, first: bool) -> bool:
        """Skip blanks and tell whether another interchange begins (True) or the file ends (False)."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text):
                break
            if not self._more():
                return False
        self._fill(3)
        if self._text.startswith(b"ISA", self._at):
            return True
        if first:
            raise Unreadable("F01", "it does not begin with an ISA segment")
        raise Unreadable("F04", "there is text after the IEA")

    def _read_delimiters(self) -> Delimiters:
        self._fill(MAX_ISA)
        found = declared(self._text[self._at : self._at + MAX_ISA].decode("latin-1"))
        if found is None:
            raise Unreadable("F01", "its ISA segment is damaged")
        return found

    def _fill(self, count: int) -> None:
        while len(self._text) - self._at < count and self._more():
            pass

    def _more(self) -> bool:
        """Read on, twice as far where a member goes on; forget what was handed out, and tell whether there was more."""
        held = len(self._text) - self._at
        piece = self._stream.read(max(held, self._size))
        self._text = self._text[self._at :] + piece
        self._before += self._at
        self._searched -= self._at
        self._at = 0
        return bool(piece)
