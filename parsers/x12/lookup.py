"""Find numbers among a few hundred known ones, for all segments at once: a hash without collisions, not a search.

A number is multiplied and its highest bits are its slot. A multiplier that gives every known number a slot of its own
is looked for once, so that finding one takes a multiplication and two looks into tables small enough for a cache.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parsers.x12.arrays import Positions, Words

_GOLDEN = 0x9E3779B97F4A7C15
_WORD_BITS = 64
_ROOM = 16
"""Slots for each number; with fewer, most multipliers let some of them collide."""


class Lookup:
    """Tell where numbers stand in a list, counted from 1, and 0 for those that it does not hold.

    The list holds no number twice.
    """

    def __init__(self, known: Words) -> None:
        bits = max(int(len(known) * _ROOM).bit_length(), 1)
        self._shift = np.uint64(_WORD_BITS - bits)
        self._multiplier = np.uint64(_GOLDEN)
        while len(np.unique(self._slots(known))) < len(known):
            self._multiplier = np.uint64((int(self._multiplier) * _GOLDEN + 2) % (1 << _WORD_BITS))
        slots = self._slots(known)
        self._places: NDArray[np.int64] = np.zeros(1 << bits, np.int64)
        self._places[slots] = np.arange(1, len(known) + 1)
        self._numbers = np.zeros(1 << bits, np.uint64)
        self._numbers[slots] = known

    def __call__(self, numbers: Words) -> Positions:
        """Return the place of each number."""
        slots = self._slots(numbers)
        found: Positions = self._places[slots]
        found *= self._numbers[slots] == numbers
        return found

    def _slots(self, numbers: Words) -> Positions:
        slots = numbers * self._multiplier
        slots >>= self._shift
        return slots.view(np.int64)
