"""Cut a file into stretches of whole segments, in bounded memory, with the delimiters that each interchange declares.

pyx12's own file reader stops without a word at an empty segment (`~~`) and at a segment over 16 KB, and keeps the
delimiters of the first ISA for the whole file; members would be lost. So the cutting is done here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from parsers.x12.clean import MAX_SEGMENT
from parsers.x12.delimiters import BLANK, MAX_ISA, Delimiters, declared
from parsers.x12.tokens import Tokens, tokens
from schemas.findings import file_fault

_BLANK = BLANK.encode()
_BLANKS = re.compile(b"[%b]*" % _BLANK)
_BOM = b"\xef\xbb\xbf"


class Block(NamedTuple):
    """Consecutive segments of one interchange."""

    tokens: Tokens
    cut_in_member: bool
    """Whether the last member may go on in the next block; if not, the block ends before an INS or with the IEA."""


class BlockReader:
    """The segments of a file, in order, in blocks of about `size` bytes, cut before an INS wherever there is one.

    Iterating raises `FileFault` F01 for what is not X12 and F04 for text after the last interchange, when all segments
    before that place have been handed out.

    Attributes
    ----------
    number
        How many segments the blocks so far hold.
    """

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self.number = 0
        self._stream = stream
        self._size = size
        self._text = b""
        self._at = 0
        self._searched = 0

    def __iter__(self) -> Iterator[Block]:
        self._fill(len(_BOM))
        if self._text.startswith(_BOM):
            self._at = len(_BOM)
        while self._at_interchange():
            delimiters = self._read_delimiters()
            for block in self._interchange(delimiters):
                yield block
                if block.tokens.fault is not None:
                    raise block.tokens.fault
        if not self.number:
            raise file_fault("F01", "it is empty")

    def _interchange(self, delimiters: Delimiters) -> Iterator[Block]:
        """Hand out the blocks of an interchange, up to its IEA segment or, without one, the end of the file."""
        self._searched = self._at
        while True:
            whole = max(self._text.rfind(delimiters.segment.encode(), self._at) + 1, self._at)
            end = self._after_iea(whole, delimiters)
            if end:
                yield self._block(end, delimiters)
                return
            if len(self._text) - self._at >= self._size:
                cut = self._last_member(whole, delimiters)
                if cut or whole > self._at:
                    yield self._block(cut or whole, delimiters, cut_in_member=not cut)
                if len(self._text) - whole > MAX_SEGMENT:
                    yield self._block(len(self._text), delimiters)
            if not self._more():
                end = self._after_iea(len(self._text), delimiters) or len(self._text)
                if end > self._at:
                    yield self._block(end, delimiters)
                return

    def _block(self, end: int, delimiters: Delimiters, *, cut_in_member: bool = False) -> Block:
        found = tokens(self._text[self._at : end], delimiters, self.number)
        self._at = end
        self.number += len(found)
        return Block(found, cut_in_member)

    def _after_iea(self, end: int, delimiters: Delimiters) -> int:
        """Return where the first IEA segment ends among the segments up to `end` that were not searched; 0 for none."""
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

    def _last_member(self, end: int, delimiters: Delimiters) -> int:
        """Return where the last INS segment before `end` begins; 0 when there is none but at the very beginning."""
        mark = b"INS" + delimiters.element.encode()
        found = self._text.rfind(mark, self._at, end)
        while found >= 0:
            begin = self._begin(found, delimiters)
            if begin is not None:
                return begin if begin > self._at else 0
            found = self._text.rfind(mark, self._at, found + len(mark) - 1)
        return 0

    def _begin(self, position: int, delimiters: Delimiters) -> int | None:
        """Return where a segment with its id at this position begins, blanks included; None when it is not an id."""
        terminator = ord(delimiters.segment)
        while position > self._at and self._text[position - 1] != terminator:
            position -= 1
            if self._text[position] not in _BLANK:
                return None
        return position

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
        if self._text.startswith(b"ISA", self._at):
            return True
        if self.number:
            raise file_fault("F04", "there is text after the IEA", where=self._next_place())
        raise file_fault("F01", "it does not begin with an ISA segment", where="segment 1")

    def _read_delimiters(self) -> Delimiters:
        self._fill(MAX_ISA)
        found = declared(self._text[self._at : self._at + MAX_ISA].decode("latin-1"))
        if found is None:
            raise file_fault("F01", "its ISA segment is damaged", where=self._next_place())
        return found

    def _fill(self, count: int) -> None:
        while len(self._text) - self._at < count and self._more():
            pass

    def _more(self) -> bool:
        """Read on, forget what was handed out, and tell whether there was more."""
        piece = self._stream.read(self._size)
        self._text = self._text[self._at :] + piece
        self._searched -= self._at
        self._at = 0
        return bool(piece)

    def _next_place(self) -> str:
        return f"segment {self.number + 1}"
