"""The separators of an interchange, as its ISA declares them."""

from __future__ import annotations

from dataclasses import dataclass

BLANK = " \t\r\n"
"""What may stand between segments: line breaks and indentation."""

MAX_ISA = 512
"""Bytes in which the whole ISA must stand; 106 is its length when all elements have their width."""


@dataclass(frozen=True)
class Delimiters:
    """The separators an ISA declares."""

    element: str
    component: str
    repetition: str
    segment: str

    @property
    def usual(self) -> bool:
        """Whether no separator can be taken for another one or for a blank within a value."""
        apart = [self.element, self.component, self.segment]
        if self.repetition:
            apart.append(self.repetition)
        values = self.element + self.component + self.repetition
        return len(set(apart)) == len(apart) and len(values) <= 3 and values.isascii() and not set(values) & set(BLANK)

    @property
    def separates_repetitions(self) -> bool:
        """Whether ISA11 holds a separator; older senders write `U` there."""
        return len(self.repetition) == 1 and not self.repetition.isalnum()


def declared(head: str) -> Delimiters | None:
    """Find the delimiters in the first `MAX_ISA` characters of an interchange; None when its ISA is damaged.

    The ISA's elements are counted: their widths are fixed, but not everyone keeps them.
    """
    element = head[3:4]
    elements = head.split(element, 16) if element else []
    if len(elements) == 17 and len(elements[16]) >= 2:
        found = Delimiters(element, elements[16][0], elements[11].strip(BLANK), elements[16][1])
        separators = (found.element, found.component, found.segment)
        if len(set(separators)) == 3 and all(_can_separate(mark) for mark in separators):
            return found
    return None


def _can_separate(mark: str) -> bool:
    return mark.isascii() and not mark.isalnum() and mark not in " \0"
