"""The figures of a simulation as tables in Markdown. Everything here is text made of numbers.

What grows is asked of the nights that are alike: those without a monthly full 834, which has its own line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from typing import Any

from benchmarks.report import markdown, number

Nights = Sequence[Mapping[str, Any]]

_ALIKE = 5
"""Nights at each end that are compared: a week, because every weekday has its full files."""
_A_YEAR = 250
"""Business days."""

STATIONS_NOTE = """\
Processor seconds, with wall seconds in brackets: other work on the machine moves the wall, hardly the processor. The
last column sets the mean of the last week beside that of the first one, which begins with night 2: growth of the
members cared for included.
"""
HOLDS_NOTE = """\
Rows and bytes after the night. A year is 250 nights of what the nights without a full 834 added on average, and 12
times what those with one added beyond that; nothing is said of it where only the first night had one.
"""


def tables(about: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """Write all tables of a simulation."""
    nights: Nights = told["nights"]
    alike = [night for night in nights[1:] if not is_full(night)]
    shown = shown_nights(nights)
    return "\n".join(
        (
            f"# {len(nights)} nights of {told['members']:,} members and {told['providers']:,} providers\n",
            ", ".join(f"{name} {value}" for name, value in about.items()) + "\n",
            "## The whole night\n",
            whole(shown, alike),
            "## By station\n",
            STATIONS_NOTE,
            stations(shown, alike),
            "## What the home holds\n",
            HOLDS_NOTE,
            markdown(["bytes of", *_heads(shown), "a night", "a year"], _sizes(nights, shown), 1),
            markdown(["rows of", *_heads(shown), "a night", "a year"], _rows(nights, shown), 1),
        )
    )


def is_full(night: Mapping[str, Any]) -> bool:
    """Tell whether a night received a monthly full 834."""
    return bool(night["files"]["rows_in"] > 0.5 * night["tables"]["exchange.members"])


def shown_nights(nights: Nights) -> Nights:
    """Pick the first two nights, every tenth, the second one with a full 834, and the last."""
    fulls = [night["night"] for night in nights if is_full(night)]
    step = max(10, len(nights) // 50 * 10)
    wanted = {1, 2, *range(step, len(nights), step), *fulls[1:2], len(nights)}
    return [night for night in nights if night["night"] in wanted]


def whole(shown: Nights, alike: Nights) -> str:
    """Write what whole nights take: the process from its start to its end."""
    rows = [
        [
            f"{night['night']}{' (full 834)' if is_full(night) else ''}", f"{night['files']['rows_in']:,}",
            number(night["cpu_seconds"]), number(night["seconds"]), number(night["peak_mb"]),
        ]
        for night in shown
    ]  # fmt: skip
    first, last = ends(alike)
    if first and last:
        growth = {
            unit: ratio([night[unit] for night in first], [night[unit] for night in last])
            for unit in ("cpu_seconds", "seconds", "peak_mb")
        }
        rows.append([f"nights {span(last)} / {span(first)}", "", *growth.values()])
    return markdown(["night", "rows in", "processor s", "wall s", "peak MB"], rows, 1)


def stations(shown: Nights, alike: Nights) -> str:
    """Write what each station took, and how its first week compares with its last."""
    first, last = ends(alike)
    rows = []
    for place, each in enumerate(shown[0]["stations"]):
        cells = [
            f"{number(one['cpu_seconds'])} ({number(one['seconds'])})"
            for one in (night["stations"][place] for night in shown)
        ]
        took = [[night["stations"][place]["cpu_seconds"] for night in week] for week in (first, last)]
        rows.append([each["station"], *cells, ratio(*took) if first and last else ""])
    return markdown(["station", *_heads(shown), f"{span(last)} / {span(first)}"], rows, 1)


def ends(alike: Nights) -> tuple[Nights, Nights]:
    """Take the first and the last week of nights that are alike; nothing where they would overlap."""
    return (alike[:_ALIKE], alike[-_ALIKE:]) if len(alike) >= 2 * _ALIKE else ([], [])


def span(week: Nights) -> str:
    """Name nights by the first and the last of them."""
    return f"{week[0]['night']} to {week[-1]['night']}" if week else ""


def ratio(before: Sequence[float], after: Sequence[float]) -> str:
    """Set two means beside each other."""
    return f"{fmean(after) / fmean(before):.2f}" if fmean(before) else ""


def _heads(shown: Nights) -> list[str]:
    return [f"night {night['night']}{'*' if is_full(night) else ''}" for night in shown]


def _sizes(nights: Nights, shown: Nights) -> list[list[str]]:
    held = [{**night["bytes"], "used in the store": night["used_bytes"]} for night in nights]
    names = [name for name in sorted(held[-1]) if held[-1][name] >= 1_000_000 or name.endswith(".duckdb")]
    return [_grown(name, [each.get(name, 0) / 1e6 for each in held], nights, shown, " MB") for name in names]


def _rows(nights: Nights, shown: Nights) -> list[list[str]]:
    held = [night["tables"] for night in nights]
    names = sorted(held[-1], key=lambda name: -held[-1][name])[:20]
    return [_grown(name, [each.get(name, 0) for each in held], nights, shown, "") for name in names]


def _grown(name: str, held: Sequence[float], nights: Nights, shown: Nights, unit: str) -> list[str]:
    added = [after - before for before, after in pairwise(held)]
    daily = [by for by, night in zip(added, nights[1:], strict=True) if not is_full(night)]
    monthly = [by for by, night in zip(added, nights[1:], strict=True) if is_full(night)]
    a_night = fmean(daily) if daily else 0.0
    a_year = f"{_A_YEAR * a_night + 12 * (fmean(monthly) - a_night):,.0f}" if monthly else ""
    cells = [f"{held[night['night'] - 1]:,.0f}" for night in shown]
    return [name + unit, *cells, f"{a_night:,.1f}" if unit else f"{a_night:,.0f}", a_year]
