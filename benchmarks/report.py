"""The figures as tables in Markdown. Everything here is text made of numbers; nothing is measured or read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.contenders import Contender
from benchmarks.figures import Figures

Measured = Mapping[Contender, Figures]
Nights = Mapping[str, Mapping[str, Any]]
"""As `benchmarks.night` tells: by night, how many `members` its file told of and the `seconds` of each station."""
ABSENT = "absent"

TIMES_NOTE = """\
Whole processes that took turns, start-up included. `best` is the fastest of their runs. Start-up is what a file of one
member takes, and a member what each further one adds. Who is marked `scaled` read a smaller file, and its seconds are
those of all members; memory with a `+` grows with the file. Memory is that of the largest single process.
"""
RATIOS_NOTE = """\
How many times as fast as the two that everybody is compared with: by the best whole process, by what each further
member adds, and by processor time, which a busy machine disturbs least and which two processes do not save.
"""
STAGES_NOTE = """\
Each stage does what it adds to and then its own part. All are whole processes, the best of their runs; what importing
takes is the first line. A member is what the stage's own part costs in processor time.
"""
NIGHTS_NOTE = """\
One warehouse receives the monthly full and then the daily file of about 1 % of its members. Nothing is pulled or
delivered; `publish copy` replaces the readers' copy of the warehouse.
"""


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]], left: int) -> str:
    """Write a table whose first `left` columns are text and the others numbers."""
    rule = ["---"] * left + ["---:"] * (len(header) - left)
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, rule, *rows)) + "\n"


def number(value: float) -> str:
    """Write a number with two or three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(measured: Measured, shown: Sequence[Contender], members: int) -> str:
    """Set programs beside each other: what they make of the file, how long they take and how much memory."""
    header = ["", "makes", "best s", "median s", "slowest s", "processor s", "start-up s", "µs a member", "peak MB"]
    return markdown(header, (_times(measured.get(contender), contender, members) for contender in shown), 2)


def _times(figures: Figures | None, contender: Contender, members: int) -> list[str]:
    if figures is None:
        return [contender.name, contender.makes, ABSENT, *[""] * 6]
    time, scale = figures.time, figures.time.of(members) / figures.time.best
    is_scaled = figures.members < members
    return [
        f"{contender.name} ({figures.members:,} members, scaled)" if is_scaled else contender.name,
        contender.makes,
        *(number(seconds * scale) for seconds in (time.best, figures.median, figures.slowest)),
        number(figures.work.of(members)),
        number(time.start_up),
        number(time.per_member * 1e6),
        number(figures.peak_mb) + (" +" if is_scaled else ""),
    ]


def ratios(
    measured: Measured, shown: Sequence[Contender], references: tuple[Contender, Contender], members: int
) -> str:
    """Write how many times as fast as each reference programs are."""
    header = [""]
    for reference in references:
        header += [f"{reference.name}, whole", "a member", "processor"]
    rows = []
    for contender in shown:
        if figures := measured.get(contender):
            compared = (cell for reference in references for cell in _ratios(measured[reference], figures, members))
            rows.append([contender.name, *compared])
    return markdown(header, rows, 1)


def _ratios(reference: Figures, figures: Figures, members: int) -> list[str]:
    return [
        number(reference.time.of(members) / figures.time.of(members)),
        number(reference.time.per_member / figures.time.per_member) if figures.time.per_member else "",
        number(reference.work.of(members) / figures.work.of(members)),
    ]


def stages(measured: Measured, steps: Iterable[tuple[Contender, Contender | None]]) -> str:
    """Write what each stage costs together with those it needs, and what it adds to the one before it."""
    header = ["", "makes", "adds to", "s", "its own s", "processor s", "its own", "µs a member", "peak MB"]
    return markdown(header, (_stage(measured, contender, before) for contender, before in steps), 3)


def _stage(measured: Measured, contender: Contender, before: Contender | None) -> list[str]:
    figures, base = measured.get(contender), measured.get(before) if before else None
    if figures is None:
        return [contender.name, contender.makes, "", ABSENT, *[""] * 5]
    own = figures.time.best - (base.time.best if base else 0)
    own_work = figures.work.best - (base.work.best if base else 0)
    return [
        contender.name,
        contender.makes,
        before.name if before else "",
        *(number(seconds) for seconds in (figures.time.best, own, figures.work.best, own_work)),
        number(own_work * 1e6 / figures.members),
        number(figures.peak_mb),
    ]


def growth(by_size: Mapping[int, Measured], sizes_mb: Mapping[int, float], shown: Sequence[Contender]) -> str:
    """Write time and memory by the number of members."""
    units = ("s", "processor s", "peak MB")
    header = ["members", "file MB"] + [f"{contender.name}, {unit}" for contender in shown for unit in units]
    rows = []
    for members, measured in sorted(by_size.items()):
        cells = [f"{members:,}", number(sizes_mb[members])]
        for contender in shown:
            found = measured.get(contender)
            cells += map(number, (found.time.best, found.work.best, found.peak_mb)) if found else [ABSENT, "", ""]
        rows.append(cells)
    return markdown(header, rows, 0)


def nights(runs: Sequence[Nights]) -> str:
    """Write what each station of the full file's night and of the daily file's night took at best."""
    full, daily = (_best(runs, night) for night in ("full", "daily"))
    rows = [[station.replace("_", " "), *_night_cells(full[station], daily[station])] for station in full]
    rows.append(["together", *_night_cells(sum(full.values()), sum(daily.values()))])
    header = [f"{night}, {runs[0][night]['members']:,} members: s" for night in ("full", "daily")]
    return markdown(["station", *header, "daily / full"], rows, 1)


def _best(runs: Sequence[Nights], night: str) -> dict[str, float]:
    best: dict[str, float] = {}
    for told in runs:
        for station, took in told[night]["seconds"].items():
            best[station] = min(took, best.get(station, took))
    return best


def _night_cells(full: float, daily: float) -> list[str]:
    return [number(full), number(daily), f"{daily / full:.0%}" if full else ""]
