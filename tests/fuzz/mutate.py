"""Damage that gets past the door: whole segments, lines, elements or cells are moved, doubled and exchanged."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.fuzz.parts import joined, split

_FIELD = re.compile(rb'[^*:,|;\t="<>\[\]]+')
_LONGEST = 1 << 16


@dataclass(frozen=True)
class Mutator:
    """Makes an input of a target into another.

    Attributes
    ----------
    grain
        What stands between the pieces of a file: segments, lines or tags.
    words
        What means something to the reader, or often broke one.
    seeds
        Inputs whose pieces are put into others.
    mend
        Makes the file agree with itself again, so that damage reaches what lies behind the first check.
    """

    grain: bytes
    words: Sequence[bytes]
    seeds: Sequence[bytes]
    mend: Callable[[bytes], bytes] = bytes

    def __call__(self, data: bytes, random: Random) -> bytes:
        parts = split(data) or split(random.choice(self.seeds))
        name = random.choice(sorted(parts))
        content = parts[name]
        for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
            content = self._once(content, random)[:_LONGEST]
        parts[name] = self.mend(content) if random.random() < 0.7 else content
        return joined(parts)

    def _once(self, content: bytes, random: Random) -> bytes:
        match random.randrange(8):
            case 0 | 1 | 2:
                return self._pieces_moved(content, random)
            case 3 | 4 | 5:
                return self._field_changed(content, random)
            case 6:
                at, cut = random.randrange(len(content) + 1), random.choice((0, 0, 1, 2, 30, 300))
                return content[:at] + random.choice(self.words) + content[at + cut :]
            case _:
                at = random.randrange(len(content) or 1)
                return (
                    content[:at] + bytes(b ^ 1 << random.randrange(8) for b in content[at : at + 1]) + content[at + 1 :]
                )

    def _pieces_moved(self, content: bytes, random: Random) -> bytes:
        pieces = content.split(self.grain)
        place, other = random.randrange(len(pieces)), random.randrange(len(pieces))
        match random.randrange(4):
            case 0:
                del pieces[place]
            case 1:
                pieces.insert(place, pieces[other])
            case 2:
                pieces[place], pieces[other] = pieces[other], pieces[place]
            case _:
                stranger = random.choice(list(split(random.choice(self.seeds)).values()))
                pieces.insert(place, random.choice(stranger.split(self.grain)))
        return self.grain.join(pieces)

    def _field_changed(self, content: bytes, random: Random) -> bytes:
        fields = list(_FIELD.finditer(content))
        if not fields:
            return content + random.choice(self.words)
        field = random.choice(fields)
        new = random.choice((b"", random.choice(self.words), random.choice(fields)[0], field[0] * 2, field[0][:-1]))
        return content[: field.start()] + new + content[field.end() :]
