"""What moved how fast, as a table."""

from __future__ import annotations

from statistics import median

from benchmarks.report import markdown, number
from benchmarks.transfer.contenders import CONTENDERS, REFERENCES
from benchmarks.transfer.measure import Told

NOTE = """\
All on one OpenSSH server on this machine, over lines that delay every byte; files are in memory, so that no disk is
measured. Programs take turns; a ratio is that of two turns of one round, and of all rounds the median. Connecting is
counted, a program's start too, but for the imports of those in Python. Who takes small files one by one is given a few
over a long line.
"""


def transfer(told: Told) -> str:
    """Write for every scene and round trip what each contender moved in a second, and how many times the references."""
    carried = ", ".join(
        f"{rate / 1e6:,.0f} MB/s over {round_trip * 1000:.0f} ms" for round_trip, rate in told.ceilings.items()
    )
    parts = [f"The lines by themselves carry {carried}.\n" if carried else "", *(f"{one}\n" for one in told.absent)]
    does = [[one.name, one.does] for one in CONTENDERS if any(name == one.name for _, _, name in told.rates)]
    parts.append(markdown(["", "does besides"], does, 2))
    for scene, unit in told.units.items():
        parts += [f"### {scene[0].upper()}{scene[1:]}\n", _scene(told, scene, unit)]
    return "\n".join(part for part in parts if part)


def _scene(told: Told, scene: str, unit: str) -> str:
    header = ["round trip", "", f"best {unit}/s", f"median {unit}/s", *(f"/ {one.name}" for one in REFERENCES)]
    rows = [
        [f"{round_trip * 1000:.0f} ms", name, number(max(rates)), number(median(rates)), *_ratios(told, place)]
        for place, rates in sorted(told.rates.items(), key=lambda item: (item[0][1], _rank(item[0][2])))
        for of, round_trip, name in (place,)
        if of == scene
    ]
    return markdown(header, rows, 2)


def _ratios(told: Told, place: tuple[str, float, str]) -> list[str]:
    scene, round_trip, _ = place
    cells = []
    for reference in REFERENCES:
        others = told.rates.get((scene, round_trip, reference.name))
        pairs = zip(told.rates[place], others, strict=True) if others else None
        cells.append(number(median(mine / theirs for mine, theirs in pairs)) if pairs else "absent")
    return cells


def _rank(name: str) -> int:
    return [one.name for one in CONTENDERS].index(name)
