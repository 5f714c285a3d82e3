"""The tables of `docs/scale.md`, made of what is kept: measured figures, and what the simulation makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from benchmarks.fleet.cost import Rates, miss
from benchmarks.fleet.nights import MeasuredNight, kept_nights, megabytes, seconds
from benchmarks.report import markdown, number

_ROWS, _FILES = 1_000_000, 1_000
"""So many at once are told of, since one alone costs next to nothing."""


def single_nights() -> str:
    """Write what one night took by itself: the first one, and the best of those that brought a day's changes."""
    header = [
        "members",
        "providers",
        "rows in",
        "files sent",
        "processor s",
        "by the fit",
        "wall s",
        "peak MB",
        "home MB",
    ]
    return markdown(header, (_single_night(night) for night in _shown()), 0)


def _shown() -> Iterator[MeasuredNight]:
    for _, (first, *daily) in groupby(kept_nights(), lambda night: (night.begun_with, night.providers)):
        yield first
        yield min(daily, key=lambda night: night.cpu_seconds)


def _single_night(night: MeasuredNight) -> list[str]:
    return [
        f"{night.begun_with:,}",
        str(night.providers),
        f"{night.rows:,}",
        str(night.files),
        number(night.cpu_seconds),
        f"{number(seconds().of(night.task))} ({_off(seconds().of(night.task), night.cpu_seconds)})",
        number(night.seconds),
        f"{night.peak_mb:,.0f}",
        f"{night.home_mb:,.0f}",
    ]


def fitted_costs() -> str:
    """Write what a night costs whatever it does, and what members, rows and files add."""
    header = ["", "a night", "a million members", "a million rows", "a thousand files", "missed by"]
    nights = kept_nights()
    rows = [
        ["processor s", *_rates(seconds()), f"{miss(seconds(), [(n.task, n.cpu_seconds) for n in nights]):.0%}"],
        ["peak MB", *_rates(megabytes()), f"{miss(megabytes(), [(n.task, n.peak_mb) for n in nights]):.0%}"],
    ]
    return markdown(header, rows, 1)


def _rates(rates: Rates) -> Sequence[str]:
    return [number(rates.night), number(rates.member * _ROWS), number(rates.row * _ROWS), number(rates.file * _FILES)]


def _off(told: float, measured: float) -> str:
    return f"{told / measured - 1:+.0%}"
