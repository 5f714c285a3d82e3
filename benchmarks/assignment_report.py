"""A night's assignments as a table, beside other ways to choose for the same members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.report import markdown, number

NOTE = """\
The rule's choice for all members of a night at once (flow), and two others for the same members among the same places:
rounds in which everyone left asks the best-fitting, emptiest provider, and one member after the other. Released are
those left out who are out already. Mismatch and unevenness, the less the better, are sums over those who were placed.
"""


def assignment(told: Mapping[str, Any]) -> str:
    """Write what each way of `benchmarks.assignment` took and came to, and how many times as much as the flow."""
    header = ["places", "", "s", "/ flow", "left out", "released", "mismatch", "/ flow", "unevenness", "/ flow"]
    rows = [[places, name, *cells] for places, scene in told["scenes"].items() for name, cells in _ways(scene["ways"])]
    seconds = " and ".join(f"{number(scene['seconds'])} s" for scene in told["scenes"].values())
    sizes = f"{told['members']:,} members, {told['needing']:,} of them need one of {told['providers']:,} providers"
    return f"{sizes}; the whole station takes {seconds}.\n\n" + markdown(header, rows, 2)


def _ways(ways: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[str, list[str]]]:
    flow = ways["flow"]
    for name, way in ways.items():
        seconds, mismatch, unevenness = (
            [number(way[part]), number(way[part] / flow[part]) if flow[part] else ""]
            for part in ("seconds", "mismatch", "unevenness")
        )
        left_out = [f"{way[part]:,.0f}" for part in ("left_out", "left_out_though_released")]
        yield name, [*seconds, *left_out, *mismatch, *unevenness]
