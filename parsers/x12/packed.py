"""Take apart what one element packs. Values are worked on once each: most of a column's rows share a few of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from parsers.x12.arrays import Column, compute
from parsers.x12.delimiters import BLANK


def unpack(packed: Column, separator: str, slots: int) -> list[Column]:
    """Return the first `slots` values between separators, without blanks around them; empty ones are missing."""
    encoded = packed.dictionary_encode()
    parts = compute.split_pattern(encoded.dictionary, separator, max_splits=slots)
    side_by_side = compute.utf8_trim(compute.list_slice(parts, 0, slots, return_fixed_size_list=True).flatten(), BLANK)
    side_by_side = compute.if_else(compute.not_equal(side_by_side, ""), side_by_side, None)
    first = compute.multiply(encoded.indices, slots)
    return [side_by_side.take(compute.add(first, slot)) for slot in range(slots)]


def by_value(function: Callable[[Column], Column]) -> Callable[[Column], Column]:
    """Let a function of a column, which takes each row by itself, work on each value once."""

    @wraps(function)
    def once_each(text: Column) -> Column:
        encoded = text.dictionary_encode()
        return function(encoded.dictionary).take(encoded.indices)

    return once_each
