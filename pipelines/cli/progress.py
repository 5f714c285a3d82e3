"""What a person at a terminal sees of work that takes a while; files, pipes and logs see nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipelines.cli.screen import talk


class Advance(Protocol):
    """Told how much of the work is done, and how much there is, in a unit of its own; and what comes now."""

    def __call__(self, done: int, total: int, what: str = "", /) -> None:
        """Take what is told."""


@contextmanager
def shown() -> Iterator[Progress | None]:
    """Show lines of progress on stderr until the block ends, and clear them; where nobody looks there is nothing."""
    if not talk.is_terminal or talk.is_dumb_terminal:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=None), TimeElapsedColumn())
    with Progress(*columns, console=talk, transient=True) as progress:
        yield progress


@contextmanager
def working(what: str) -> Iterator[Advance]:
    """Show that `what` is being done, for how long, and how far it is as soon as that is told."""
    with shown() as progress:
        if progress is None:
            yield lambda _done, _total, _what="": None
            return
        task = progress.add_task(what, total=None)
        yield lambda done, total, now="": progress.update(task, completed=done, total=total, description=now or what)
