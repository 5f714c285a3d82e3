"""The command `doctor`: what is wrong first, each with what to do; what is fine in a line a group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Annotated

import typer
from rich.text import Text

from pipelines.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, business_date, out, print_json, talk
from pipelines.config import read_config, read_roster
from pipelines.doctor import Ailment, examine, kinds
from schemas.problems import ExitCode

_STYLES = {"wrong": "bold red", "look": "bold yellow", "fine": "bold green"}
_TITLES = {"wrong": "Wrong", "look": "Worth a look", "fine": "Fine"}
_NAMED = 4
"""Subjects of one finding that are shown by name."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(doctor)


def doctor(
    config: ConfigOption = DEFAULT_CONFIG,
    offline: Annotated[bool, typer.Option("--offline", help="Visit no partner's server.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Show what is fine as well, one by one.")] = False,
    json: JsonOption = False,
) -> None:
    """Find what is wrong before the night does; say how to mend it.

    It looks at keys, servers, folders, disk, rights, clock and store. Partners' servers are really visited, side by
    side; into folders that files are delivered to, a probe is written and removed at once. Ends with 1 when something
    is wrong.
    """
    settings = read_config(config)
    today = business_date(settings, None)
    roster = read_roster(settings.delivery.providers).as_of(today)
    with talk.status("looking at this machine") as status:
        seen: list[str] = []

        def told(name: str) -> None:
            seen.append(name)
            status.update(f"visiting partners' servers: {len(seen)} done, last {name}")

        found = list(examine(settings, roster, today, config_file=config, servers=not offline, told=told))
    if json:
        print_json([vars(ailment) for ailment in found])
    else:
        _show(found, everything=everything, offline=offline)
    if any(ailment.state == "wrong" for ailment in found):
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)


def _show(found: Sequence[Ailment], *, everything: bool, offline: bool) -> None:
    by_state = {state: [each for each in found if each.state == state] for state in _STYLES}
    counts = ", ".join(f"{len(by_state[state])} {_TITLES[state].lower()}" for state in _STYLES)
    not_visited = offline or any(each.name == "run-at-work" for each in found)
    _print(f"{counts}.{' No server was visited.' if not_visited else ''}")
    for state in ("wrong", "look"):
        if by_state[state]:
            out.print(Text(f"\n{_TITLES[state]}", _STYLES[state]))
            for same in folded(by_state[state]):
                _show_one(same, _STYLES[state])
    if by_state["fine"]:
        out.print(Text("\nFine", _STYLES["fine"]))
        for group, members in _grouped(by_state["fine"]):
            _show_fine(group, members, everything=everything)


def folded(found: Iterable[Ailment]) -> Iterator[list[Ailment]]:
    """Put together what says the same of several, in the order of the groups."""
    alike: defaultdict[tuple[str, ...], list[Ailment]] = defaultdict(list)
    for each in found:
        alike[each.name, each.what, each.remedy, each.command].append(each)
    return (same for _, members in _grouped([same[0] for same in alike.values()]) for first in members
            for same in [alike[first.name, first.what, first.remedy, first.command]])  # fmt: skip


def _grouped(found: Sequence[Ailment]) -> list[tuple[str, list[Ailment]]]:
    order = {group: place for place, group in enumerate(dict.fromkeys(kind.group for kind in kinds().values()))}
    ordered = sorted(found, key=lambda each: order.get(each.group, len(order)))
    return [(group, list(members)) for group, members in groupby(ordered, key=lambda each: each.group)]


def _show_one(same: Sequence[Ailment], style: str) -> None:
    first = same[0]
    subjects = list(dict.fromkeys(each.subject for each in same))
    named = ", ".join(subjects[:_NAMED]) + (f" and {len(subjects) - _NAMED} more" if len(subjects) > _NAMED else "")
    out.print()
    _print(f"{first.name}  {named}", 2, style, begins=len(first.name))
    _print(first.what, 4)
    if first.means:
        _print(first.means, 4, "dim")
    if first.remedy:
        _print(f"do  {first.remedy}", 4, "bold", begins=2)
    for line in first.command.splitlines():
        out.print(Text(f"      {line}", "cyan"), soft_wrap=True)  # in one piece, to be copied


def _show_fine(group: str, members: Sequence[Ailment], *, everything: bool) -> None:
    if everything:
        _print(group, 2, "bold")
        for each in members:
            _print(f"{each.subject}: {each.what}", 4)
        return
    line = Text(f"  {group:<10} {len(members):>3}  {', '.join(each.subject for each in members)}")
    line.truncate(out.width, overflow="ellipsis")
    out.print(line, no_wrap=True)


def _print(text: str, indent: int = 0, style: str = "", *, begins: int | None = None) -> None:
    """Print text in lines that fit the width; in a style as far as `begins` characters, or all of it."""
    lines = wrap(text, max(out.width - indent, 20), break_long_words=False, break_on_hyphens=False)
    for number, line in enumerate(lines):
        shown = Text(f"{' ' * indent}{line}")
        if number == 0 or begins is None:
            shown.stylize(style, indent, len(shown) if begins is None else indent + begins)
        out.print(shown, soft_wrap=True)
