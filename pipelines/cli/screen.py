"""The two places a command writes to: `out` for results, `talk` for people; text on them is what it is."""

from __future__ import annotations

import os
from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from schemas.visible import visible

UNBOUNDED = 100_000
"""Width of what is no terminal: a line in a file or a pipe stays one line, so that it can be searched."""


class _Screen(Console):
    """A console on which text is what it is: nothing in it is markup, and nothing in it steers the terminal."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is to be shown, each character of it visible."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


talk = _Screen(stderr=True, markup=False, highlight=False)
"""For people: progress, problems, where to look."""

out = _Screen(markup=False, highlight=False)
"""For results."""

for _screen in (talk, out):
    if not _screen.is_terminal and "COLUMNS" not in os.environ:
        _screen.width = UNBOUNDED


def is_bounded(screen: Console) -> bool:
    """Tell whether lines on a screen have to end somewhere."""
    return screen.width < UNBOUNDED


def styled(text: str, style: str, rest: str = "") -> Text:
    """Return a line that begins with `text` in a style."""
    return Text.assemble((text, style), rest)
