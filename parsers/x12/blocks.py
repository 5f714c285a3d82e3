"""The segments of a file, block by block, for those who look at all of them in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from parsers.x12.cuts import Cuts, Unreadable
from parsers.x12.tokens import Tokens, tokens


class Block(NamedTuple):
    """Consecutive segments of one interchange, which end before an INS, with the IEA or outside of members."""

    tokens: Tokens
    end: int
    """Bytes of the file up to the end of the block"""


class BlockReader:
    """The segments of a file, in order, in blocks of about `size` bytes.

    Iterating raises `FileFault` F01 for what is not X12 and F04 for text after the last interchange, when all segments
    before that place have been handed out.

    Attributes
    ----------
    number
        How many segments the blocks so far hold.
    """

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self.number = 0
        self._cuts = Cuts(stream, size)

    def __iter__(self) -> Iterator[Block]:
        try:
            for cut in self._cuts:
                found = tokens(cut.text, cut.delimiters, self.number)
                self.number += len(found)
                yield Block(found, cut.end)
                if found.fault is not None:
                    raise found.fault
        except Unreadable as stop:
            raise stop.fault(self.number) from None
